"""The background jobs, as a Django app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The Django app of the background jobs."""

    name = "xuezheng.jobs"
    verbose_name = "后台任务"
