"""The pages of payment: who sees them, the walk from list to receipt, and what a second click reads."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from xuezheng.areas.aid.models import Award, Payment, PaymentBatch, PaymentList
from xuezheng.areas.aid.procedures import bank
from xuezheng.areas.aid.procedures.propose import propose
from xuezheng.areas.aid.tests.conftest import PROGRAMME
from xuezheng.records.models import Look, Term
from xuezheng.web.security import access_log
from xuezheng.workbooks.reader import read_workbook

LISTS = "/aid/payments/"


@pytest.fixture
def desks(users, as_user):
    """The desks of 甲, who draws up, and of 乙, who approves."""
    return as_user(users[0]), as_user(users[1])


def html(response):
    assert response.status_code == 200
    return response.content.decode()


def draw_up(client):
    term = Term.objects.get().pk
    return html(client.post(LISTS, {"programme": PROGRAMME, "term": term}, follow=True))


def address(kind="lists", model=PaymentList):
    return f"/aid/{kind}/{model.objects.get().pk}/"


def receipt(path):
    return {"file": SimpleUploadedFile(path.name, path.read_bytes())}


@pytest.mark.django_db
def test_only_the_section_and_the_office_see_the_pages(enrolled, users, strangers, as_user, term):
    propose(PROGRAMME, term, users[0])
    first = Payment.objects.first().pk
    pages = [LISTS, f"/aid/payments/{first}/", address(), f"{address()}ledger/"]
    for user in (users[0], users[4]):
        assert {as_user(user).get(page).status_code for page in pages} == {200}
        assert 'href="/aid/payments/"' in html(as_user(user).get("/registers/"))
    for stranger in strangers[:3]:
        client = as_user(stranger)
        assert {client.get(page).status_code for page in pages} == {403}
        assert client.post(LISTS, {}).status_code == 403
        assert client.post(address(), {"step": "approve"}).status_code == 403
        assert "/aid/payments/" not in html(client.get("/registers/"))
    assert Payment.objects.filter(state="due").count() == 3


@pytest.mark.django_db
def test_from_the_list_to_the_receipt(enrolled, desks, users, answered, tmp_path):
    maker, checker = desks
    page = draw_up(maker)
    assert "已编制：3笔，共937.50元" in page
    assert "审批同意" not in page
    assert "由您编制，须由他人审批" in page
    assert "3笔已由甲于" in draw_up(checker)
    list_address = address()
    assert "审批同意" in html(checker.get(list_address))
    assert "已审批：3笔，共937.50元" in html(checker.post(list_address, {"step": "approve"}, follow=True))
    assert "您这次没有改动" in html(checker.post(list_address, {"step": "approve"}, follow=True))
    page = html(maker.post(list_address, {"step": "batch"}, follow=True))
    assert "已编制：3笔，共937.50元" in page
    assert "玖佰叁拾柒元伍角整" in page
    assert "没有待编批的笔" in html(maker.post(list_address, {"step": "batch"}, follow=True))
    batch = PaymentBatch.objects.get()
    here = address("batches", PaymentBatch)
    (tmp_path / "银行.xlsx").write_bytes(b"".join(maker.get(f"{here}file/").streaming_content))
    access_log.file_away()
    line = Look.objects.filter(kind="bank_file").first()
    assert (line.kind, line.what, line.people, line.by) == (
        "bank_file",
        f"代发清单 {batch.number}.xlsx",
        3,
        users[0],
    )
    (raw,) = read_workbook(tmp_path / "银行.xlsx")
    assert raw.row(3) == list(bank.COLUMNS)
    assert raw.row(2)[0] == "合计：937.50元　大写：玖佰叁拾柒元伍角整"
    assert raw.row(4)[:8] == [
        batch.number, "1", "学生1", Award.objects.first().person.id_number, "学生1", "6217001000000000001",
        "云岭农商行", "312.5",
    ]  # fmt: skip
    assert "回单须由他人读入" in html(checker.get(here))
    page = html(maker.post(here, receipt(answered(batch, {2: "户名不符"})), follow=True))
    assert "2笔发放成功，1笔退回" in page
    assert "3笔此前已读过" in html(maker.post(here, receipt(answered(batch, {2: "户名不符"})), follow=True))
    page = html(maker.get(LISTS))
    assert "已发放 2" in page
    assert "已退回 1" in page
    assert re.search(r'<td class="num">1</td>', page)


@pytest.mark.django_db
def test_a_receipt_that_does_not_fit_is_told_with_its_places(enrolled, desks, answered):
    maker, checker = desks
    draw_up(maker)
    checker.post(address(), {"step": "approve"})
    maker.post(address(), {"step": "batch"})
    here, batch = address("batches", PaymentBatch), PaymentBatch.objects.get()

    def spoil(rows):
        rows[0][7] = "9999.00"
        return rows

    page = html(maker.post(here, receipt(answered(batch, change=spoil))))
    assert "有1处与批次不符，没有任何改动" in page
    assert "第3行：金额“9999.00”与送出的312.50元不同" in page
    empty = {"file": SimpleUploadedFile("回单.xlsx", b"not a workbook")}
    assert "invalid-feedback" in html(maker.post(here, empty))
    assert "invalid-feedback" in html(maker.post(here, {}))
    assert Payment.objects.filter(state="batched").count() == 3


@pytest.mark.django_db
def test_every_amount_of_a_list_opens_its_reason(enrolled, desks):
    maker, _ = desks
    page = draw_up(maker)
    for payment in Payment.objects.all():
        assert f'href="/aid/payments/{payment.pk}/"' in page
    page = html(maker.get(f"/aid/payments/{Payment.objects.first().pk}/"))
    for expected in (
        "为什么是312.50元",
        "非寄宿生生活费应发",
        "执行标准",
        "2019-09-01起施行",
        "财教〔2019〕121号",
        "依据待核实",
        "走读",
    ):
        assert expected in page


@pytest.mark.django_db
def test_steps_of_one_payment(enrolled, desks, answered):
    maker, checker = desks
    draw_up(maker)
    first, second, _ = Payment.objects.order_by("pk")
    first_address = f"/aid/payments/{first.pk}/"
    assert "不同意这一笔" in html(checker.get(first_address))
    assert "不同意这一笔" not in html(maker.get(first_address))
    assert "没有同意" in html(
        checker.post(first_address, {"step": "decline", "reason": "已转学"}, follow=True)
    )
    assert "现为“未同意”" in html(
        checker.post(first_address, {"step": "decline", "reason": "已转学"}, follow=True)
    )
    checker.post(address(), {"step": "approve"})
    maker.post(address(), {"step": "batch"})
    batch = PaymentBatch.objects.get()
    maker.post(address("batches", PaymentBatch), receipt(answered(batch)))
    two = f"/aid/payments/{second.pk}/"
    assert "按规则重算差额" in html(maker.get(two))
    assert "没有差额" in html(maker.post(two, {"step": "differ", "reason": "查实"}, follow=True))
    page = html(maker.post(two, {"step": "void", "reason": "已在外地享受"}, follow=True))
    assert "已提出追回" in page
    assert "应为 0.00元，此前已发 312.50元" in page
    recovery = Payment.objects.get(kind="recovery")
    checker.post(f"/aid/lists/{recovery.list_id}/", {"step": "approve"})
    back = f"/aid/payments/{recovery.pk}/"
    assert "收款日期无法识别" in html(
        maker.post(back, {"step": "recover", "received_on": "昨天"}, follow=True)
    )
    page = html(maker.post(back, {"step": "recover", "received_on": "2019-11-20"}, follow=True))
    assert "已确认收回312.50元" in page


@pytest.mark.django_db
def test_no_page_holds_inline_code_or_an_account_in_full(enrolled, desks):
    maker, checker = desks
    draw_up(maker)
    list_address = address()
    checker.post(list_address, {"step": "approve"})
    maker.post(list_address, {"step": "batch"})
    for page in (
        LISTS,
        list_address,
        f"/aid/payments/{Payment.objects.first().pk}/",
        address("batches", PaymentBatch),
    ):
        text = html(maker.get(page))
        assert not re.findall(r"<style|\sstyle=|\son[a-z]+=", text)
        assert "6217001" not in text
        assert Award.objects.first().person.id_number not in text


@pytest.mark.django_db
def test_hostile_requests_are_answered_with_a_page(enrolled, desks):
    maker, _ = desks
    draw_up(maker)
    for page in (
        f"{address()}?state=none",
        f"{address()}nothing/",
        "/aid/lists/999/",
        "/aid/payments/999/",
        "/aid/batches/999/",
    ):
        assert maker.get(page).status_code == 404, page
    for form in (
        {},
        {"programme": PROGRAMME, "term": "²"},
        {"programme": "x", "term": str(Term.objects.get().pk)},
    ):
        assert maker.post(LISTS, form).status_code == 404
    assert maker.post(address(), {"step": "nothing"}).status_code == 404
    assert maker.post(f"/aid/payments/{Payment.objects.first().pk}/", {"step": "x"}).status_code == 404


@pytest.mark.django_db
def test_query_counts(enrolled, desks, django_assert_num_queries):
    maker, checker = desks
    draw_up(maker)
    list_address, payment_address = address(), f"/aid/payments/{Payment.objects.first().pk}/"
    maker.get(list_address)
    # Session, user, open jobs; who waits, budgets, terms, who is wanting, what payments and others used; lists, counted and shown; what is short.
    with django_assert_num_queries(13):
        maker.get(LISTS)
    # Session, user, what is used, open jobs; the list, its states, payments counted and shown, batches.
    with django_assert_num_queries(9):
        maker.get(list_address)
    # Session, user, open jobs; the payment, others of the award, steps.
    with django_assert_num_queries(7):
        maker.get(payment_address)
    checker.post(list_address, {"step": "approve"})
    maker.post(list_address, {"step": "batch"})
    batch = address("batches", PaymentBatch)
    maker.get(batch)
    # Session, user, open jobs; the batch, its total, states, accounts, payments counted and shown.
    with django_assert_num_queries(10):
        maker.get(batch)


def test_approving_asks_for_the_password_that_was_typed_long_ago_and_then_does_what_was_asked(
    enrolled, users, desks, term
):
    propose(PROGRAMME, term, users[0])
    users[1].set_password("白日依山尽-1957")
    users[1].save()
    checker = Client()
    checker.force_login(users[1])
    session = checker.session
    session["confirmed"] -= 5 * 60 + 1
    session.save()
    confirmation = html(checker.post(address(), {"step": "approve"}))
    assert "请再输一次密码" in confirmation
    assert '<input type="hidden" name="step" value="approve">' in confirmation
    assert not Payment.objects.filter(state="approved").exists()
    form = {"step": "approve", "confirm_method": "POST"}
    assert "密码不对" in html(checker.post(address(), {**form, "password": "不对"}))
    assert "已审批：3笔" in html(
        checker.post(address(), {**form, "password": "白日依山尽-1957"}, follow=True)
    )


def test_a_ledger_goes_out_for_a_purpose_that_is_written_down(enrolled, users, desks, term):
    maker, _ = desks
    propose(PROGRAMME, term, users[0])
    here = f"{address()}ledger/"
    assert "请写明用途" in html(maker.get(here))
    for vague in ("用", "给13805590000看"):
        assert "至少4个字" in html(maker.post(here, {"purpose": vague}))
    assert maker.post(here, {"purpose": "报送审计组"}).streaming
    access_log.file_away()
    line = Look.objects.filter(kind="ledger").first()
    assert (line.purpose, line.people, line.by) == ("报送审计组", 3, users[0])
