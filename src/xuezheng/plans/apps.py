"""The plans, as a Django app."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """The Django app of the half-year plans."""

    name = "xuezheng.plans"
    verbose_name = "计划"
