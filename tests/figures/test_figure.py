"""What a figure answers: one declaration gives the value, its parts and the rows behind it."""

from decimal import Decimal

import ibis
import pytest
from ibis import _

from xuezheng import registry
from xuezheng.areas.aid.models import Award
from xuezheng.core.periods import Period
from xuezheng.figures import NOW, TERM, Absence, Figure, FigureError, catalogue, flow, stock
from xuezheng.records.models import Pupil, School
from xuezheng.snapshots import Snapshot

SPRING, AUTUMN, BEFORE = (Period.parse(key) for key in ("2019H1", "2019H2", "2017H2"))


def figure(**kind):
    usual = {
        "unit": "笔",
        "table": Award,
        "over": TERM,
        "value": _.count(),
        "by": ("programme", "phase", "tier"),
    }
    return Figure("试验", **{**usual, **kind})


def poor(name):
    return catalogue.figure(f"aid.registered_poor_{name}")


def test_persons_are_counted_once_and_money_is_whole_fen(snapshot):
    assert poor("pupils").at(snapshot, SPRING).value == 3
    amount = poor("amount").at(snapshot, SPRING)
    assert amount.value == 50_000 + 40_000 + 62_500
    assert isinstance(amount.value, int)
    assert (amount.number(), amount.text(), amount.is_money) == (Decimal("1525"), "0.1525万元", True)


def test_half_a_jiao_survives_to_the_text(snapshot):
    amount = poor("amount").at(snapshot, AUTUMN, stage="junior")
    assert (amount.value, amount.text()) == (31_250, "312.5元")


def test_a_slice_answers_for_its_rows_and_is_named(snapshot):
    answer = poor("amount").at(snapshot, SPRING, phase="compulsory", place="outside")
    assert (answer.value, answer.row_count) == (62_500, 1)
    assert answer.slice_label == "义务教育 · 省外"
    assert dict(answer.slice) == {"phase": "compulsory", "place": "outside"}


def test_a_period_and_its_snapshot_are_told_with_the_answer(snapshot):
    answer = poor("pupils").at(snapshot, SPRING)
    assert (answer.period, answer.snapshot_id, answer.figure) == (
        SPRING,
        snapshot.id,
        "aid.registered_poor_pupils",
    )
    assert answer.definition == poor("pupils").definition


def test_parts_come_total_first_in_the_order_in_which_members_are_declared(snapshot):
    told = [(dict(a.slice), a.value) for a in poor("amount").breakdown(snapshot, SPRING, ("stage", "place"))]
    assert told == [
        ({}, 152_500),
        ({"stage": "primary"}, 90_000),
        ({"stage": "primary", "place": "district"}, 90_000),
        ({"stage": "junior"}, 62_500),
        ({"stage": "junior", "place": "outside"}, 62_500),
    ]


def test_only_members_that_occur_have_a_part(snapshot):
    assert [a.slice["stage"] for a in poor("pupils").per(snapshot, SPRING, "stage")] == ["primary", "junior"]


def test_within_a_slice_only_its_own_members_have_a_part(snapshot):
    parts = poor("pupils").per(snapshot, SPRING, "stage", place="outside")
    assert [dict(answer.slice) for answer in parts] == [{"place": "outside", "stage": "junior"}]


def test_rows_without_a_member_are_a_part_of_their_own(snapshot):
    parts = {a.slice["school"]: a for a in poor("pupils").per(snapshot, SPRING, "school")}
    assert parts[""].slice_label == "未填"
    assert parts[""].value == 1
    assert poor("pupils").at(snapshot, SPRING, school="").value == 1


def test_a_school_is_named_in_the_slice(snapshot):
    (own,) = [a for a in poor("pupils").per(snapshot, SPRING, "school") if a.slice["school"]]
    assert own.slice_label == "云岭学校"


def test_the_rows_hold_the_ids_and_what_was_read(snapshot):
    rows = poor("amount").rows(snapshot, SPRING, phase="compulsory")
    assert rows.model is Award
    assert rows.count == 3
    assert sum(rows.table["amount"].to_pylist()) == 152_500
    assert {"id", "amount", "programme", "paid", "person", "phase", "place"} <= set(rows.table.column_names)
    assert rows.table["id"].to_pylist() == sorted(rows.table["id"].to_pylist())


def test_a_dimension_that_the_figure_does_not_have_is_told_with_those_it_has(snapshot):
    for ask in (
        lambda: poor("pupils").at(snapshot, SPRING, colour="red"),
        lambda: poor("pupils").per(snapshot, SPRING, "colour"),
        lambda: poor("pupils").rows(snapshot, SPRING, colour="red"),
    ):
        with pytest.raises(FigureError, match="不能按“colour”分。可用：phase、place、stage、school。"):
            ask()


