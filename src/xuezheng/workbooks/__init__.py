"""Workbooks: writes templates and records as Excel files, and reads filled-in workbooks.

A template (:class:`Sheet`) is an Excel sheet that people fill in for one register. This package writes
nothing to the registers; imports do (:mod:`xuezheng.intake`).
"""

from xuezheng.workbooks.expectations import Peers, Steady
from xuezheng.workbooks.problems import Problem, WorkbookRefused
from xuezheng.workbooks.sheet import Column, Sheet
from xuezheng.workbooks.template import write_workbook

__all__ = ["Column", "Peers", "Problem", "Sheet", "Steady", "WorkbookRefused", "write_workbook"]
