"""The plans, as a Django app."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """The plans of the half-years."""

    name = "xuezheng.plans"
    verbose_name = "计划"
