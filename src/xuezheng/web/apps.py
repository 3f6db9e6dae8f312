"""The pages, as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages; of their own they keep how people like to see lists."""

    name = "xuezheng.web"
    verbose_name = "网页"
