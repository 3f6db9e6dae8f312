"""The pages of payment: all lists, one list, one payment with the basis of its amount, and one batch."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Model, Q, QuerySet, Sum
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng.areas.aid.models import Budget, Payment, PaymentBatch, PaymentList, programme_label
from xuezheng.areas.aid.models.payments import used
from xuezheng.areas.aid.pages.form_input import report_refusals
from xuezheng.areas.aid.procedures.bank import doubtful, make_batch, write_bank_file
from xuezheng.areas.aid.procedures.capitals import capitals
from xuezheng.areas.aid.procedures.decide import approve, decline
from xuezheng.areas.aid.procedures.differences import propose_difference, recover
from xuezheng.areas.aid.procedures.draw_up import draw_up, wanting
from xuezheng.areas.aid.procedures.ledgers import write_ledger, write_notice, write_summary
from xuezheng.areas.aid.procedures.propose import all_waiting, propose
from xuezheng.areas.aid.procedures.receipt import read_receipt
from xuezheng.areas.aid.procedures.steps import Kind, State, StepRefused
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import Look, Term, User
from xuezheng.records.permissions import may, require
from xuezheng.web.login.sessions import WHAT_FOR, confirmed, require_confirmation
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import LimitedFileField, disclosed, received, send_download, takes_files
from xuezheng.web.ui.parameters import parse_number
from xuezheng.workbooks import WorkbookRefused

PER_PAGE = 50
PURPOSE = "办理资助发放"
MEGABYTES = 20
COLOURS: dict[str, str] = {
    State.DUE: "orange",
    State.DECLINED: "secondary",
    State.APPROVED: "azure",
    State.BATCHED: "blue",
    State.PAID: "green",
    State.RETURNED: "red",
    State.RECOVERED: "purple",
}
DOCUMENTS = {
    "ledger": ("发放台账", write_ledger),
    "notice": ("公示名单", write_notice),
    "summary": ("公开汇总", write_summary),
}


class Fund(NamedTuple):
    """A programme in a term, as the overview shows it.

    ``programme`` is its code, ``title`` its Chinese name. ``wanting`` is the number of entitled persons
    without an award, ``waiting`` that of awards without a payment. ``budget`` is None without one; ``used``
    is the amount approved or paid, in fen.
    """

    programme: str
    title: str
    term: Term
    wanting: int
    waiting: int
    budget: Budget | None
    used: int


class Tally(NamedTuple):
    """The payments of a list in one state, as a filter of the list's page.

    ``payments`` is their number and ``amount`` their sum in fen. ``address`` shows only them; ``on`` is True
    where they are shown now, and ``address`` then shows all.
    """

    title: str
    colour: str
    payments: int
    amount: int
    address: str
    on: bool


@never_cache
@require_http_methods(["GET", "POST"])
def payments(request: UserRequest) -> HttpResponse:
    """Show the awards to be paid, and the lists of payments; a POST proposes a list for a programme and term.

    With ``step`` "draw_up", the POST creates missing awards instead. Raises ``PermissionDenied`` where the
    user may not handle payments.
    """
    require(request.user, "handle", "aid.payment")
    if request.method == "POST":
        term = get_object_or_404(Term, pk=parse_number(request.POST.get("term")))
        programme = request.POST.get("programme", "")
        if programme not in code_list("aid.programme").codes:
            raise Http404("没有这个资助项目。")
        with report_refusals(request):
            if request.POST.get("step") == "draw_up":
                messages.success(request, draw_up(programme, term, request.user))
                return redirect("aid:payments")
            made = propose(programme, term, request.user)
            messages.success(request, made.sentence())
            return redirect("aid:list", made.list.pk)
        return redirect("aid:payments")
    lists = (
        PaymentList.objects.visible_to(request.user)
        .select_related("term", "proposed_by", "approved_by")
        .annotate(**{state: Count("payments", filter=Q(payments__state=state)) for state in State.values})
        .annotate(amount=Sum("payments__amount"))
        .order_by("-pk")
    )
    page = Paginator(lists, PER_PAGE).get_page(request.GET.get("page"))
    for payment_list in page:
        payment_list.states = [
            (State(state).label, COLOURS[state], count)
            for state in State.values
            if (count := getattr(payment_list, state))
        ]
    return render(request, "aid/payments.html", {"funds": _funds(), "page": page})


def _funds() -> list[Fund]:
    """Return every programme and term with awards to be paid, persons without an award, or a budget, the newest first."""
    waiting = {
        (programme, term): count
        for programme, term, count in all_waiting()
        .order_by()
        .values("programme", "term")
        .annotate(all=Count("pk"))
        .values_list("programme", "term", "all")
    }
    budgets = {(budget.programme, budget.term_id): budget for budget in Budget.objects.all()}
    unawarded = {
        (group["programme"], group["term"]): group["all"]
        for group in wanting().order_by().values("programme", "term").annotate(all=Count("pk"))
    }
    keys = {*waiting, *budgets, *unawarded}
    terms = {
        known_term.pk: known_term for known_term in Term.objects.filter(pk__in={term for _, term in keys})
    }
    spent: Counter[tuple[str, int]] = used() if budgets else Counter()
    order = [*code_list("aid.programme").codes, *sorted({programme for programme, _ in keys})]
    funds = [
        Fund(
            programme,
            programme_label(programme),
            terms[term],
            unawarded.get((programme, term), 0),
            waiting.get((programme, term), 0),
            budgets.get((programme, term)),
            spent[programme, term],
        )
        for programme, term in keys
    ]
    return sorted(funds, key=lambda fund: (-fund.term.starts_on.toordinal(), order.index(fund.programme)))


@never_cache
@require_http_methods(["GET", "POST"])
def payment_list(request: UserRequest, pk: int) -> HttpResponse:
    """Show the payments of the list ``pk``, all or those of one state.

    A POST approves the list or makes a batch of it. Approval needs the password typed within the last
    minutes. Raises ``PermissionDenied`` where the user may not handle payments.
    """
    require(request.user, "handle", "aid.payment")
    visible = PaymentList.objects.visible_to(request.user)
    payment_list = get_object_or_404(visible.select_related("term", "proposed_by", "approved_by"), pk=pk)
    if request.method == "POST":
        return _step_of_list(request, pk)
    chosen = request.GET.get("state", "")
    if chosen and chosen not in State.values:
        raise Http404("没有这样的状态。")
    tallies = _tallies(payment_list, chosen)
    rows = payment_list.payments.select_related("award__person", "award__school", "batch")
    page = Paginator(rows.filter(state=chosen) if chosen else rows, PER_PAGE).get_page(
        request.GET.get("page")
    )
    counts = {tally.title: tally.payments for tally in tallies}
    access_log.note(
        request, f"资助：{payment_list}", PURPOSE, access_log.persons_in(payment.award for payment in page)
    )
    context = {
        "payment_list": payment_list,
        "page": _coloured(page),
        "tallies": tallies,
        "total": sum(tally.amount for tally in tallies),
        "may_approve": bool(counts.get(State.DUE.label))
        and may(request.user, "approve", "aid.payment", made_by=payment_list.proposed_by_id),
        "own": bool(counts.get(State.DUE.label)) and payment_list.proposed_by_id == request.user.pk,
        "may_batch": bool(counts.get(State.APPROVED.label))
        and payment_list.payments.exclude(kind=Kind.RECOVERY).filter(state=State.APPROVED).exists(),
        "batches": payment_list.batches.select_related("made_by").annotate(count=Count("payments")),
        "documents": [(kind, title) for kind, (title, _) in DOCUMENTS.items()],
    }
    return render(request, "aid/list.html", context)


def _step_of_list(request: UserRequest, pk: int) -> HttpResponse:
    step = request.POST.get("step")
    if step == "approve" and (confirmation := require_confirmation(request)):
        return confirmation
    with report_refusals(request):
        if step == "batch":
            made, sentence = make_batch(pk, request.user)
            messages.success(request, sentence)
            return redirect("aid:batch", made.pk)
        if step != "approve":
            raise Http404("没有这一步。")
        messages.success(request, approve(pk, request.user))
    return redirect("aid:list", pk)


def _tallies(payment_list: PaymentList, chosen: str) -> list[Tally]:
    counts = {
        state: (count, amount)
        for state, count, amount in payment_list.payments.order_by()
        .values("state")
        .annotate(count=Count("pk"), all=Sum("amount"))
        .values_list("state", "count", "all")
    }
    here = reverse("aid:list", args=[payment_list.pk])
    return [
        Tally(
            str(State(state).label),
            COLOURS[state],
            *counts[state],
            # The chip that is on takes its filter off.
            here if state == chosen else f"{here}?state={state}",
            state == chosen,
        )
        for state in State.values
        if state in counts
    ]


def _coloured(rows: Any) -> Any:
    for payment in rows:
        payment.colour = COLOURS[payment.state]
    return rows


@never_cache
@require_http_methods(["GET", "POST"])
def payment(request: UserRequest, pk: int) -> HttpResponse:
    """Show the basis of the amount of the payment ``pk``, and its steps; a POST carries out a ``step``.

    "decline" declines it, "recover" confirms that a recovery was received, "differ" proposes the difference
    from what is due, and "void" the recovery of all of it. Raises ``Http404`` for any other step,
    ``PermissionDenied`` where the user may not handle payments.
    """
    require(request.user, "handle", "aid.payment")
    visible = Payment.objects.visible_to(request.user)
    payment = get_object_or_404(
        visible.select_related("award__person", "award__term", "award__school", "list", "batch"), pk=pk
    )
    if request.method == "POST":
        return _step(request, payment)
    others = payment.award.payments.exclude(pk=pk).select_related("list")
    access_log.note(request, f"资助：{payment.list}的一笔", PURPOSE, [payment.award.person_id])
    live = [candidate for candidate in (payment, *others) if candidate.state in Payment.OPEN]
    context = {
        "payment": _coloured([payment])[0],
        "others": _coloured(others),
        "steps": payment.steps.select_related("by"),
        "may_decline": payment.state == State.DUE
        and may(request.user, "approve", "aid.payment", made_by=payment.list.proposed_by_id),
        "may_differ": payment.state == State.PAID and not live,
        "may_recover": payment.kind == Kind.RECOVERY
        and payment.state == State.APPROVED
        and may(request.user, "confirm", "aid.payment", made_by=payment.list.approved_by_id),
    }
    return render(request, "aid/payment.html", context)


def _step(request: UserRequest, payment: Payment) -> HttpResponse:
    step, reason = request.POST.get("step"), request.POST.get("reason", "")
    if step == "recover" and (confirmation := require_confirmation(request)):
        return confirmation
    with report_refusals(request):
        if step == "decline":
            messages.success(request, decline(payment.pk, request.user, reason))
        elif step == "recover":
            messages.success(
                request, recover(payment.pk, request.user, _day(request.POST.get("received_on")))
            )
        elif step in ("differ", "void"):
            made = propose_difference(payment.award_id, request.user, reason, entitled=step == "differ")
            messages.success(request, f"已提出{made.get_kind_display()}，列入{made.list}，须由他人审批。")
            return redirect("aid:payment", made.pk)
        else:
            raise Http404("没有这一步。")
    return redirect("aid:payment", payment.pk)


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise StepRefused("收款日期无法识别。请写作2019-11-20这样的日期。") from None


class ReceiptForm(forms.Form):
    """The form for uploading the bank's receipt."""

    file = LimitedFileField(
        megabytes=MEGABYTES,
        remedy="请核对是不是银行的回单。",
        label="回单",
        help_text="银行填好发放结果、失败原因和到账日期的代发清单（.xlsx、.xls）",
    )


