"""From the list to the receipt, step by step, and what each step refuses."""

from datetime import date

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from xuezheng.areas.aid.models import Account, Award, Budget, Payment, PaymentBatch, PaymentList, Step
from xuezheng.areas.aid.procedures.bank import COLUMNS, SHEET, doubtful, make_batch, write_bank_file
from xuezheng.areas.aid.procedures.decide import approve, decline
from xuezheng.areas.aid.procedures.differences import propose_difference
from xuezheng.areas.aid.procedures.propose import propose, waiting
from xuezheng.areas.aid.procedures.receipt import ReceiptRefused, read_receipt
from xuezheng.areas.aid.procedures.steps import StepRefused, lock_list, move
from xuezheng.areas.aid.tests.conftest import PAID_ON, PROGRAMME, add_awards, id_number, states
from xuezheng.intake import import_workbook
from xuezheng.intake.undo import UndoRefused, undo
from xuezheng.records.models import PersonCategory

pytestmark = pytest.mark.django_db


def test_a_list_has_all_who_wait_at_the_amounts_of_the_rules(listed, term, users):
    assert [payment.amount for payment in Payment.objects.all()] == [31250] * 3
    assert states() == ["due"] * 3
    assert listed.proposed_by == users[0]
    assert not waiting(PROGRAMME, term).exists()
    with pytest.raises(StepRefused, match=f"3笔已由甲于.*编入清单{listed.pk}"):
        propose(PROGRAMME, term, users[1])


def test_why_an_amount_is_told_with_rule_clause_day_and_the_columns_read(listed):
    basis = Payment.objects.first().basis
    assert basis["rules"][0].startswith("应发金额")
    assert [rule.partition("：")[0] for rule in basis["rules"][1:]] == ["非寄宿生生活费应发", "执行标准"]
    assert [(policy["since"], policy["verified"]) for policy in basis["policies"]] == [
        ("2019-09-01", True),
        ("2016-02-01", False),
        ("2019-09-01", False),
    ]
    assert "财教〔2019〕121号" in basis["policies"][0]["source"]
    assert basis["read"] == {
        "资助项目": "建档立卡学生资助", "学段": "初中", "就读方式": "走读", "开学日期": "2019-09-01",
        "办学类型": "初级中学",
    }  # fmt: skip


def test_a_school_s_own_amount_is_not_what_is_paid(awards, term, users):
    Award.objects.filter(pk=awards(1)[0].pk).update(amount=99_999_00)
    propose(PROGRAMME, term, users[0])
    assert Payment.objects.get().amount == 31250


def test_who_has_aid_that_excludes_this_one_is_left_out_and_told(awards, term, users):
    poor, boarding_award = awards(2)
    for award, programme in ((poor, "boarder"), (boarding_award, "boarder")):
        award.pk, award.programme, award.boarding = None, programme, "boarder"
        award.save()
    Award.objects.filter(person=boarding_award.person, programme=PROGRAMME).delete()
    propose(PROGRAMME, term, users[0])
    with pytest.raises(StepRefused, match="1人同学期另有按规定不同时发放的资助，1人本学期还没有认定"):
        propose("boarder", term, users[0])
    PersonCategory.objects.create(
        person=boarding_award.person, category="rural_allowance", starts_on=date(2019, 10, 14)
    )
    proposed = propose("boarder", term, users[0])
    assert (proposed.payments, proposed.barred) == (1, 1)
    assert "1人同学期另有按规定不同时发放的资助" in proposed.sentence()


def test_nobody_is_proposed_beyond_what_one_person_may_get_in_a_term(awards, term, users):
    poor, rich = awards(2)
    Award.objects.create(
        person=rich.person, programme="day_pupil", term=term, stage="junior", school=rich.school,
        school_name=rich.school_name, study_division="990101", boarding="day", amount=1_188_00, paid_on=date(2019, 9, 20),
    )  # fmt: skip
    Award.objects.filter(person=rich.person, programme="day_pupil").update(programme="rain_dew")
    proposed = propose(PROGRAMME, term, users[0])
    assert (proposed.payments, proposed.over_ceiling) == (1, 1)
    assert "1人本学期各项资助合计将超过一人一学期的上限" in proposed.sentence()
    assert Payment.objects.get().award_id == poor.pk


