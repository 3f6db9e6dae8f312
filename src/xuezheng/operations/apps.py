"""The operations, as a Django app."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """The Django app of the operations, with the model of the installation."""

    name = "xuezheng.operations"
    verbose_name = "运行维护"
