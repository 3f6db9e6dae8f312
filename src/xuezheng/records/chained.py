"""The rows of this package that the chain (校验链) protects: access log, account changes, switches, explanations.

The chain records a digest of each, so that a later change or removal is noticed; see
:mod:`xuezheng.records.models.chain`.
"""

from __future__ import annotations

from collections.abc import Collection

from xuezheng.records.models import AccountChange, Look, Seen, Switch, TableExplanation
from xuezheng.records.models.chain import ChainedRows, Row, rows_by_key

_LINES = rows_by_key(
    Look._default_manager.all(), "at", "by_id", "kind", "what", "purpose", "people", "machine"
)


def _lines_with_persons(keys: Collection[int]) -> dict[int, Row]:
    persons: dict[int, list[int]] = {}
    for line, person in Seen.objects.filter(look__in=keys).order_by("person").values_list("look", "person"):
        persons.setdefault(line, []).append(person)
    return {key: [*row, persons.get(key, [])] for key, row in _LINES(keys).items()}


access_log = ChainedRows("access", "查阅记录", lambda: Look.objects.order_by("pk"), _lines_with_persons)
account_changes = ChainedRows(
    "account_change",
    "账号变动",
    lambda: AccountChange.objects.order_by("pk"),
    rows_by_key(AccountChange.objects.all(), "account_id", "by_id", "at", "what"),
)
switchings = ChainedRows(
    "switch",
    "业务和台账的停用",
    lambda: Switch.objects.order_by("pk"),
    rows_by_key(Switch.objects.all(), "name", "used", "made_by_id", "made_at"),
)
table_explanations = ChainedRows(
    "table_explanation",
    "统计表的说明",
    lambda: TableExplanation.objects.order_by("pk"),
    rows_by_key(
        TableExplanation.objects.all(),
        *("table", "year", "school_id", "subject", "numbers", "text", "made_by_id", "made_at"),
    ),
)