def test_one_who_was_paid_outside_is_not_proposed(awards, term, users):
    awards(2)
    Award.objects.filter(pk=Award.objects.first().pk).update(paid_on=date(2019, 10, 1))
    assert propose(PROGRAMME, term, users[0]).payments == 1


def test_a_list_that_there_is_not_is_refused(listed, users):
    with pytest.raises(StepRefused, match="没有清单999"), transaction.atomic():
        lock_list(999, users[1])


def test_the_maker_does_not_approve(listed, users):
    with pytest.raises(StepRefused, match="由您编制，须由他人审批"):
        approve(listed.pk, users[0])
    with pytest.raises(StepRefused, match="由您编制"):
        decline(Payment.objects.first().pk, users[0], "不符")
    assert states() == ["due"] * 3
    with pytest.raises(IntegrityError, match="maker_is_not_checker"), transaction.atomic():
        PaymentList.objects.update(approved_by=users[0], approved_at=listed.proposed_at)


def test_another_approves_once(listed, users):
    assert approve(listed.pk, users[1]) == f"清单{listed.pk}已审批：3笔，共937.50元。"
    with pytest.raises(StepRefused, match=f"清单{listed.pk}的3笔已由乙于.*审批，您这次没有改动"):
        approve(listed.pk, users[2])
    assert states() == ["approved"] * 3


def test_nobody_else_takes_a_step(batch, awards, term, strangers, answered):
    awards_before = list(Award.objects.order_by("pk").values())
    add_awards(1, term, Award.objects.first().school, first=50)
    path = answered(batch)
    for stranger in strangers:
        for step in (
            lambda who: propose(PROGRAMME, term, who),
            lambda who: approve(batch.list_id, who),
            lambda who: decline(Payment.objects.first().pk, who, "不符"),
            lambda who: make_batch(batch.list_id, who),
            lambda who: read_receipt(batch.pk, path, who),
            lambda who: propose_difference(Award.objects.first().pk, who, "更正"),
        ):
            with pytest.raises(StepRefused, match="您的账号不能"):
                step(stranger)
        assert not Payment.objects.all().visible_to(stranger).exists()
    assert states() == ["batched"] * 3
    assert list(Award.objects.order_by("pk").values())[:3] == awards_before


def test_rights_that_were_taken_away_count_at_the_next_step(listed, users):
    users[1].section = "staffing"
    users[1].save()
    users[1].section = "aid"  # as a session still believes
    with pytest.raises(StepRefused, match="您的账号不能"):
        approve(listed.pk, users[1])


def test_the_budget_is_not_exceeded(listed, users, term):
    Budget.objects.update(amount=93749)
    with pytest.raises(StepRefused, match=r"还可用937\.49元，本清单待审批937\.50元"):
        approve(listed.pk, users[1])
    assert states() == ["due"] * 3
    assert PaymentList.objects.get().approved_by is None
    decline(Payment.objects.first().pk, users[1], "已转学")
    approve(listed.pk, users[1])
    assert states() == ["declined", "approved", "approved"]
    assert [
        sentence for _, sentence in Budget(programme=PROGRAMME, term=term, amount=1).contradictions()
    ] == ["少于已审批和已发放的625元。请核对指标文件。"]


def test_what_a_budget_covers_is_noted_in_its_history(listed, users):
    approve(listed.pk, users[1])
    noted = Budget.objects.get().history.first()
    assert (str(noted.history_user), noted.history_change_reason) == ("乙", f"清单{listed.pk}审批937.50元")