@takes_files(MEGABYTES)
@never_cache
@require_http_methods(["GET", "POST"])
def batch(request: UserRequest, pk: int) -> HttpResponse:
    """Show the batch ``pk`` with its totals; a POST imports the bank's receipt for it.

    Raises ``PermissionDenied`` where the user may not handle payments.
    """
    require(request.user, "handle", "aid.payment")
    visible = PaymentBatch.objects.visible_to(request.user)
    batch = get_object_or_404(visible.select_related("list__term", "list__approved_by", "made_by"), pk=pk)
    form = ReceiptForm(request.POST, request.FILES) if request.method == "POST" else ReceiptForm()
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _read(form.cleaned_data["file"], pk, request.user))
            return redirect("aid:batch", pk)
        except (StepRefused, WorkbookRefused) as refusal:
            form.add_error("file", str(refusal))
            faults = getattr(refusal, "faults", [])
    rows = batch.payments.select_related("award__person").order_by("place")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    access_log.note(
        request,
        f"资助：批次{batch.number}",
        PURPOSE,
        access_log.persons_in(payment.award for payment in page),
    )
    total = batch.payments.aggregate(all=Sum("amount", default=0), count=Count("pk"))
    states = batch.payments.order_by().values("state").annotate(count=Count("pk"))
    context = {
        "batch": batch,
        "page": _coloured(page),
        "total": total["all"],
        "count": total["count"],
        "capitals": capitals(total["all"]),
        "states": [
            (State(group["state"]).label, COLOURS[group["state"]], group["count"])
            for group in states.order_by("state")
        ],
        "doubtful": sum(map(doubtful, batch.payments.values_list("account", flat=True))),
        "form": form,
        "faults": faults,
        "may_read": may(request.user, "confirm", "aid.payment", made_by=batch.list.approved_by_id),
    }
    return render(request, "aid/batch.html", context)


