"""The coefficient of variation, weighted by pupils."""

import math

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xuezheng.figures import weighted_cv

PUPILS = [45, 37, 89, 76, 55]
BOOKS = [279, 137, 935, 160, 402]


def measured(values, weights):
    table = ibis.memtable(
        {"value": values, "weight": weights}, schema={"value": "float64", "weight": "int64"}
    )
    return table.aggregate(cv=weighted_cv(table.value, table.weight)).to_pyarrow()["cv"].to_pylist()[0]


def by_formula(values, weights):
    whole = sum(weights)
    mean = sum(p * x for p, x in zip(weights, values, strict=True)) / whole
    return math.sqrt(sum(p / whole * (x - mean) ** 2 for p, x in zip(weights, values, strict=True))) / mean


def test_the_published_example_comes_out():
    found = measured([books / pupils for books, pupils in zip(BOOKS, PUPILS, strict=True)], PUPILS)
    assert found == pytest.approx(0.515257, abs=5e-7)
    assert f"{found:.2f}" == "0.52"


def test_the_two_wrong_formulas_do_not_come_out():
    values = [books / pupils for books, pupils in zip(BOOKS, PUPILS, strict=True)]
    assert by_formula(values, [1] * 5) == pytest.approx(0.488771, abs=5e-7)
    for wrong in (0.488771, 0.546462):
        assert abs(measured(values, PUPILS) - wrong) > 0.02


def test_equal_schools_do_not_vary():
    assert measured([6.33] * 4, [10, 200, 3000, 1]) == pytest.approx(0, abs=1e-6)


def test_a_school_without_value_or_pupils_does_not_count():
    whole = measured([6.2, 3.7], [45, 37])
    assert measured([6.2, 3.7, None, 9.9, 50.0], [45, 37, 89, None, 0]) == pytest.approx(whole)


def test_without_any_school_or_any_pupil_there_is_no_variation_to_tell():
    assert measured([None], [1]) is None
    assert measured([], []) is None
    assert measured([1.0, 2.0], [0, 0]) is None


SCHOOLS = st.lists(st.tuples(st.floats(0.01, 10_000), st.integers(1, 5_000)), min_size=1, max_size=20)


@settings(max_examples=60)
@given(SCHOOLS)
def test_it_is_what_the_formula_gives_for_any_schools(schools):
    values, weights = map(list, zip(*schools, strict=True))
    assert measured(values, weights) == pytest.approx(by_formula(values, weights), rel=1e-6, abs=1e-6)


@settings(max_examples=20)
@given(SCHOOLS, st.floats(0.1, 1_000))
def test_the_unit_of_the_value_does_not_matter(schools, factor):
    values, weights = map(list, zip(*schools, strict=True))
    assert measured([value * factor for value in values], weights) == pytest.approx(
        measured(values, weights), rel=1e-6, abs=1e-5
    )
