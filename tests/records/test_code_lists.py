"""Fields whose values are codes of dated lists: what they accept on which day, and what migrations say of them."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from xuezheng.areas.finance.models import BudgetLine
from xuezheng.areas.quality.models import TeachingAssignment
from xuezheng.records.fields import CodeField, code_fields, code_has, field_of
from xuezheng.records.models import PersonCategory, Pupil, School


def test_a_migration_names_the_list_and_no_values():
    _, path, _, options = field_of(PersonCategory, "category").deconstruct()
    assert path == "xuezheng.records.fields.CodeField"
    assert (options["codes"], options["on"]) == ("policy.hardship", "starts_on")
    assert "choices" not in options
    assert (
        field_of(PersonCategory, "category").clone().choices == field_of(PersonCategory, "category").choices
    )


@pytest.mark.parametrize(
    ("model", "name", "row", "day"),
    [
        (PersonCategory, "category", {"starts_on": date(2019, 3, 1)}, date(2019, 3, 1)),
        (PersonCategory, "category", {"starts_on": None}, None),
        (BudgetLine, "function", {"year": 2019}, date(2019, 12, 31)),
        (TeachingAssignment, "subject", {"school_year": "2018-2019"}, date(2018, 9, 1)),
        (TeachingAssignment, "subject", {"school_year": "去年"}, None),
    ],
)
def test_the_day_of_a_row_is_its_day_year_or_school_year(model, name, row, day):
    assert field_of(model, name).day_of(SimpleNamespace(**row)) == day


@pytest.mark.parametrize(
    ("category", "day", "words"),
    [
        ("registered_poor", date(2020, 12, 31), ""),
        ("registered_poor", date(2021, 1, 1), "不再使用"),
        ("former_poor", date(2021, 1, 1), ""),
        ("former_poor", date(2020, 12, 31), "还没有"),
        ("nothing", date(2021, 1, 1), "没有这个困难类别"),
        ("registered_poor", None, ""),
    ],
)
def test_a_row_has_a_code_of_its_own_day(category, day, words):
    row = PersonCategory(category=category, starts_on=day)
    refused = dict(row.faults()).get("category", "")
    assert words in refused
    assert bool(words) == bool(refused)


def test_only_a_monitored_household_has_a_day_on_which_its_risk_was_resolved():
    row = PersonCategory(category="near_poor", starts_on=date(2026, 3, 1), resolved_on=date(2026, 6, 1))
    row.clean()
    row.category = "former_poor"
    with pytest.raises(ValidationError, match="不是监测对象"):
        row.clean()
    row.category, row.resolved_on = "near_poor", date(2026, 2, 28)
    with pytest.raises(ValidationError, match="风险消除日期早于"):
        row.clean()


def test_a_row_is_asked_for_a_property_of_its_code():
    school = School(kind="312")
    assert code_has(school, "kind", "stages", "junior")
    assert not code_has(school, "kind", "stages", "senior")
    assert not code_has(school, "kind", "vocational")
    assert code_has(School(kind="365"), "kind", "vocational")
    assert not code_has(School(kind="nothing"), "kind", "vocational")
    assert (School(kind="nothing").stages, school.stages) == ((), ("primary", "junior"))
    with pytest.raises(TypeError, match="no code"):
        code_has(school, "name", "vocational")


def test_the_columns_with_codes_are_known():
    assert {field.name for field in code_fields(School)} == {"kind", "urban_rural", "runner", "senior_grade"}
    assert code_fields(Pupil) == ()
    assert all(isinstance(field, CodeField) for field in code_fields(School))
