"""The rules of eyesight say of any measurements what plain arithmetic says."""

from datetime import date
from decimal import Decimal

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xuezheng.areas.health.models import VisionScreening
from xuezheng.policy.current import overridden
from xuezheng.rules.columns import rule_columns
from xuezheng.rules.tables import schema

QUARTERS = st.integers(-60, 60).map(lambda quarters: Decimal(quarters) / 4)
VISION = st.one_of(
    st.none(), st.just(Decimal(0)), st.integers(33, 56).map(lambda tenths: Decimal(tenths) / 10)
)
EYE = st.tuples(VISION, st.one_of(st.none(), st.tuples(QUARTERS, QUARTERS)))
PUPIL = st.tuples(EYE, EYE, st.sampled_from(["none", "frame", "ok_lens"]), st.integers(5, 18))


def worked_out(pupils):
    """Work all rules out for pupils, as freezing does."""
    kinds = schema(VisionScreening)
    rows = []
    for right, left, glasses, age in pupils:
        row = dict.fromkeys(kinds.names) | {"glasses": glasses, "age": age, "screened_on": date(2019, 3, 12)}
        for side, (vision, refraction) in (("right", right), ("left", left)):
            sphere, cylinder = refraction or (None, None)
            row |= {f"vision_{side}": vision, f"sphere_{side}": sphere, f"cylinder_{side}": cylinder}
        rows.append(row)
    numbered = [{**row, "id": number} for number, row in enumerate(rows)]
    table = ibis.memtable(pa.Table.from_pylist(numbered, kinds))
    for rule in rule_columns(VisionScreening.table_name()):
        table = table.mutate(**{rule.name: rule.apply(table, "990101", date(2019, 7, 5)).expression})
    return table.order_by("id").to_pyarrow().to_pylist()


def eye_is_myopic(vision, refraction):
    """Whether an eye is myopic; None where it cannot be decided."""
    equivalent = refraction and refraction[0] + refraction[1] / 2
    if (vision is not None and vision >= 5) or (equivalent is not None and equivalent >= Decimal("-0.5")):
        return False
    return None if vision is None or equivalent is None else True


@settings(max_examples=30)
@given(st.lists(PUPIL, min_size=1, max_size=40))
def test_any_measurements_are_judged_exactly(pupils):
    for (right, left, glasses, age), result in zip(pupils, worked_out(pupils), strict=True):
        for side, (_, refraction) in (("right", right), ("left", left)):
            assert result[f"equivalent_{side}"] == (refraction and refraction[0] + refraction[1] / 2)
        eyes = [eye_is_myopic(*eye) for eye in (right, left)]
        judged = age >= 6 and (glasses == "ok_lens" or None not in eyes)
        myopic = glasses == "ok_lens" or any(eyes)
        assert result["myopia"] == (("myopic" if myopic else "not_myopic") if judged else None)
        visions = [right[0], left[0]]
        assert (result["vision_grade"] is None) == (None in visions)
        if None not in visions:
            assert (result["vision_grade"] == "normal") == (min(visions) >= 5)
        if result["myopia_degree"]:
            assert result["myopia"] == "myopic"
            assert glasses != "ok_lens"


@pytest.mark.parametrize(
    ("comparison", "judged"),
    [
        ("小于", ["not_myopic", "not_myopic", "myopic"]),
        ("不大于", ["not_myopic", "myopic", "myopic"]),
    ],
)
def test_where_the_limit_itself_counts_an_eye_at_it_is_myopic(comparison, judged):
    good = (Decimal(5), (Decimal(0), Decimal(0)))
    pupils = [
        ((Decimal("4.9"), (Decimal(sphere), Decimal(0))), good, "none", 9)
        for sphere in ("-0.25", "-0.5", "-0.75")
    ]
    with overridden({"health.myopia_comparison": {date(2018, 6, 1): comparison}}):
        assert [row["myopia"] for row in worked_out(pupils)] == judged
