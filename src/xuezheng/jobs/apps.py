"""The background jobs, as a Django app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Work that a worker process does."""

    name = "xuezheng.jobs"
    verbose_name = "后台任务"
