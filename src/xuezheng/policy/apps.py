"""Policy, as a Django app."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """The Django app of the adopted policy packs and the bureau's own versions."""

    name = "xuezheng.policy"
    verbose_name = "政策标准"
