"""submitted = added + changed + unchanged + rejected, whatever mixture of rows comes in."""

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from xuezheng.intake import import_workbook
from xuezheng.records.models import Batch, Pupil

PUPILS = "学生名册"
KINDS = ("new", "changed", "unchanged", "wrong", "twice", "unknown class")


@pytest.fixture
def known(taken, workbook, small, schools):
    """Twenty pupils in the registers; as many more are to come."""
    taken(workbook({PUPILS: small[PUPILS][:20]}, "已有.xlsx"))
    return small[PUPILS][:40]


def mixture(rows, kinds, place):
    """Rows of the kinds asked for, no two about one pupil unless that is what is wrong."""
    old, new = iter(rows[:20]), iter(rows[20:40])
    made = []
    for kind in kinds:
        row = list(next(old if kind in ("changed", "unchanged") else new))
        if kind == "changed":
            row[place("就读方式")] = "借宿"
        elif kind == "wrong":
            row[place("入学日期")] = "某日"
        elif kind == "unknown class":
            row[place("班级名称")] = "无此班"
        made += [row, list(row)] if kind == "twice" else [row]
    return made


def is_no_roster(kinds):
    """Whether fewer than half of the known pupils come again: a file with more of them is asked about those whom it lacks."""
    return sum(kind in ("changed", "unchanged") for kind in kinds) < 10


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=20).filter(is_no_roster))
@example(kinds=["changed"] * 9)
def test_every_row_is_counted_once_and_wrong_ones_keep_all_out(known, workbook, place, kinds):
    path = workbook({PUPILS: mixture(known, kinds, place)}, "混合.xlsx")
    want = Counter(kinds)
    wrong = want["wrong"] + want["twice"] + want["unknown class"]
    batches, pupils = Batch.objects.count(), Pupil.objects.count()
    with transaction.atomic():
        outcome = import_workbook(path)
        (sheet,) = outcome.sheets
        assert sheet.submitted == len(kinds) + want["twice"]
        assert (sheet.added, sheet.changed, sheet.unchanged, sheet.rejected) == (
            want["new"] + want["twice"], want["changed"], want["unchanged"], wrong,
        )  # fmt: skip
        assert len(outcome.problems) == wrong
        assert outcome.saved == (not wrong and bool(want["new"] or want["changed"]))
        assert Batch.objects.count() == batches + outcome.saved
        assert Pupil.objects.count() == pupils + (want["new"] if outcome.saved else 0)
        assert not import_workbook(path).saved
        transaction.set_rollback(True)  # the next mixture comes into the same registers