def test_what_was_paid_outside_counts_in_the_budget(listed, users, term, school):
    (outside,) = add_awards(1, term, school, first=90)
    Award.objects.filter(pk=outside.pk).update(paid_on=date(2019, 10, 1))
    Budget.objects.update(amount=3 * 31250)
    with pytest.raises(StepRefused, match="指标不够"):
        approve(listed.pk, users[1])


def test_without_a_budget_nothing_is_approved(listed, users):
    Budget.objects.all().delete()
    with pytest.raises(StepRefused, match="请先导入“资助指标表”"):
        approve(listed.pk, users[1])


def test_a_declined_payment_has_a_reason_and_its_award_waits_again(listed, users, term):
    first = Payment.objects.first()
    with pytest.raises(StepRefused, match="请写明不同意的原因"):
        decline(first.pk, users[1], " ")
    decline(first.pk, users[1], "已转学")
    assert Step.objects.last().note == "已转学"
    with pytest.raises(StepRefused, match="现为“未同意”，由乙于"):
        decline(first.pk, users[2], "已转学")
    assert list(waiting(PROGRAMME, term)) == [first.award]


def test_only_those_with_an_account_go_to_the_bank(listed, users):
    Account.objects.first().delete()
    with pytest.raises(StepRefused, match="没有已审批的笔"):
        make_batch(listed.pk, users[0])
    approve(listed.pk, users[1])
    _, sentence = make_batch(listed.pk, users[0])
    assert "2笔，共625元。另有1笔没有代发账户" in sentence
    assert states() == ["approved", "batched", "batched"]
    with pytest.raises(StepRefused, match="1笔都没有代发账户"):
        make_batch(listed.pk, users[0])


def test_a_batch_keeps_the_accounts_of_its_day_sealed(batch):
    account = Account.objects.first()
    account.number = "6217000000000000"
    account.save()
    assert Payment.objects.first().account == "6217001000000000001"
    with connection.cursor() as cursor:
        cursor.execute("SELECT account, holder FROM aid_payment")
        encrypted = [bytes(cell) for row in cursor.fetchall() for cell in row]
    assert len(set(encrypted)) == 6
    assert not [cell for cell in encrypted if b"62170" in cell or "学生".encode() in cell]


def test_a_receipt_pays(paid, batch):
    assert states() == ["paid"] * 3
    assert {(award.amount, award.paid_on) for award in Award.objects.all()} == {(31250, PAID_ON)}
    history = Award.objects.first().history.first()
    assert (str(history.history_user), history.history_change_reason) == ("甲", str(batch))
    assert [(step.before, step.after, str(step.by)) for step in paid[0].steps.all()] == [
        ("", "due", "甲"), ("due", "approved", "乙"), ("approved", "batched", "甲"), ("batched", "paid", "甲")
    ]  # fmt: skip


def test_a_receipt_read_twice_changes_nothing(paid, batch, users, answered):
    before = list(Payment.objects.values()), Step.objects.count(), Award.history.count()
    receipt = read_receipt(batch.pk, answered(batch), users[2])
    assert "0笔发放成功，0笔退回；3笔此前已读过" in receipt.sentence()
    assert (list(Payment.objects.values()), Step.objects.count(), Award.history.count()) == before


def test_who_approved_does_not_read_the_receipt(batch, users, answered):
    with pytest.raises(StepRefused, match="由您审批，回单须由他人读入"):
        read_receipt(batch.pk, answered(batch), users[1])


