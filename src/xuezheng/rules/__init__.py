"""Columns that are worked out from records and policy when a snapshot is frozen."""

from xuezheng.rules.columns import RuleColumn, Ruling, column
from xuezheng.rules.deadlines import happened, timeliness, timeliness_names

__all__ = ["RuleColumn", "Ruling", "column", "happened", "timeliness", "timeliness_names"]
