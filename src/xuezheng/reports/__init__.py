"""Reports: prose whose every number is a figure, composed to Word in the layout of official documents."""

from xuezheng.reports.compose import Report, compose
from xuezheng.reports.model import Mark
from xuezheng.reports.template import ReportTemplateError

__all__ = ["Mark", "Report", "ReportTemplateError", "compose"]
