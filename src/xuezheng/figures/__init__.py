"""Figures (指标): numbers declared once, as a selection of rows and a calculation.

A page, a chart, a report and the list of the rows behind a value all read the same declaration. The values
are computed from a snapshot, a frozen copy of the registers.
"""

from xuezheng.figures.answers import Absence, Answer, Citation, Dimension, Rows
from xuezheng.figures.assessment import (
    Assessment,
    Conclusion,
    NotAssessed,
    Requirement,
    RequirementCount,
    Status,
    conclude,
)
from xuezheng.figures.coverage import Coverage, coverage
from xuezheng.figures.figure import Figure
from xuezheng.figures.measures import weighted_cv
from xuezheng.figures.population import Population
from xuezheng.figures.ratio import AnyFigure, Ratio, is_reported
from xuezheng.figures.slices import FigureError, check_dimensions, parse_slice, read_slice
from xuezheng.figures.spans import NOW, SCHOOL_YEAR, TERM, YEAR, flow, stock, year_so_far

__all__ = [
    "NOW",
    "SCHOOL_YEAR",
    "TERM",
    "YEAR",
    "Absence",
    "Answer",
    "AnyFigure",
    "Assessment",
    "Citation",
    "Conclusion",
    "Coverage",
    "Dimension",
    "Figure",
    "FigureError",
    "NotAssessed",
    "Population",
    "Ratio",
    "Requirement",
    "RequirementCount",
    "Rows",
    "Status",
    "check_dimensions",
    "conclude",
    "coverage",
    "flow",
    "is_reported",
    "parse_slice",
    "read_slice",
    "stock",
    "weighted_cv",
    "year_so_far",
]
