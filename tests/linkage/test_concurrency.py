"""Several at once: over one content one decision stands, and the job loses none."""

import pytest
from tests.at_once import at_once, told_apart

from xuezheng.linkage.job import link
from xuezheng.linkage.models import Decision, Link
from xuezheng.linkage.review import DecisionRefused, decide, undo_decision

AT_ONCE = 6

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def twins(enrolled, listed, number):
    """The number of the first pupil under another name, on two lists."""
    listed("覃大壮", number(3))
    listed("覃大壮", number(3))
    link()
    return [it.pk for it in Link.objects.order_by("pk")]


def together(*acts):
    """Do everything at the same moment; return the refusals and the other failures."""
    _, raised = at_once(*acts)
    return told_apart(raised, DecisionRefused)


def test_of_many_who_decide_at_once_one_does_and_the_others_read_a_sentence(twins, enrolled, clerks):
    refused, failed = together(
        *(
            lambda turn=turn: decide(twins[turn % 2], "same", clerks[turn % 2], "核对", enrolled[0].pk)
            for turn in range(AT_ONCE)
        )
    )
    assert failed == []
    assert len(refused) == AT_ONCE - 1
    assert all("作出决定" in sentence for sentence in refused)
    assert Decision.objects.count() == 1
    assert {(it.state, it.person_id) for it in Link.objects.all()} == {("found", enrolled[0].pk)}


def test_of_many_who_undo_at_once_one_does(twins, enrolled, clerks):
    decision = decide(twins[0], "same", clerks[0], "核对", enrolled[0].pk)
    refused, failed = together(*[lambda: undo_decision(decision.pk, clerks[1])] * AT_ONCE)
    assert (len(refused), failed) == (AT_ONCE - 1, [])
    assert set(Link.objects.values_list("state", flat=True)) == {"open"}


def test_a_decision_beside_running_jobs_stands(twins, enrolled, clerks):
    refused, failed = together(
        link, lambda: decide(twins[1], "same", clerks[0], "核对", enrolled[0].pk), link
    )
    assert (refused, failed) == ([], [])
    assert set(Link.objects.values_list("state", flat=True)) == {"found"}
    assert {it.decision_id for it in Link.objects.all()} == {Decision.objects.get().pk}
