"""What a rate that works back left unpaid is made up: computed for each person, proposed, approved, paid, and never twice."""

from dataclasses import replace
from datetime import date

import pytest

from xuezheng.areas.aid.arrears import shortfalls
from xuezheng.areas.aid.doctor import payments
from xuezheng.areas.aid.models import Account, Award, Budget, Payment, PaymentBatch, PaymentList
from xuezheng.areas.aid.models.payments import used
from xuezheng.areas.aid.procedures.bank import make_batch
from xuezheng.areas.aid.procedures.decide import approve
from xuezheng.areas.aid.procedures.differences import propose_make_up
from xuezheng.areas.aid.procedures.receipt import read_receipt
from xuezheng.areas.aid.procedures.steps import StepRefused
from xuezheng.areas.aid.tests.conftest import PAID_ON, id_number
from xuezheng.policy import taking
from xuezheng.policy.arrears import arrears_of_taking
from xuezheng.policy.packs import shipped
from xuezheng.records.models import Person, PersonCategory, Term

pytestmark = pytest.mark.django_db
NOTICE = "财政部2024年6月19日通知，自2024年春季学期起提高标准"
PAID_BEFORE = date(2024, 3, 20)


@pytest.fixture
def spring(place):
    return Term.objects.create(code="2024春", starts_on=date(2024, 2, 26), ends_on=date(2024, 7, 5))


@pytest.fixture
def boarders(spring, school):
    """Two boarders of primary school whom somebody paid 500 yuan in March 2024, by the rate known then; a third was paid in full."""

    def add(order, amount):
        person = Person.objects.create(
            name=f"学生{order}", id_number=id_number(order), sex="male", birth_date=date(2013, 3, 1)
        )
        PersonCategory.objects.create(person=person, category="other", starts_on=date(2023, 9, 1))
        Account.objects.create(
            person=person, holder=person.name, number=f"621700{10**12 + order}", bank="云岭农商行"
        )
        return Award.objects.create(
            person=person, programme="boarder", term=spring, stage="primary", school=school,
            school_name=school.name, study_division="990101", boarding="boarder", amount=amount, paid_on=PAID_BEFORE,
        )  # fmt: skip

    Budget.objects.create(programme="boarder", term=spring, amount=2000_00, document="云财教〔2024〕9号")
    return [add(1, 500_00), add(2, 500_00), add(3, 625_00)]


def test_a_boarder_paid_500_in_march_2024_is_due_125(boarders, spring, users, answered):
    found = shortfalls("boarder", spring)
    assert [(line.award, line.paid, line.missing) for line in found.payable] == [
        (boarders[0], 500_00, 125_00),
        (boarders[1], 500_00, 125_00),
    ]
    made, sentence = propose_make_up("boarder", spring, users[0], NOTICE)
    assert sentence == f"{made}已编制：补发2笔，共250元。"
    assert {(p.kind, p.amount, p.note) for p in made.payments.all()} == {("supplement", 125_00, NOTICE)}
    # Somebody else paid the 500 yuan before: the payment keeps what.
    assert {p.basis["paid_elsewhere"] for p in made.payments.all()} == {500_00}
    with pytest.raises(StepRefused, match="没有可补发的差额"):
        propose_make_up("boarder", spring, users[0], NOTICE)
    with pytest.raises(StepRefused, match="由您编制"):
        approve(made.pk, users[0])
    approve(made.pk, users[1])
    assert used(programme="boarder", term=spring.pk)["boarder", spring.pk] == 1875_00
    batch, _ = make_batch(made.pk, users[0])
    read_receipt(batch.pk, answered(batch, change=of_2024), users[0])
    # One person, one award: the whole amount, on the day of the first payment.
    assert list(Award.objects.order_by("pk").values_list("amount", "paid_on")) == [(625_00, PAID_BEFORE)] * 3
    assert used(programme="boarder", term=spring.pk)["boarder", spring.pk] == 1875_00
    with pytest.raises(StepRefused, match="没有可补发的差额"):
        propose_make_up("boarder", spring, users[0], NOTICE)
    assert payments.run().is_sound


def test_only_what_others_paid_is_noted_as_paid_elsewhere(boarders, spring, users):
    own = PaymentList.objects.create(programme="boarder", term=spring, proposed_by=users[0])
    batch = PaymentBatch.objects.create(list=own, made_by=users[0])
    Payment.objects.create(
        list=own, award=boarders[0], batch=batch, amount=500_00, basis={}, state="paid", paid_on=PAID_BEFORE
    )
    made, _ = propose_make_up("boarder", spring, users[0], NOTICE)
    assert {p.award_id: p.basis.get("paid_elsewhere") for p in made.payments.all()} == {
        boarders[0].pk: None,
        boarders[1].pk: 500_00,
    }


