"""The reconciliation of outside lists, as a Django app."""

from django.apps import AppConfig


class LinkageConfig(AppConfig):
    """The Django app of the reconciliation of outside lists."""

    name = "xuezheng.linkage"
    verbose_name = "名单比对"
