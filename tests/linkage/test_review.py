"""Decisions: for whom, remembered, one of two, undone; and whose lists they are."""

import pytest
from django.db import connection

from xuezheng.linkage.job import link
from xuezheng.linkage.models import Decision, Link, ListRow, categories_of
from xuezheng.linkage.review import DecisionRefused, Elsewhere, decide, undo_decision
from xuezheng.records.models import User

ELSEWHERE = Elsewhere("青澜实验小学", "990201")


@pytest.fixture
def conflict(enrolled, listed, number):
    """A row with the number of the first pupil and another name, which two lists tell."""
    listed("覃大壮", number(3))
    twin = listed("覃大壮", number(3))
    link()
    return Link.objects.get(row=twin)


def now(link):
    link.refresh_from_db()
    return link.state, link.person_id


def test_a_decision_settles_every_row_that_says_the_same(conflict, enrolled, clerks):
    decision = decide(conflict.pk, "same", clerks[0], "已改名，户口簿为证", enrolled[0].pk)
    assert {(it.state, it.person_id, it.decision_id) for it in Link.objects.all()} == {
        ("found", enrolled[0].pk, decision.pk)
    }
    assert (decision.made_by, decision.note) == (clerks[0], "已改名，户口簿为证")


def test_a_decision_is_undone_and_stays_told(conflict, enrolled, clerks):
    decision = decide(conflict.pk, "absent", clerks[0], "电话核实", elsewhere=ELSEWHERE)
    assert now(conflict) == ("absent", None)
    undo_decision(decision.pk, clerks[1])
    assert now(conflict) == ("open", None)
    assert conflict.reason == "name_conflict"
    decision.refresh_from_db()
    assert (decision.undone_by, decision.made_by) == (clerks[1], clerks[0])
    with pytest.raises(DecisionRefused, match="已经撤销"):
        undo_decision(decision.pk, clerks[0])


def test_what_is_decided_is_not_decided_again(conflict, enrolled, clerks):
    decide(conflict.pk, "same", clerks[0], "核对", enrolled[0].pk)
    with pytest.raises(DecisionRefused, match=r"已由甲于.*作出决定（是同一人）。要改，请先撤销"):
        decide(conflict.pk, "absent", clerks[1], "核对", elsewhere=ELSEWHERE)
    assert Decision.objects.count() == 1


def test_not_the_same_person_leaves_the_row_open_without_that_candidate_and_the_job_keeps_to_it(
    conflict, enrolled, clerks
):
    decision = decide(conflict.pk, "different", clerks[0], "同号不同人", enrolled[0].pk)
    assert now(conflict) == ("open", None)
    with pytest.raises(DecisionRefused):
        decide(conflict.pk, "different", clerks[1], "再决定一次", enrolled[0].pk)
    link()
    assert now(conflict) == ("open", None)
    undo_decision(decision.pk, clerks[0])
    decide(conflict.pk, "same", clerks[0], "看错了", enrolled[0].pk)
    assert now(conflict) == ("found", enrolled[0].pk)


def test_what_the_automatic_steps_found_can_be_refused_and_comes_back(enrolled, listed, number, clerks):
    listed("王子涵", number(3))
    link()
    found = Link.objects.get()
    decision = decide(found.pk, "different", clerks[0], "学籍号码录错", enrolled[0].pk)
    assert now(found) == ("open", None)
    link()
    assert now(found) == ("open", None)
    undo_decision(decision.pk, clerks[0])
    assert now(found) == ("found", enrolled[0].pk)


@pytest.mark.parametrize(
    ("verdict", "person", "elsewhere", "words"),
    [
        ("same", 2, None, "只能从列出的相近的人中选定"),
        ("same", None, None, "只能从列出的相近的人中选定"),
        ("absent", None, None, "应是外地的"),
        ("absent", None, Elsewhere("甲小学", "349900"), "应是外地的"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    conflict, enrolled, clerks, verdict, person, elsewhere, words
):
    other = enrolled[1].pk if person else None
    with pytest.raises(DecisionRefused, match=words):
        decide(conflict.pk, verdict, clerks[0], "核对", other, elsewhere)
    assert now(conflict) == ("open", None)


def test_a_row_that_is_gone_is_told(conflict, enrolled, clerks):
    gone = conflict.pk
    ListRow.objects.all().delete()
    with pytest.raises(DecisionRefused, match="刷新本页"):
        decide(gone, "absent", clerks[0], "核对", elsewhere=ELSEWHERE)


def test_of_two_decisions_over_one_content_the_database_keeps_one(conflict, enrolled, clerks):
    same = {"content_hash": conflict.content_hash, "note": "并发", "made_by": clerks[1]}
    # As if the other one had decided of the other row in the same moment: that row is not ours to see yet.
    Decision.objects.create(verdict="absent", **same)
    with pytest.raises(DecisionRefused, match="刚由别人作出决定"):
        decide(conflict.pk, "same", clerks[0], "核对", enrolled[0].pk)
    assert now(conflict) == ("open", None)


def test_the_lists_are_the_offices_and_the_declaring_sections(conflict, schools):
    def sees(**user):
        return ListRow.objects.visible_to(User(**user)).count()

    assert sees(role=User.Role.OFFICE) == sees(role=User.Role.SECTION, section="aid") == 2
    assert sees(is_superuser=True) == sees(role=User.Role.ADMINISTRATOR) == 0
    for role in (User.Role.LEADER, User.Role.CLERK):
        assert sees(role=role, school=schools[0]) == 0
    assert sees(role=User.Role.SECTION, section="staffing") == sees(role=User.Role.SECTION, section="") == 0
    assert "registered_poor" in categories_of(User(role=User.Role.SECTION, section="aid"))


def test_no_number_lies_open_in_what_the_linkage_keeps(conflict, enrolled, number, clerks):
    decide(conflict.pk, "same", clerks[0], "核对", enrolled[0].pk)
    tables = (
        "linkage_listrow",
        "linkage_historicallistrow",
        "linkage_link",
        "linkage_candidate",
        "linkage_decision",
    )
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            stored = repr(
                [[bytes(it) if isinstance(it, memoryview) else it for it in row] for row in cursor.fetchall()]
            )
            assert number(3) not in stored
            assert number(3)[6:17] not in stored