def test_those_that_failed_come_back_and_are_paid_by_another_batch(batch, users, term, answered):
    old = answered(batch, {2: "账号户名不符"})
    receipt = read_receipt(batch.pk, old, users[0])
    assert (receipt.paid, receipt.returned, receipt.waiting) == (2, 1, 0)
    assert states() == ["paid", "returned", "paid"]
    assert Award.objects.filter(paid_on=None).count() == 1
    again = propose(PROGRAMME, term, users[0])
    assert again.payments == 1
    approve(again.list.pk, users[1])
    second, _ = make_batch(again.list.pk, users[0])
    read_receipt(second.pk, answered(second, name="再发.xlsx"), users[0])
    assert states() == ["paid", "returned", "paid", "paid"]
    assert "3笔此前已读过" in read_receipt(batch.pk, old, users[0]).sentence()
    with pytest.raises(ReceiptRefused) as refused:
        read_receipt(batch.pk, answered(batch), users[0])
    assert refused.value.faults == ["第4行：序号2此前已退回，不能又为成功。再次发放的，另有新的批次。"]


def test_what_the_bank_sends_back_late_waits_again(paid, batch, users, term, answered):
    read_receipt(batch.pk, answered(batch, {1: "账户已销户"}), users[0])
    assert states() == ["returned", "paid", "paid"]
    assert list(waiting(PROGRAMME, term)) == [paid[0].award]


def test_a_receipt_may_come_in_parts(batch, users, answered):
    receipt = read_receipt(batch.pk, answered(batch, change=lambda rows: rows[:2]), users[0])
    assert receipt.waiting == 1
    assert "还有1笔没有回单" in receipt.sentence()
    assert states() == ["paid", "paid", "batched"]


@pytest.mark.parametrize(
    ("column", "text", "sentence"),
    [
        (0, "XZ99999999", "批次号“XZ99999999”不是本批次的"),
        (1, "9", "本批次没有序号“9”"),
        (1, "²", "本批次没有序号“²”"),
        (1, "1", "序号1在第3行已有"),
        (4, "别人", "户名“别人”与送出的不同"),
        (7, "312.51", "金额“312.51”与送出的312.50元不同"),
        (7, "", "与送出的312.50元不同"),
        (9, "", "发放结果“”应为“成功”或“失败”"),
        (9, "失败", "须写明失败原因"),
        (11, "", "须写明到账日期"),
        (11, "2019-08-31", "不在2019-09-01开学之后"),
        (11, "2099-01-01", "今天之前"),
    ],
)
def test_a_receipt_that_does_not_fit_is_refused_whole_with_the_place(
    batch, users, answered, column, text, sentence
):
    def spoil(rows):
        rows[1][column] = text
        return rows

    with pytest.raises(ReceiptRefused) as refused:
        read_receipt(batch.pk, answered(batch, change=spoil), users[0])
    assert any(sentence in message and "第4行" in message for message in refused.value.faults), (
        refused.value.faults
    )
    assert states() == ["batched"] * 3
    assert not Award.objects.filter(paid_on__isnull=False).exists()


def test_a_file_that_is_no_receipt_is_refused(batch, users, raw_workbook):
    with pytest.raises(StepRefused, match="不是回单"):
        read_receipt(batch.pk, raw_workbook({"名单": [["姓名"], ["某"]]}), users[0])
    with pytest.raises(StepRefused, match="没有读入"):
        read_receipt(batch.pk, raw_workbook({"空": [["批次号", "序号", "户名", "金额（元）", "发放结果", "失败原因", "到账日期"]]}), users[0])  # fmt: skip


def test_the_bank_file_says_what_it_is_of_above_its_rows(batch, tmp_path):
    write_bank_file(batch, tmp_path / "代发.xlsx")
    page = openpyxl.load_workbook(tmp_path / "代发.xlsx").active
    assert page["A1"].value.endswith("资助代发清单")
    assert page["A2"].value == f"批次号：{batch.number}　项目：2019秋建档立卡学生资助　笔数：3"
    assert page["A3"].value == "合计：937.50元　大写：玖佰叁拾柒元伍角整"
    assert page.freeze_panes == "A5"
    assert (page["A1"].font.sz, page["A1"].font.b) == (14, True)


def test_a_list_that_is_not_there_is_refused(users):
    with pytest.raises(StepRefused, match="没有清单999999"):
        approve(999999, users[1])


