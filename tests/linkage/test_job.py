"""The standing job: what it keeps, that it may run again, and that it leaves nothing half-written."""

from datetime import date

import pytest

from xuezheng.intake import import_workbook, undo
from xuezheng.linkage import job
from xuezheng.linkage.job import link
from xuezheng.linkage.models import Candidate, Link, ListRow
from xuezheng.linkage.review import Elsewhere, decide
from xuezheng.records.models import Batch, Pupil
from xuezheng.workbooks import sheet_catalogue, write_workbook

OLD, LISTED_ON, LATER = date(2019, 2, 1), date(2019, 3, 1), date(2019, 9, 20)


def standing():
    told = Link.objects.order_by("row").values_list(
        "row", "state", "reason", "person", "study_division", "birth_date_differs", "stage_differs"
    )
    near = Candidate.objects.order_by("link", "person").values_list("link__row", "person", "strength")
    return list(told), list(near)


def state(row):
    kept = Link.objects.get(row=row)
    return kept.state, kept.reason


@pytest.fixture
def rows(enrolled, listed, number):
    """Found by number, found by likeness, elsewhere by the list itself, open."""
    return [
        listed("王子涵", number(3), stage="junior", birth_date=date(2010, 3, 2)),
        listed("李思远", "", birth_date=date(2010, 3, 1), sex="male", school_name="甲小学"),
        listed("外出者", number(99), study_division="990201", school_name="青澜实验小学"),
        listed("覃大壮", number(3)),
        listed("无此人", ""),
    ]


def test_each_row_comes_to_stand(rows, enrolled):
    (outcome,) = link()
    assert [state(row) for row in rows] == [
        ("found", "number"), ("found", "similar"), ("absent", "stated"), ("open", "name_conflict"), ("open", "nobody"),
    ]  # fmt: skip
    assert dict(outcome.states) == {"found": 2, "absent": 1, "open": 2}
    assert (outcome.rows, outcome.changed) == (5, 5)
    first, elsewhere = Link.objects.get(row=rows[0]), Link.objects.get(row=rows[2])
    assert (first.person, first.study_division) == (enrolled[0], "349900")
    assert (first.birth_date_differs, first.stage_differs) == (True, True)
    assert (elsewhere.person, elsewhere.study_division) == (None, "990201")
    assert [it.person for it in Candidate.objects.filter(link__row=rows[3])] == [enrolled[0]]


def test_running_again_changes_nothing(rows, django_assert_max_num_queries):
    link()
    before = standing()
    with django_assert_max_num_queries(16):
        (outcome,) = link()
    assert (outcome.changed, standing()) == (0, before)


def test_what_changed_in_the_register_changes_the_result_of_its_row_alone(rows, enrolled):
    link()
    Pupil.objects.filter(person=enrolled[0]).update(left_on=OLD)
    (outcome,) = link()
    # The row of the number, and that of another name under it.
    assert outcome.changed == 2
    assert state(rows[0]) == ("open", "nobody")


def test_a_job_that_dies_leaves_nothing_half_written(rows, monkeypatch):
    def dies(nearer):
        raise KeyboardInterrupt

    monkeypatch.setattr(job, "_replace_candidates", dies)
    with pytest.raises(KeyboardInterrupt):
        link()
    assert standing() == ([], [])
    monkeypatch.undo()
    link()
    assert Link.objects.count() == len(rows)


def test_what_earlier_lists_told_of_guardians_helps_later_ones_and_never_the_list_itself(
    enrolled, listed, number
):
    listed("王子涵", number(3), OLD, "disabled", guardian="王建国", village="上坞村")
    later = listed("王子函", "", guardian="王建国", village="上坞村", birth_date=date(2010, 8, 9))
    link()
    first = Candidate.objects.get(link__row=later).strength
    assert link()[1].changed == 0
    assert Candidate.objects.get(link__row=later).strength == first
    ListRow.objects.filter(category="disabled").delete()
    link()
    assert Candidate.objects.filter(link__row=later, strength__gte=first).count() == 0


def test_only_the_newest_list_of_a_category_is_reconciled_unless_told_otherwise(enrolled, listed, number):
    old = listed("王子涵", number(3), OLD)
    new = listed("王子涵", number(3), LISTED_ON)
    other = listed("李思远", number(5), OLD, "disabled")
    assert [(it.category, it.listed_on) for it in link()] == [
        ("disabled", OLD),
        ("registered_poor", LISTED_ON),
    ]
    assert {it.row_id for it in Link.objects.all()} == {new.pk, other.pk}
    link(ListRow.objects.filter(listed_on=OLD))
    assert state(old) == ("found", "number")


def test_a_decision_holds_for_the_list_that_is_sent_again(rows, listed, clerks):
    link()
    decide(
        Link.objects.get(row=rows[4]).pk,
        "absent",
        clerks[0],
        "村委会证明",
        elsewhere=Elsewhere("某校", "980102"),
    )
    again = listed("无此人", "", LATER)
    differs = listed("无此人", "", LATER, village="上坞村")
    link()
    assert Link.objects.get(row=again).study_division == "980102"
    assert state(again)[0] == "absent"
    assert state(differs)[0] == "open"


def test_a_list_that_is_gone_meanwhile_is_left_alone(rows, monkeypatch):
    real = job.reconcile

    def meanwhile(listed, known):
        rows[4].delete()
        return real(listed, known)

    monkeypatch.setattr(job, "reconcile", meanwhile)
    (outcome,) = link()
    assert outcome.rows == Link.objects.count() == 4


def test_undoing_the_import_of_a_list_takes_its_results_with_it(enrolled, number, tmp_path):
    row = ["建档立卡", "2019-03-01", "1", "王子涵", f" {number(3)[:10]} １２", "2010-03-01", "男", "王建国", "上坞村", "小学", "甲小学", ""]  # fmt: skip
    write_workbook(tmp_path / "名单.xlsx", {sheet_catalogue.sheet("外部名单"): [row]})
    outcome = import_workbook(tmp_path / "名单.xlsx")
    assert outcome.saved, [str(it) for it in outcome.problems]
    assert ListRow.objects.get().id_number == f" {number(3)[:10]} １２"
    link()
    assert Link.objects.get().reason == "similar"
    assert undo(Batch.objects.get().pk).removed == 1
    assert not Link.objects.exists()
    assert not Candidate.objects.exists()


def test_no_list_is_no_work(schools):
    assert link() == []
