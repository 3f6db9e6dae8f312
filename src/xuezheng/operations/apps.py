"""The operations, as a Django app."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """What an installation knows of itself."""

    name = "xuezheng.operations"
    verbose_name = "运行维护"
