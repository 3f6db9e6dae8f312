"""The pages, as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages; they keep nothing of their own."""

    name = "xuezheng.web"
    verbose_name = "网页"