@pytest.mark.parametrize(("above", "is_found"), [(19, True), (20, False)])
def test_the_headings_of_a_receipt_are_within_the_first_twenty_rows(
    batch, users, raw_workbook, above, is_found
):
    rows = [["说明"]] * above + [list(COLUMNS)]
    with pytest.raises(StepRefused, match="没有读入|没有写明批次号" if is_found else "不是回单"):
        read_receipt(batch.pk, raw_workbook({SHEET: rows}), users[0])


def test_an_account_of_nineteen_digits_is_usual_and_of_twenty_not():
    assert not doubtful("6217000000000000004")
    assert doubtful("62170000000000000006")


def test_there_is_no_way_beside_the_diagram(listed, users):
    for before, after in (("due", "paid"), ("paid", "due"), ("returned", "paid"), ("due", "batched")):
        with pytest.raises(ValueError, match="no step"):
            move(Payment.objects.all(), before, after, users[1])


def test_the_database_keeps_one_live_payment_of_an_award_and_the_award_itself(paid):
    first = paid[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(list=first.list, award=first.award, amount=1, basis={})
    with pytest.raises(ProtectedError):
        first.award.delete()


def test_a_workbook_does_not_change_what_the_bank_tells(paid, workbook):
    award = paid[0].award
    row = [
        award.person.name, award.person.id_number, "建档立卡学生资助", "2019秋", "初中", "云岭初级中学", "990101",
        "3199010101", "走读", "", "500", "2019-10-01",
    ]  # fmt: skip
    outcome = import_workbook(workbook({"资助发放名单": [row]}))
    assert not outcome.saved
    assert [problem.title for problem in outcome.problems] == ["资助金额（元）", "发放日期"]
    assert "由资助管理中心代发，以银行回单为准（现为312.50元，2019-10-25发放）" in str(outcome.problems[0])
    same = [*row[:10], "312.5", "2019-10-25"]
    assert import_workbook(workbook({"资助发放名单": [same]}, "再报.xlsx")).problems == []


def test_the_import_of_an_award_that_is_on_its_way_is_not_undone(awards, workbook, term, users):
    awards(0)
    row = [
        "学生七", id_number(7), "建档立卡学生资助", "2019秋", "初中", "云岭初级中学", "990101", "3199010101", "走读", "", "312.5", ""
    ]  # fmt: skip
    outcome = import_workbook(workbook({"资助发放名单": [row]}))
    propose(PROGRAMME, term, users[0])
    with pytest.raises(UndoRefused) as refused:
        undo(outcome.batch.pk)
    assert "后来有1条“支付”指向这一行加入的记录" in refused.value.obstacles[0].message
    assert Award.objects.count() == 1


def test_accounts_and_budgets_come_in_by_workbook(awards, workbook, term):
    (award,) = awards(1)
    outcome = import_workbook(
        workbook(
            {
                "代发账户": [
                    [award.person.name, award.person.id_number, "家长", "6217001234567890123", "云岭农商行"]
                ],
                "资助指标表": [["建档立卡学生资助", "2019秋", "5000", "云财教〔2019〕60号"]],
            }
        )
    )
    assert outcome.saved, outcome.problems
    assert (Account.objects.get().holder, Budget.objects.get().amount) == ("家长", 500_000)
    assert not import_workbook(
        workbook({"代发账户": [[award.person.name, award.person.id_number, "家长", "6217 0012", "某行"]]})
    ).saved


@pytest.mark.parametrize(
    ("account", "unusual"),
    [
        ("6217001210000000018", True),
        ("4111111111111111", False),
        ("4111111111111112", True),
        ("41111111", True),
    ],
)
def test_an_unusual_account_is_only_pointed_out(account, unusual):
    assert doubtful(account) == unusual


def test_a_batch_is_numbered_for_the_bank(batch):
    assert batch.number == f"XZ{batch.pk:08d}"
    assert PaymentBatch.objects.get() == batch
