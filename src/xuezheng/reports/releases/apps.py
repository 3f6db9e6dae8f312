"""The releases, as a Django app."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """The app of releases: versions, reviews and issue of reports."""

    name = "xuezheng.reports.releases"
    verbose_name = "报告签发"
