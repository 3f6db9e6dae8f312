"""The Django app of the pages."""

import importlib

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The app configuration of the pages; its models store how users arrange lists and pin figures."""

    name = "xuezheng.web"
    verbose_name = "网页"

    def ready(self) -> None:
        """Connect the handlers of login signals."""
        importlib.import_module("xuezheng.web.login.sessions")
