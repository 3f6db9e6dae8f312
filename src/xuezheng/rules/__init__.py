"""Dated, cited policy and the columns that are worked out from it when a snapshot is frozen."""

from xuezheng.rules.columns import RuleColumn, Ruling, column
from xuezheng.rules.deadlines import happened, timeliness, timeliness_names
from xuezheng.rules.policy import Policy, PolicyEntry, PolicyFault

__all__ = [
    "Policy",
    "PolicyEntry",
    "PolicyFault",
    "RuleColumn",
    "Ruling",
    "column",
    "happened",
    "timeliness",
    "timeliness_names",
]
