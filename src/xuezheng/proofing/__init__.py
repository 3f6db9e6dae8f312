"""Auditing the arithmetic of any report: finding the numbers in Chinese official prose and tables, and checking them.

The report need not have been made by this program.
"""

from xuezheng.proofing.checks import audit
from xuezheng.proofing.coverage import Audit, Status
from xuezheng.proofing.discrepancies import Discrepancy
from xuezheng.proofing.reading import Source, read

__all__ = ["Audit", "Discrepancy", "Source", "Status", "audit", "read"]
