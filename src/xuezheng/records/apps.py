"""The registers, as a Django app."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The Django app of the registers."""

    name = "xuezheng.records"
    verbose_name = "台账"