def test_a_figure_without_dimensions_says_so(snapshot):
    with pytest.raises(FigureError, match="可用：（不分）。"):
        catalogue.figure("aid.livelihood_projects").at(snapshot, SPRING, school="1")


def test_a_member_that_is_not_known_is_told_with_those_that_are(snapshot):
    with pytest.raises(FigureError, match="没有“senor”。可用：") as raised:
        poor("pupils").at(snapshot, SPRING, phase="senor")
    assert "senior" in str(raised.value)


def test_an_unknown_figure_is_told_with_near_ones():
    with pytest.raises(
        registry.Unknown, match=r"没有指标“aid\.registered_poor_pupil”。相近的有：aid\.registered_poor_pupils"
    ):
        catalogue.figure("aid.registered_poor_pupil")


def test_no_rows_at_all_is_no_data_and_not_zero(snapshot):
    answer = poor("pupils").at(snapshot, BEFORE)
    assert (answer.value, answer.absence, answer.text(), answer.row_count) == (
        None,
        Absence.NO_DATA,
        "无数据",
        0,
    )


def test_rows_of_the_period_but_none_that_count_is_no_data_unless_declared_zero(snapshot):
    nothing = {"where": _.programme == "没有的项目"}
    assert figure(**nothing).at(snapshot, SPRING).absence == Absence.NO_DATA
    zero = figure(**nothing, empty="zero").at(snapshot, SPRING)
    assert (zero.value, zero.absence, zero.text("none")) == (0, None, "无")
    assert figure(**nothing, empty="zero").at(snapshot, BEFORE).absence == Absence.NO_DATA


def test_a_slice_without_rows_of_a_figure_that_has_rows_is_zero(snapshot):
    assert poor("pupils").at(snapshot, SPRING, phase="senior").value == 0
    assert poor("amount").at(snapshot, SPRING, phase="senior").text() == "0元"


def test_a_mean_over_nothing_is_not_zero(snapshot):
    mean = figure(value=_.amount.mean(), where=_.programme == "registered_poor", unit="")
    assert mean.at(snapshot, SPRING, phase="senior").value is None


def test_a_value_that_cannot_be_worked_out_is_not_applicable(snapshot):
    empty = figure(value=_.senior_grant_due.sum(), where=_.programme == "registered_poor")
    answer = empty.at(snapshot, SPRING)
    assert (answer.value, answer.absence, answer.text()) == (None, Absence.NOT_APPLICABLE, "不适用")
    assert answer.row_count == 4


def test_a_division_by_nothing_is_not_applicable(snapshot):
    answer = figure(value=_.amount.sum() / (_.amount.sum() - _.amount.sum()), unit="").at(snapshot, SPRING)
    assert (answer.value, answer.absence) == (None, Absence.NOT_APPLICABLE)


def test_rows_that_cannot_be_judged_are_counted_and_never_fall_between_two_filters(snapshot):
    early = figure(where=_.paid_on < ibis.date("2019-09-01"), by=()).at(snapshot, Period.parse("2019"))
    late = figure(where=_.paid_on >= ibis.date("2019-09-01"), by=()).at(snapshot, Period.parse("2019"))
    whole = figure(by=()).at(snapshot, Period.parse("2019"))
    assert early.undecided == late.undecided == 1
    assert early.value + late.value + early.undecided == whole.value == 11


def test_rows_outside_the_slice_are_not_undecided(snapshot):
    early = figure(where=_.paid_on < ibis.date("2019-09-01"))
    assert early.at(snapshot, SPRING, programme="registered_poor").undecided == 1
    assert early.at(snapshot, SPRING, programme="preschool").undecided == 0


def test_rows_whose_slice_cannot_be_judged_are_counted(snapshot):
    by_school = figure(by=("school",))
    (own,) = [a for a in by_school.per(snapshot, SPRING, "school") if a.slice_label == "云岭中学"]
    assert by_school.at(snapshot, SPRING, school=own.slice["school"]).undecided == 1


def test_of_a_time_after_the_freeze_nothing_is_known(snapshot):
    answer = catalogue.figure("enrolment.pupils").at(snapshot, Period.parse("2021"))
    assert answer.absence == Absence.NO_DATA
    assert catalogue.figure("enrolment.pupils").rows(snapshot, Period.parse("2021")).count == 0


def test_a_truth_may_divide_a_figure(snapshot):
    by_paid = figure(by=("paid",))
    assert {a.slice["paid"]: a.value for a in by_paid.per(snapshot, SPRING, "paid")} == {
        "true": 8,
        "false": 1,
    }
    assert by_paid.at(snapshot, SPRING, paid="false").value == 1


