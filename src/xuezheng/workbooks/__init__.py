"""Workbooks: templates of sheets, reading what was filled in, writing what is recorded. Writes no record."""

from xuezheng.workbooks.problems import Problem, WorkbookRefused
from xuezheng.workbooks.sheet import Column, Sheet
from xuezheng.workbooks.template import write_workbook

__all__ = ["Column", "Problem", "Sheet", "WorkbookRefused", "write_workbook"]