def _read(file: Any, pk: int, user: User) -> str:
    with received(file) as path:
        return read_receipt(pk, path, user, file.name).sentence()


@never_cache
@confirmed
@require_GET
def bank_file(request: UserRequest, pk: int) -> FileResponse:
    """Send the file of the batch ``pk`` for the bank; the download is written to the access log.

    The user must have typed the password within the last minutes.
    """
    require(request.user, "handle", "aid.payment")
    batch = get_object_or_404(
        PaymentBatch.objects.visible_to(request.user).select_related("list__term"), pk=pk
    )

    def write(path: Path) -> QuerySet[Model, int]:
        write_bank_file(batch, path)
        return _persons(batch)

    name = f"代发清单 {batch.number}.xlsx"
    return disclosed(request, Look.Kind.BANK_FILE, name, "送银行代发", write)


@never_cache
@require_http_methods(["GET", "POST"])
def list_document(request: UserRequest, pk: int, kind: str) -> HttpResponseBase:
    """Send a document of the list ``pk`` as a workbook: ``kind`` is "ledger", "notice" or "summary" (for the public).

    A ledger needs the password and a purpose. Raises ``Http404`` for another kind.
    """
    require(request.user, "handle", "aid.payment")
    if kind not in DOCUMENTS:
        raise Http404("没有这种表。")
    payment_list = get_object_or_404(
        PaymentList.objects.visible_to(request.user).select_related("term"), pk=pk
    )
    title, write = DOCUMENTS[kind]
    name = f"{title} {payment_list}.xlsx"
    if kind == "ledger" and (confirmation := require_confirmation(request, "报送审计；存档")):
        return confirmation
    if kind == "summary":
        return send_download(name, lambda path: write(payment_list, path))

    def noted(path: Path) -> QuerySet[Model, int]:
        write(payment_list, path)
        return _persons(payment_list)

    if kind == "ledger":
        return disclosed(request, Look.Kind.LEDGER, name, request.POST[WHAT_FOR].strip(), noted)
    return disclosed(request, Look.Kind.FILE, name, "张贴公示", noted)


def _persons(list_or_batch: PaymentList | PaymentBatch) -> QuerySet[Model, int]:
    """Return the primary keys of the persons paid by a list or batch."""
    return list_or_batch.payments.values_list("award__person", flat=True)