def test_a_number_may_divide_a_figure(snapshot):
    by_grade = Figure("试验", unit="人", table=Pupil, value=_.count(), by=("grade",))
    assert [(a.slice["grade"], a.value) for a in by_grade.per(snapshot, AUTUMN, "grade")] == [
        ("2", 2),
        ("3", 62),
    ]
    assert by_grade.at(snapshot, AUTUMN, grade="2").value == 2
    for wrong in ("abc", "²", "9" * 30):
        with pytest.raises(FigureError, match="应为整数"):
            by_grade.at(snapshot, AUTUMN, grade=wrong)


def test_a_definition_is_made_when_none_is_given():
    assert (
        Figure("人数", unit="人", table=Pupil, value=_.count(), over=NOW).definition
        == "快照日在册的学生中，人数。"
    )
    assert Figure(
        "笔数", unit="笔", table=Award, value=_.count(), over=flow("paid_on")
    ).definition.startswith("时期内发生的资助")


def test_a_register_without_days_answers_only_for_a_period_near_the_freeze(snapshot):
    schools = Figure("学校", unit="所", table=School, value=_.count())
    assert schools.at(snapshot, AUTUMN).value == 3
    for far in (SPRING, BEFORE, Period.parse("2020H2")):
        assert schools.at(snapshot, far).absence is Absence.NO_DATA


def test_a_stock_of_a_period_that_is_not_over_is_told_as_of_the_freeze(snapshot):
    begun = Figure("已入学", unit="人", table=Pupil, value=_.count(), over=stock("entered_on", "left_on"))
    running = Period.parse("2020H1")
    assert running.start <= snapshot.day < running.end
    assert begun.at(snapshot, running).value == begun.at(snapshot, running.until(snapshot.day)).value


@pytest.mark.parametrize(
    "kind",
    [
        {"where": _.nothing == 1},
        {"value": _.nothing.sum()},
        {"over": flow("nothing")},
        {"over": stock("nothing")},
    ],
)
def test_a_snapshot_older_than_a_column_leaves_only_its_own_figure_without_a_value(snapshot, kind):
    younger = figure(**kind)
    answer = younger.at(snapshot, SPRING)
    assert (answer.value, answer.absence, answer.row_count) == (None, Absence.NOT_FROZEN, 0)
    assert "还没有" in answer.reason
    assert younger.rows(snapshot, SPRING).count == 0
    assert answer.sql == ""


def test_a_snapshot_older_than_a_dimension_answers_without_it(snapshot):
    younger = figure(by=("nothing", "stage"))
    assert younger.dimensions(snapshot)["nothing"].members == {}
    assert younger.at(snapshot, SPRING).value == figure().at(snapshot, SPRING).value
    assert younger.per(snapshot, SPRING, "nothing") == []
    assert younger.at(snapshot, SPRING, nothing="1").absence is Absence.NOT_FROZEN
    assert younger.rows(snapshot, SPRING, nothing="1").count == 0
    assert len(younger.breakdown(snapshot, SPRING, ("stage", "nothing"))) == len(
        figure(by=("stage",)).breakdown(snapshot, SPRING, ("stage",))
    )


def test_a_snapshot_older_than_a_register_says_so(snapshot, monkeypatch):
    monkeypatch.setattr(type(snapshot), "has", lambda self, table: table != "aid_award")
    answer = figure().at(Snapshot(snapshot.folder), SPRING)
    assert answer.absence is Absence.NOT_FROZEN
    assert "台账，无法得出“试验”" in answer.reason


def test_rows_in_which_a_text_was_left_blank_open_as_not_filled_in(snapshot):
    tiers = figure(by=("tier",))
    [blank] = [answer for answer in tiers.per(snapshot, SPRING, "tier") if answer.slice["tier"] == ""]
    assert (
        blank.value
        == tiers.at(snapshot, SPRING, tier="").value
        == tiers.rows(snapshot, SPRING, tier="").count
        > 0
    )


def test_a_cell_is_shown_as_a_reader_sees_it(snapshot):
    rows = poor("amount").rows(snapshot, SPRING)
    assert rows.shown("amount", None) == ""
    assert rows.shown("amount", 50_000) == "500元"
    assert [rows.shown("paid", value) for value in (None, True, False)] == ["", "是", "否"]
    assert rows.shown("stage", "primary") == "小学"


def test_an_answer_is_worked_out_once(snapshot):
    assert poor("pupils").at(snapshot, SPRING) is poor("pupils").at(snapshot, SPRING)
