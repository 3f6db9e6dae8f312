"""Audits any report, ours or not: finds the numbers in Chinese official prose and tables, and checks their arithmetic."""

from xuezheng.reports.audit.checks import audit
from xuezheng.reports.audit.reading import Source, read
from xuezheng.reports.audit.slips import Slip

__all__ = ["Slip", "Source", "audit", "read"]
