"""The ledger against the budget, public funds against the standard, on a few rows made up by hand."""

from datetime import date

import ibis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.areas.finance.models import BudgetLine, Expenditure, FinanceCheck, PublicFunds
from xuezheng.core.periods import Period
from xuezheng.figures.catalogue import figure
from xuezheng.records.models import School, Term
from xuezheng.rules.columns import rule_columns
from xuezheng.snapshots import freeze

H1, H2 = Period.parse("2019H1"), Period.parse("2019H2")


@pytest.fixture
def snapshot(lone_district):
    school = School.objects.create(
        code="2134990001", name="山里小学", kind="211", urban_rural="220", runner="831"
    )
    term = Term.objects.create(code="2019春", starts_on=date(2019, 2, 25), ends_on=date(2019, 6, 28))
    for function, source, amount in (
        ("2050202", "general", 600_00),
        ("2050203", "general", 400_00),
        ("2050204", "special_account", 500_00),
    ):
        BudgetLine.objects.create(year=2019, function=function, source=source, amount=amount)
    for month, function, source, amount in (
        (1, "2050202", "general", 100_01),
        (6, "2050203", "general", 200_02),
        (6, "2050204", "special_account", 50_00),
        (7, "2050202", "general", 300_00),
    ):
        Expenditure.objects.create(
            month=date(2019, month, 1), function=function, source=source, amount=amount
        )
    PublicFunds.objects.create(
        school=school, stage="primary", term=term, pupils=99, boarders=10, amount=32_250_00, paid_on=date(2019, 4, 1)
    )  # fmt: skip
    PublicFunds.objects.create(school=school, stage="preschool", term=term, pupils=20, amount=4_000_00)
    for kind, problems, due, mended in (
        ("fees", 0, None, None),
        ("accounts", 3, date(2019, 4, 30), date(2019, 4, 30)),
        ("canteen", 1, date(2019, 7, 4), None),
        ("assets", 2, date(2019, 7, 5), None),
    ):
        FinanceCheck.objects.create(
            school=school, kind=kind, checked_on=date(2019, 4, 1), problems=problems, due_on=due, mended_on=mended
        )  # fmt: skip
    return freeze(date(2019, 7, 5))


def value(snapshot, key, period=H1, **slice_):
    return figure(f"finance.{key}").at(snapshot, period, **slice_).value


def test_expenditure_of_the_general_budget_is_summed_to_the_fen_by_the_month_of_entry(snapshot):
    assert value(snapshot, "education_expenditure") == 300_03
    assert value(snapshot, "education_expenditure", function="2050203") == 200_02
    assert value(snapshot, "all_expenditure") == 350_03
    assert figure("finance.latest_month").at(snapshot, H1).text() == "6月"


def test_execution_holds_the_year_to_the_periods_end_against_the_years_budget(snapshot):
    assert value(snapshot, "general_spent_so_far") == 300_03
    assert value(snapshot, "general_budget") == 1000_00
    assert figure("finance.execution_rate").at(snapshot, H1).text() == "30%"
    # In the second half-year the first counts too; the values end with the freeze.
    assert value(snapshot, "general_spent_so_far", H2) == 600_03


def test_public_funds_are_held_against_the_standard_of_the_term(snapshot):
    assert value(snapshot, "public_funds") == 32_250_00
    assert value(snapshot, "public_funds_due") == 32_250_00 + 5_000_00
    assert value(snapshot, "small_schools") == 1
    assert value(snapshot, "unpaid_public_funds") == 1
    assert value(snapshot, "differing_public_funds") == 1
    assert value(snapshot, "differing_public_funds", stage="primary") == 0
    cited = {citation.key for citation in figure("finance.public_funds_due").at(snapshot, H1).citations}
    assert cited == {"policy.public_funds", "finance.boarder_rate", "finance.small_school_floor"}


def test_problems_count_as_mended_or_overdue_by_the_day_of_freezing(snapshot):
    assert value(snapshot, "problems_found") == 6
    assert value(snapshot, "problems_mended") == 3
    assert figure("finance.mended_rate").at(snapshot, H1).text() == "50%"
    assert value(snapshot, "overdue_checks") == 1


SCHOOLS = st.sampled_from([("514", "121"), ("211", "220"), ("218", "210"), ("311", "210"), ("312", "121")])
RATES = {"primary": 312_50, "junior": 412_50, "senior": 500_00, "preschool": 250_00}


@given(
    st.lists(
        st.tuples(
            SCHOOLS,
            st.sampled_from(sorted(RATES)),
            st.integers(0, 3000),
            st.integers(0, 500),
            st.none() | st.integers(0, 50),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_what_is_due_is_whole_fen_by_the_number_of_pupils(drawn):
    rows = [
        {"school_kind": kind, "urban_rural": place, "stage": stage, "pupils": pupils, "boarders": boarders,
         "inclusive": inclusive, "term_start": date(2019, 2, 25), "paid_on": date(2019, 4, 1), "case": case}
        for case, ((kind, place), stage, pupils, boarders, inclusive) in enumerate(drawn)
    ]  # fmt: skip
    table = ibis.memtable(rows).mutate(inclusive=ibis._.inclusive.cast("int64"))
    for rule in rule_columns("finance_publicfunds"):
        table = table.mutate(**{rule.name: rule.apply(table, "349900", date(2019, 7, 5)).expression})
    dues = table.order_by("case").to_pyarrow()["due"].to_pylist()
    for due, ((kind, place), stage, pupils, boarders, inclusive) in zip(dues, drawn, strict=True):
        small = stage == "primary" and place != "121" and kind != "514"
        counted = max(pupils, 100) if small else pupils
        boarding = boarders * 100_00 if stage in ("primary", "junior") else 0
        rate = 3000_00 if kind == "514" else RATES[stage]
        assert due == counted * rate + (inclusive or 0) * (3000_00 - rate) + boarding