def of_2024(rows):
    return [[*row[:-1], row[-1].replace(str(PAID_ON), "2024-07-02")] for row in rows]


def test_a_make_up_that_the_bank_returns_leaves_what_was_paid_before(boarders, spring, users, answered):
    made, _ = propose_make_up("boarder", spring, users[0], NOTICE)
    approve(made.pk, users[1])
    batch, _ = make_batch(made.pk, users[0])
    read_receipt(batch.pk, answered(batch, {1: "账户已销户"}, of_2024), users[0])
    assert payments.run().is_sound
    boarders[0].refresh_from_db()
    assert (boarders[0].amount, boarders[0].paid_on) == (500_00, PAID_BEFORE)
    again, _ = propose_make_up("boarder", spring, users[0], NOTICE)
    assert [(p.award, p.amount) for p in again.payments.all()] == [(boarders[0], 125_00)]


def test_a_make_up_stays_within_the_budget_and_the_ceiling(boarders, spring, users):
    Budget.objects.update(amount=1874_99)
    made, _ = propose_make_up("boarder", spring, users[0], NOTICE)
    with pytest.raises(StepRefused, match="指标不够"):
        approve(made.pk, users[1])
    Payment.objects.all().update(state="declined")
    Award.objects.create(
        **{name: getattr(boarders[0], name) for name in ("person", "term", "stage", "school", "school_name")},
        study_division="990101", programme="registered_poor", boarding="boarder", amount=375_01, paid_on=PAID_BEFORE,
    )  # fmt: skip
    # 500 + 375.01 + 125 is one fen more than a pupil of primary school may get in a term; and listed pupils are paid as such.
    found = shortfalls("boarder", spring)
    assert [line.award for line in found.payable] == [boarders[1]]
    assert found.barred + found.over_ceiling == 1


def test_whoever_is_not_recognised_as_poor_gets_nothing_on_top(boarders, spring, users):
    PersonCategory.objects.filter(person=boarders[0].person).delete()
    found = shortfalls("boarder", spring)
    assert ([line.award for line in found.payable], found.unrecognised) == ([boarders[1]], 1)
    assert "1人本学期还没有认定" in found.left_out()


def test_a_make_up_has_a_reason(boarders, spring, users, strangers):
    with pytest.raises(StepRefused, match="请写明补发的事由"):
        propose_make_up("boarder", spring, users[0], " ")
    with pytest.raises(StepRefused, match="不能办理"):
        propose_make_up("boarder", spring, strangers[0], NOTICE)
    assert not Payment.objects.exists()


@pytest.mark.usefixtures("policy_of_the_database")
def test_before_a_pack_is_taken_it_is_known_what_has_to_be_paid_later(boarders, spring, users, as_user):
    later = shipped()["national"]
    known_then = tuple(v for v in later.versions["aid.boarder"] if v.first < date(2024, 1, 1))
    before = replace(later, edition="2023.1", versions={**later.versions, "aid.boarder": known_then})
    taking.pin_beginning([shipped()["start"], before])
    assert shortfalls("boarder", spring).payable == []
    changes = taking.changes(later)
    assert [change.after.key for change in changes] == ["aid.boarder"]
    assert arrears_of_taking(later, changes) == [("2024春 义务教育寄宿生生活费补助", 2, 250_00)]
    page = as_user(users[4]).get("/policy/packs/national/").content.decode()
    assert "采用后须补发" in page
    assert "2024春 义务教育寄宿生生活费补助" in page
    assert "2人，共250.00元" in page
    taking.take(later, None)
    assert arrears_of_taking(later, taking.changes(later)) == []
    assert shortfalls("boarder", spring).missing == 250_00


def test_the_pages_lead_from_the_rate_to_the_list(boarders, spring, users, as_user):
    desk = as_user(users[0])
    address = f"/aid/make-up/?programme=boarder&term={spring.pk}"
    page = desk.get(address).content.decode()
    assert "应补发2人，共250.00元" in page
    assert "编制补发清单" in page
    response = desk.post("/aid/make-up/", {"programme": "boarder", "term": spring.pk, "reason": NOTICE})
    made = Payment.objects.first().list
    assert response["Location"] == f"/aid/lists/{made.pk}/"
    assert "补发" in desk.get(response["Location"]).content.decode()
    assert "没有少发的" in desk.get(address).content.decode()
    assert desk.get("/aid/make-up/?programme=nothing&term=1").status_code == 404
    assert desk.get("/aid/make-up/").status_code == 200
