"""Rule columns: columns computed from records and policy when a snapshot is frozen."""

from xuezheng.rules.columns import LinkedColumn, RuleColumn, Ruling, column
from xuezheng.rules.deadlines import happened, timeliness, timeliness_names
from xuezheng.rules.expressions import full_years, locality

__all__ = [
    "LinkedColumn",
    "RuleColumn",
    "Ruling",
    "column",
    "full_years",
    "happened",
    "locality",
    "timeliness",
    "timeliness_names",
]
