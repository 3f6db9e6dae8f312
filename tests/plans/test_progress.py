"""How far a plan has come follows from its targets' figures and from days, and from nothing that is typed."""

from datetime import date

import pytest

from xuezheng.core.periods import Period
from xuezheng.plans.progress import State, plan
from xuezheng.records.models import ClassGroup
from xuezheng.snapshots import freeze

AUTUMN = Period.parse("2019H2")


@pytest.fixture
def progress(transactional_db, tmp_path, monkeypatch):
    """Freeze on a day and tell the plan of autumn 2019."""
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path))
    return lambda day="2019-10-31", period=AUTUMN: plan(freeze(date.fromisoformat(day)), period)


@pytest.mark.parametrize(
    ("operator", "value", "met"),
    [
        ("at_least", "2", True), ("at_least", "3", False), ("at_most", "2", True), ("at_most", "1", False),
        ("equals", "2", True), ("equals", "0", False),
    ],
)  # fmt: skip
def test_a_target_is_done_when_its_figure_reaches_it(progress, item, operator, value, met):
    item(("班级数", "2019-12-31", operator, value, {}), begun="2019-09-01")
    [told] = progress()
    state = State.DONE if met else State.UNDER_WAY
    assert (told.state, told.targets[0].state) == (state, state)
    assert told.targets[0].now == "2个"


@pytest.mark.parametrize(
    ("begun", "finished", "state"),
    [
        (None, None, State.NOT_BEGUN),
        ("2019-11-01", None, State.NOT_BEGUN),
        ("2019-10-31", None, State.UNDER_WAY),
        ("2019-09-01", "2019-11-01", State.UNDER_WAY),
        ("2019-09-01", "2019-10-31", State.DONE),
    ],
)
def test_without_targets_the_days_decide_as_far_as_the_snapshot_knows_them(
    progress, item, begun, finished, state
):
    item(begun=begun, finished=finished)
    assert [told.state for told in progress()] == [state]


def test_what_is_not_done_by_its_due_day_is_late_from_the_day_after(progress, item):
    item(due="2019-10-31")
    item(("班级数", "2019-10-31", "at_least", "9", {}))
    assert [told.state for told in progress("2019-10-31")] == [State.NOT_BEGUN, State.NOT_BEGUN]
    assert [told.state for told in progress("2019-11-01")] == [State.LATE, State.LATE]


def test_an_item_is_done_only_when_all_its_targets_are(progress, item, schools):
    targets = [
        (f"{school.name}班级数", "2019-12-31", "at_least", "1", {"school": school}) for school in schools
    ]
    item(*targets, begun="2019-09-01", finished="2019-09-30")
    [told] = progress()
    assert [target.state for target in told.targets] == [State.DONE, State.DONE, State.UNDER_WAY]
    assert told.state is State.UNDER_WAY
    ClassGroup.objects.create(school=schools[2], name="一年级1班", stage="primary", grade=1)
    [told] = progress()
    assert told.state is State.DONE


def test_a_slice_narrows_the_figure(progress, item):
    item(("初中班级数", "2019-12-31", "at_most", "0", {"slice": "stage=junior"}))
    [told] = progress()
    assert dict(told.targets[0].answer.slice) == {"stage": "junior"}
    assert told.targets[0].state is State.DONE


def test_a_member_that_no_dimension_has_leaves_the_target_open_and_says_why(progress, item):
    item(("班级数", "2019-12-31", "at_least", "1", {"slice": "stage=nothing"}), begun="2019-09-01")
    [target] = progress()[0].targets
    assert (target.answer, target.state) == (None, State.UNDER_WAY)
    assert "没有“nothing”" in target.now


def test_a_half_year_without_a_plan_has_no_items(progress, item):
    item()
    assert progress(period=Period.parse("2019H1")) == []


def test_a_target_is_at_risk_when_its_day_is_near_or_its_way_lags_behind_the_time(progress, item, schools):
    item(
        ("时限临近", "2019-11-30", "at_least", "9", {}),
        ("落后", "2020-07-01", "at_least", "4", {}),
        ("压减", "2020-07-01", "at_most", "1", {}),
        ("已完成", "2019-11-30", "at_least", "2", {}),
        begun="2019-09-01",
    )
    progress("2019-07-05", Period.parse("2019H1"))
    ClassGroup.objects.create(school=schools[2], name="一年级1班", stage="primary", grade=1)
    ClassGroup.objects.filter(school=schools[0]).delete()
    [told] = progress("2019-07-06")
    assert not [it.title for it in told.targets if it.risk]
    [told] = progress("2019-10-31")
    assert {it.title: it.risk for it in told.targets if it.risk} == {
        "时限临近": "离时限还有30天，尚未达到；时间已过80%，进度为0%",
        "落后": "时间已过33%，进度为0%",
        "压减": "时间已过33%，进度为0%",
    }
    assert [it.title for it in told.at_risk] == ["时限临近", "落后", "压减"]
