"""The registers, as a Django app."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The registers: the only place that is written."""

    name = "xuezheng.records"
    verbose_name = "台账"
