"""From awards in the register to a paragraph and its Word file: freeze, figures and report together."""

from datetime import date

import pytest

from xuezheng.areas.aid.models import Award
from xuezheng.core.periods import Period
from xuezheng.records.identifiers import id_check_digit
from xuezheng.records.models import Person, Term
from xuezheng.reports.compose import compose, compose_text
from xuezheng.reports.model import runs_of, text_of
from xuezheng.reports.word import document, marks
from xuezheng.snapshots import freeze

SOURCE = """
{% set pupils, amount = "aid.registered_poor_pupils", "aid.registered_poor_amount" %}
{{ term }}资助{{ n(pupils) }}{{ n(amount) }}（
区内{{ n(pupils, place="district") }}{{ n(amount, place="district") }}，
省外{{ n(pupils, place="outside") }}{{ n(amount, place="outside") }}，
高校{{ n(pupils, phase="university") }}）。
"""


@pytest.fixture
def snapshot(lone_district):
    term = Term.objects.create(code="2019春", starts_on=date(2019, 2, 18), ends_on=date(2019, 7, 5))
    awards = [("primary", "349900", 50_000), ("junior", "349900", 62_500), ("senior", "110101", 150_000)]
    for order, (stage, division, amount) in enumerate(awards):
        first = f"34990020080301{order:03}"
        person = Person.objects.create(
            name="某某",
            id_number=first + id_check_digit(first),
            sex="male" if order % 2 else "female",
            birth_date=date(2008, 3, 1),
            household_division="349900",
        )
        Award.objects.create(
            person=person,
            programme="registered_poor",
            term=term,
            stage=stage,
            school_name="某校",
            study_division=division,
            boarding="boarder",
            amount=amount,
            paid_on=date(2019, 4, 1),
        )
    return freeze(date(2019, 7, 5))


def test_a_paragraph_from_the_register(snapshot, tmp_path):
    report = compose_text(SOURCE, snapshot, Period.parse("2019H1"))
    (paragraph,) = report.blocks
    told = "资助3人0.26万元（区内2人0.11万元，省外1人0.15万元）。"
    assert text_of(runs_of(paragraph)) == f"2019年春季学期{told}"
    document.write_report(report, tmp_path / "报告.docx")
    pupils, amount, *_ = marks.read(tmp_path / "报告.docx").marks
    assert (pupils.rows, pupils.shown, amount.shown) == (3, "3人", "0.26万元")
    assert any("listed_rate" in key for key in amount.citations)


def test_a_period_without_awards_leaves_a_gap(snapshot):
    report = compose_text(SOURCE, snapshot, Period.parse("2018H2"))
    assert report.blocks == ()
    assert {gap.figure for gap in report.gaps} == {"aid.registered_poor_pupils", "aid.registered_poor_amount"}


@pytest.mark.parametrize("period", ["2019H1", "2018H2", "2019", "2019-05"])
def test_the_half_year_report_holds_for_any_period(snapshot, period):
    report = compose("half_year", snapshot, Period.parse(period))
    texts = [text_of(runs_of(block)) for block in report.blocks]
    assert texts[0] == f"云岭区教育局关于{Period.parse(period).label}工作情况的报告"
    assert not any(slip in text for text in texts for slip in ("（）", "，，", "；；", "：。", "无数据"))
    assert report.gaps
