"""The reconciliation of lists, as a Django app."""

from django.apps import AppConfig


class LinkageConfig(AppConfig):
    """Outside lists and the people that they mean."""

    name = "xuezheng.linkage"
    verbose_name = "名单比对"
