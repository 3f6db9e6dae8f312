"""The public funds of a county by the rates of 2025, as somebody adds them up by hand."""

from datetime import date

import ibis
import pyarrow as pa

from xuezheng.policy.current import using
from xuezheng.policy.packs import for_division, shipped
from xuezheng.records.models import registers
from xuezheng.rules.columns import with_rules
from xuezheng.rules.tables import schema

TERM = {"term_start": date(2025, 2, 17)}


def test_900_and_600_pupils_200_boarders_and_a_point_of_32_get_672_000_yuan_a_term():
    """900·720 + 600·940 + 200·300 + 100·720 = 1 344 000 yuan a year; the point of 32 counts as 100 pupils."""
    model = registers()["finance_publicfunds"]
    rows = [
        {
            "stage": "primary",
            "urban_rural": "121",
            "school_kind": "211",
            "pupils": 900,
            "boarders": 0,
            **TERM,
        },
        {
            "stage": "junior",
            "urban_rural": "121",
            "school_kind": "311",
            "pupils": 600,
            "boarders": 200,
            **TERM,
        },
        {"stage": "primary", "urban_rural": "220", "school_kind": "218", "pupils": 32, "boarders": 0, **TERM},
    ]
    columns = schema(model)
    table = ibis.memtable(
        pa.Table.from_pylist([{**dict.fromkeys(columns.names), **row} for row in rows], columns)
    )
    with using(shipped()[code] for code in for_division("110101")):
        ruled, _ = with_rules(table, model, "110101", date(2025, 7, 5))
        assert ruled.due.sum().to_pyarrow().as_py() == 672_000_00
