"""The report templates of the bureau, as a Django app."""

from django.apps import AppConfig


class ReportTemplatesConfig(AppConfig):
    """The app of the bureau's report templates and their versions."""

    name = "xuezheng.reports.templates"
    label = "report_templates"
    verbose_name = "报告模板"
