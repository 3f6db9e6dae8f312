"""Many at once: a recognition is decided once, and an import at the time of a step overwrites nothing."""

from datetime import date

import pytest
from tests.at_once import at_once, told_apart

from xuezheng.areas.aid.models import Entitlement, Recognition, RecognitionStep
from xuezheng.areas.aid.procedures import recognise
from xuezheng.areas.aid.procedures.draw_up import draw_up
from xuezheng.areas.aid.procedures.notices import last_day
from xuezheng.areas.aid.procedures.recognise import By
from xuezheng.areas.aid.procedures.steps import StepRefused
from xuezheng.intake import import_workbook
from xuezheng.records.models import PersonCategory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def together(*acts):
    done, raised = at_once(*acts)
    return done, *told_apart(raised, StepRefused)


def test_many_who_decide_and_object_at_once_take_one_step(applied, clerk, users, term):
    keys = [recognition.pk for recognition in applied]
    recognise.review(keys, By(clerk, date(2019, 9, 20)))
    recognise.post(keys, By(clerk, date(2019, 9, 24)), last_day(date(2019, 9, 24)))
    day = date(2019, 10, 8)
    deciding = [lambda who=users[turn % 5]: recognise.decide(keys, By(who, day)) for turn in range(6)]
    done, refused, failed = together(
        *deciding, lambda: recognise.send_back(keys[0], By(clerk, day, "有异议"))
    )
    assert failed == []
    assert len(done) == 1
    assert len(refused) == 6
    decided = Recognition.objects.filter(state="decided").count()
    # Either the objection came first, and nobody could decide on all, or the decision did.
    assert decided in (0, 3)
    assert RecognitionStep.objects.filter(after="decided").count() == decided
    assert Entitlement.objects.count() == PersonCategory.objects.count() == decided
    if decided:
        done, refused, failed = together(*[lambda: draw_up("day_pupil", term, users[0])] * 4)
        assert (len(done), len(refused), failed) == (1, 3, [])


def test_a_workbook_beside_a_step_changes_what_the_step_left_or_is_refused(applied, clerk, workbook):
    person = applied[0].person
    row = [
        person.name, person.id_number, "2019秋", "3199010101", None, None, "农村低保", "特别困难", None, None, None, None,
        "2019-09-09",
    ]  # fmt: skip
    path = workbook({"认定申请表": [row]})
    done, refused, failed = together(
        lambda: import_workbook(path, user=clerk),
        lambda: recognise.review([applied[0].pk], By(clerk, date(2019, 9, 20))),
    )
    assert (len(done), refused, failed) == (2, [], [])
    saved = next(outcome.saved for outcome in done if not isinstance(outcome, int))
    recognition = Recognition.objects.get(pk=applied[0].pk)
    assert (recognition.state, recognition.tier) == ("reviewed", "severe" if saved else "slight")
