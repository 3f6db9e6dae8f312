"""Answers put together by hand, and a registry that gives them: reports under test need no records."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import ibis
import pyarrow as pa
import pytest

from xuezheng.core.periods import Period
from xuezheng.figures import Absence, Answer, Citation, catalogue
from xuezheng.reports.compose import compose_text

PERIOD = Period.parse("2019H1")
NO_NOTES = pa.table(
    {
        "id": pa.array([], pa.int64()),
        "section": pa.array([], pa.string()),
        "topic": pa.array([], pa.string()),
        "title": pa.array([], pa.string()),
        "document": pa.array([], pa.string()),
        "evidence": pa.array([], pa.string()),
        "text": pa.array([], pa.string()),
        "day": pa.array([], pa.date32()),
        "picked": pa.array([], pa.bool_()),
        "order": pa.array([], pa.int64()),
    }
)
SNAPSHOT = SimpleNamespace(
    table=lambda name: ibis.memtable(NO_NOTES),
    fetch=lambda query: query.to_pyarrow().to_pylist(),
    id="20190705-0123abcd",
    day=date(2019, 7, 5),
    unused=frozenset(),
    district={"code": "990101", "name": "明山区", "bureau_name": "明山区教育局"},
)
CITATION = Citation(
    key="aid.grant",
    title="普通高中国家助学金标准",
    source="财教〔2019〕19号<第五条>",
    unit="元/学期",
    verified=False,
    clauses=((date(2019, 2, 1), "1500"),),
)
COUNTS = {
    "t.pupils": {"": 350, "phase=senior": 26, "phase=junior": 0, "phase=primary": None},
    "t.amount": {"": 21_525_000, "phase=senior": 3_900_000, "phase=junior": 0, "phase=primary": None},
    "t.rate": {"": Decimal("28.1")},
    "t.edition": {"": 4},
    "t.contest": {"": 936},
    "t.cases": {"": 97},
    "t.warned": {"": 0},
    "t.missing": {"": None},
}
UNITS = {"t.amount": "元", "t.rate": "%", "t.edition": "届", "t.contest": "名", "t.cases": "次"}


class Prepared:
    """A figure whose answers are known beforehand; counts how often it is asked."""

    def __init__(self, key):
        self.key, self.asked = key, 0

    def at(self, snapshot, period, **slice_):
        self.asked += 1
        value = COUNTS[self.key][",".join(f"{name}={member}" for name, member in slice_.items())]
        return Answer(
            figure=self.key,
            label=f"指标{self.key[2:]}",
            unit=UNITS.get(self.key, "人"),
            slice=slice_,
            slice_label=" · ".join(slice_.values()),
            period=period,
            value=value,
            absence=Absence.NO_DATA if value is None else None,
            is_money=self.key == "t.amount",
            undecided=0,
            row_count=12,
            snapshot_id=snapshot.id,
            cite=lambda: (CITATION,),
            definition="当期实际发放的人数，同一人只计一次。",
        )


@pytest.fixture
def prepared(monkeypatch):
    figures = {key: Prepared(key) for key in COUNTS}
    monkeypatch.setattr(catalogue, "figures", lambda: figures)
    return figures


@pytest.fixture
def composed(prepared):
    """Compose a report from the text of a template, and a head if one is given."""
    return lambda source, head=None: compose_text(source, SNAPSHOT, PERIOD, "试验", head)
