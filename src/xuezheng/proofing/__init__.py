"""Audits any report, ours or not: finds the numbers in Chinese official prose and tables, and checks their arithmetic."""

from xuezheng.proofing.checks import audit
from xuezheng.proofing.coverage import Audit, Status
from xuezheng.proofing.discrepancies import Discrepancy
from xuezheng.proofing.reading import Source, read

__all__ = ["Audit", "Discrepancy", "Source", "Status", "audit", "read"]
