"""The pages of standards (values of policy): the list, and one standard with its versions, their sources and the proposals."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng import registry
from xuezheng.core.periods import Period, PeriodError
from xuezheng.jobs.models import Job
from xuezheng.policy import proposals
from xuezheng.policy.checks import record_check, withdraw_check
from xuezheng.policy.codes import code_entries
from xuezheng.policy.current import entries, entry, read_once
from xuezheng.policy.declarations import (
    SHARED,
    CodeMatter,
    PolicyError,
    all_code_lists,
    declaring,
    is_code,
    matter,
    matters,
)
from xuezheng.policy.entries import PolicyEntry, Version
from xuezheng.policy.kept import BUREAU, as_version, in_force
from xuezheng.policy.models import LocalVersion, VersionStep
from xuezheng.policy.packs import shipped
from xuezheng.records.models import User
from xuezheng.records.permissions import permits, require
from xuezheng.snapshots import Snapshot, SnapshotError
from xuezheng.web import jobs
from xuezheng.web.answers import scenario_form
from xuezheng.web.answers.policy_text import day_of, in_words, value_lines
from xuezheng.web.answers.scenario_form import Line
from xuezheng.web.policy.codes import code_form, matter_of_code, propose_change
from xuezheng.web.policy.proposal_form import FIELDS, propose
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice
from xuezheng.web.ui.file_transfer import takes_files

State = LocalVersion.State
COLOURS = {State.PROPOSED: "orange", State.APPROVED: "green", State.REFUSED: "red", State.WITHDRAWN: "secondary", State.REVOKED: "secondary"}  # fmt: skip


class Standard(NamedTuple):
    """A policy entry as the list shows it.

    ``version`` is the one in force today (None without one), ``values`` its value as Chinese text, and
    ``waiting`` the number of proposals that await approval.
    """

    entry: PolicyEntry
    version: Version | None
    values: str
    waiting: int


class VersionCard(NamedTuple):
    """A version of a standard with its single values.

    ``whose`` is the Chinese title of its origin (a pack or the bureau), ``is_current`` whether it is in force
    today.
    """

    version: Version
    lines: list[Line]
    whose: str
    is_current: bool


class LocalCard(NamedTuple):
    """A version of a standard proposed by the bureau itself, with its history.

    ``lines`` are its single values, ``colour`` the CSS colour of its state, and ``steps`` what was done with
    it; ``may_decide`` and ``may_withdraw`` are whether the user may approve, refuse or revoke it, or take it
    back, now.
    """

    local: LocalVersion
    lines: list[Line]
    colour: str
    steps: list[VersionStep]
    may_decide: bool
    may_withdraw: bool


@require_GET
@read_once()
def standards(request: UserRequest) -> HttpResponse:
    """List the standards by area, the user's own area first, with the values in force today, and the code lists."""
    require(request.user, "see", "standard")
    today = timezone.localdate()
    waiting = list(LocalVersion.objects.filter(state=State.PROPOSED).values_list("key", flat=True))
    groups = [
        (_title(area), [_standard(known, today, waiting) for known in entries(area).values()])
        for area in sorted(declaring(), key=lambda name: name != request.user.section)
        if matters(area)
    ]
    lists = [
        (known, len(code_entries(key)), _waiting_in(key, waiting)) for key, known in all_code_lists().items()
    ]
    unchecked = sum(bool(line.version and not line.version.verified) for _, lines in groups for line in lines)
    context = {
        "groups": groups,
        "lists": lists,
        "waiting": len(waiting),
        "unchecked": unchecked,
        "today": today,
        "may_try_policies": bool(permits(request.user, "try", "scenario")),
    }
    return render(request, "web/standards.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@takes_files(proposals.SCAN_MEGABYTES)
def standard(request: UserRequest, key: str) -> HttpResponse:
    """Show the standard or code ``key`` with all its versions; a POST proposes a version of the bureau's own.

    Raises ``Http404`` for an unknown key, ``PermissionDenied`` where the user may not see standards.
    """
    require(request.user, "see", "standard")
    if code := matter_of_code(key):
        return _code(request, code)
    try:
        known = entry(key)
    except PolicyError as unknown:
        raise Http404(str(unknown)) from None
    if is_code(key):
        raise Http404("没有这个代码。")
    may_propose = proposals.may_propose(request.user, key)
    base, value = _base(known, request)
    lines = scenario_form.lines(known, value)
    values = _beginning(known, lines, request)
    error = ""
    if request.method == "POST":
        require(request.user, "propose", "standard", section=matter(key).section)
        try:
            version = _propose(request, known, lines, values)
        except PolicyError as problem:
            error = str(problem)
        else:
            messages.success(request, f"已提出自{version.first}起施行的一版，由另一人审批后生效。")
            return redirect("web:standard", key)
    context: dict[str, Any] = {
        "entry": known,
        "area": _title(key.partition(".")[0]),
        "cards": _version_cards(known),
        "own": [_local_card(known, local, request.user) for local in _own(key)],
        "may_propose": may_propose,
        "today": timezone.localdate(),
        "choice": period_choice.choice(request, reporting_day()),
        "base": base,
        "lines": [(line, values[line.field]) for line in lines],
        "further": sum(not line.value for line in lines),
        "form": values,
        "error": error,
    }
    return render(request, "web/standard.html", context)


@require_http_methods(["GET", "POST"])
def standard_step(request: UserRequest, pk: int, step: str) -> HttpResponse:
    """Carry out ``step`` on the proposal ``pk``: "approve", "refuse", "revoke" or "withdraw".

    Redirect to its standard. A step that is refused gives a message. Raises ``Http404`` for any other step.
    """
    require(request.user, "see", "standard")
    if request.method == "GET":
        return redirect("web:standards")  # as after a new login
    local = get_object_or_404(LocalVersion, pk=pk)
    note = request.POST.get("note", "")
    try:
        match step:
            case "approve":
                proposals.approve(local, request.user)
            case "refuse":
                proposals.refuse(local, request.user, note)
            case "revoke":
                proposals.revoke(local, request.user, note)
            case "withdraw":
                proposals.withdraw(local, request.user)
            case _:
                raise Http404("没有这一步。")
    except PolicyError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(
            request, f"{local.get_state_display()}。下一次生成快照起按新的标准计算，以前的快照不变。"
        )
    return redirect("web:standard", local.key)


@require_http_methods(["GET", "POST"])
def standard_check(request: UserRequest, key: str, step: str) -> HttpResponse:
    """Record that the user compared a version of the standard ``key`` with its document, or withdraw this record.

    ``step`` is "record" or "withdraw". The POST names the version by ``pack`` and its ``first`` day, and for
    a record the ``document`` and the day ``checked_on``.
    """
    require(request.user, "see", "standard")
    if request.method == "POST":
        form = request.POST
        try:
            first = day_of(form.get("first", ""), "施行日期")
            match step:
                case "record":
                    day = day_of(form.get("checked_on", ""), "核对日期")
                    record_check(
                        key, form.get("pack", ""), first, form.get("document", ""), day, request.user
                    )
                    messages.success(request, "已登记核实。下一次生成快照起，这一版不再标“待核实”。")
                case "withdraw":
                    withdraw_check(key, form.get("pack", ""), first, request.user)
                    messages.success(request, "已撤回，这一版重新标“待核实”。")
                case _:
                    raise Http404("没有这一步。")
        except PolicyError as problem:
            messages.error(request, str(problem))
    return redirect("web:standard", key)


@require_http_methods(["GET", "POST"])
def standard_impact(request: UserRequest, pk: int) -> HttpResponse:
    """Start the job that computes the effect of the proposal ``pk`` on the figures of a period, and redirect to it.

    The POST parameter ``period`` is the key of the period. Raises ``Http404`` where the version no longer
    awaits approval.
    """
    require(request.user, "see", "standard")
    if request.method == "GET":
        return redirect("web:standards")  # as after a new login
    local = get_object_or_404(LocalVersion, pk=pk, state=State.PROPOSED)
    try:
        period = Period.parse(request.POST.get("period", ""))
    except PeriodError as problem:
        messages.error(request, str(problem))
        return redirect("web:standard", local.key)
    changes = scenario_form.scenario_of(entry(local.key), [], [as_version(local)])
    return jobs.tried(request, period, {local.key: changes})


def reporting_day() -> date:
    """Return the day of the newest snapshot, which decides the default period for impacts.

    Today where there is no snapshot.
    """
    try:
        return Snapshot.latest().day
    except SnapshotError:
        return timezone.localdate()


def _waiting_in(key: str, waiting: list[str]) -> int:
    """The number of codes of a list that await approval."""
    return sum(known.rpartition(".")[0] == key for known in waiting)


def _title(area: str) -> str:
    known = registry.areas().get(area)
    return known.title if known else {"plans": "计划", SHARED: "各业务共用"}[area]


def _standard(known: PolicyEntry, today: date, waiting: list[str]) -> Standard:
    version = known.version(today)
    values = in_words(known, version.value) if version else ""
    return Standard(known, version, values, waiting.count(known.key))


def _version_cards(known: PolicyEntry) -> list[VersionCard]:
    """Return the versions of a standard as cards, the newest first."""
    titles = {pack.code: pack.title for pack in shipped().values()} | {
        pack.code: pack.title for pack in in_force()
    }
    current = known.version(timezone.localdate())
    return [
        VersionCard(
            version,
            value_lines(known, version.value),
            BUREAU if version.pack == BUREAU else titles.get(version.pack, version.pack),
            version is current,
        )
        for version in reversed(known.versions)
    ]


def _own(key: str) -> list[LocalVersion]:
    return list(
        LocalVersion.objects.filter(key=key)
        .select_related("proposed_by", "decided_by", "scan")
        .defer("scan__content")
        .prefetch_related("steps__by")
        .order_by("-pk")[:50]
    )


def _local_card(known: PolicyEntry, local: LocalVersion, user: User) -> LocalCard:
    lines = value_lines(known, as_version(local).value)
    state = State(local.state)
    may_decide = state in (State.PROPOSED, State.APPROVED) and proposals.may_decide(user, local)
    may_withdraw = state == State.PROPOSED and local.proposed_by_id == user.pk
    return LocalCard(local, lines, COLOURS[state], list(local.steps.all()), may_decide, may_withdraw)


def _base(known: PolicyEntry, request: UserRequest) -> tuple[date | None, Any]:
    """Return (first day, values) of the version with which the form begins: the chosen one, else the latest that has a value.

    The day is None for an entry without any such version.
    """
    chosen = request.POST.get("base") or request.GET.get("base")
    with_values = [version for version in known.versions if version.value is not None]
    if not with_values:
        return None, scenario_form.blank(known)
    version = next((version for version in with_values if str(version.first) == chosen), with_values[-1])
    return version.first, version.value


def _beginning(known: PolicyEntry, lines: list[Line], request: UserRequest) -> dict[str, str]:
    """Return the initial texts of the form, by field: the posted ones, those of the reader's scenario, or the version's values."""
    if request.method == "POST":
        return {line.field: request.POST.get(line.field, "") for line in lines} | {
            name: request.POST.get(name, "") for name in FIELDS
        }
    initial = {line.field: line.value for line in lines} | dict.fromkeys(FIELDS, "")
    if token := request.GET.get("scenario", ""):
        tried = Job.objects.visible_to(request.user).filter(kind=jobs.try_policy.name, arguments__token=token)
        changes: dict[str, Any] = next((job.arguments["changes"].get(known.key, {}) for job in tried), {})
        for first, value in changes.items():
            if value is not None:
                initial |= scenario_form.fields(known, lines, value) | {"first": first}
    return initial


def _propose(
    request: UserRequest, known: PolicyEntry, lines: list[Line], values: dict[str, str]
) -> LocalVersion:
    value = None if "ends" in request.POST else scenario_form.exact_values(known, lines, values)
    return propose(request, known.key, value)


def _code(request: UserRequest, known: CodeMatter) -> HttpResponse:
    """Show a code of a list with all its versions; a POST proposes to change or end it."""
    error = ""
    if request.method == "POST":
        require(request.user, "propose", "standard", section=known.section)
        try:
            version = propose_change(request, known)
        except PolicyError as problem:
            error = str(problem)
        else:
            messages.success(request, f"已提出自{version.first}起施行的一版，由另一人审批后生效。")
            return redirect("web:standard", known.key)
    entry_of_code = entry(known.key)
    context: dict[str, Any] = {
        "entry": entry_of_code,
        "area": _title(known.area),
        "cards": _version_cards(entry_of_code),
        "own": [_local_card(entry_of_code, local, request.user) for local in _own(known.key)],
        "may_propose": proposals.may_propose(request.user, known.key),
        "error": error,
        "choice": period_choice.choice(request, reporting_day()),
        **code_form(request, known),
    }
    return render(request, "web/code.html", context)
