"""The pages, as a Django app."""

import importlib

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages; they keep nothing of their own."""

    name = "xuezheng.web"
    verbose_name = "网页"

    def ready(self) -> None:
        """Hear who logs in."""
        importlib.import_module("xuezheng.web.sessions")
