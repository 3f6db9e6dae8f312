"""Policy, as a Django app."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """The packs that the bureau has taken, and its own versions."""

    name = "xuezheng.policy"
    verbose_name = "政策标准"
