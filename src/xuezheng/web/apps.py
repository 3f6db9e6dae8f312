"""The pages, as a Django app."""

import importlib

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages; of their own they keep how people like to see lists."""

    name = "xuezheng.web"
    verbose_name = "网页"

    def ready(self) -> None:
        """Hear who logs in."""
        importlib.import_module("xuezheng.web.login.sessions")
