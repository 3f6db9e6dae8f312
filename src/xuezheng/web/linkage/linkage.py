"""The pages for reconciling lists of other offices (外部名单): the queue, and one row with the people it may refer to."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng.linkage.compare import Line, compare
from xuezheng.linkage.job import family_before, link
from xuezheng.linkage.lists import take_up
from xuezheng.linkage.models import Candidate, Decision, Link, ListRow, Reason, categories_of
from xuezheng.linkage.review import DecisionRefused, Elsewhere, decide, undo_decision
from xuezheng.records.code_lists import code_list
from xuezheng.records.identifiers import check_division
from xuezheng.records.models import Person, Pupil, Term
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.forms import offer_choices

PER_PAGE = 30
PURPOSE = "核对外部名单"
# A page does not wait for more: the command line does.
MOST_ROWS, MOST_PUPILS = 20_000, 100_000
NOT_YET = "none"
_STATES = {**dict(Link.State.choices), NOT_YET: "未比对"}


class Chip(NamedTuple):
    """A filter of the queue: its Chinese title, the number of its rows, and the address that applies it.

    ``on`` is True for a filter that is applied now.
    """

    title: str
    rows: int
    address: str
    on: bool


@never_cache
@require_http_methods(["GET", "POST"])
def linkage(request: UserRequest) -> HttpResponse:
    """Show the rows of the newest lists of people that other departments sent, each with its match in the registers.

    The query parameters ``category``, ``state`` and ``reason`` filter them; by default the rows that need a
    decision are shown. A POST matches the rows with the registers; with ``term``, the code of a term, it adds
    the people already matched to the records of that term instead. Raises ``PermissionDenied`` where the user
    may see no list.
    """
    if not categories_of(request.user):
        raise PermissionDenied
    rows = ListRow.objects.visible_to(request.user).latest()
    if request.method == "POST":
        return _take_up(request, rows) if "term" in request.POST else _reconcile(request, rows)
    chosen = _chosen(request)
    counts = list(
        rows.order_by()
        .values("category", "listed_on", "link__state", "link__reason")
        .annotate(rows=Count("pk"))
    )
    for group in counts:
        group["state"], group["reason"] = group["link__state"] or NOT_YET, group["link__reason"]
    kept = rows.filter(**{_PATHS[name]: value for name, value in chosen.items()})
    if chosen["state"] == NOT_YET:
        kept = rows.filter(link=None)
    page = Paginator(_with_candidates(kept), PER_PAGE).get_page(request.GET.get("page"))
    people = [[candidate.person for candidate in _candidates(row)] for row in page]
    persons = access_log.persons_in(person for near in people for person in near)
    # The candidates of a row are in the registers; any other person that it names is not.
    access_log.note(request, "比对：名单", PURPOSE, persons, unregistered=sum(not near for near in people))
    context = {
        "page": page,
        "filters": _filters(counts, chosen),
        "waiting": sum(group["rows"] for group in counts if group["state"] == NOT_YET),
        "lists": len({group["category"] for group in counts}),
        "terms": Term.objects.order_by("-starts_on"),
    }
    return render(request, "web/linkage.html", context)


_PATHS = {"category": "category", "state": "link__state", "reason": "link__reason"}
_TITLES = {
    "state": ("结果", _STATES),
    "reason": ("依据", dict(Reason.choices)),
}


def _titles() -> dict[str, tuple[str, dict[str, str]]]:
    """The Chinese title of each filter, and the names of its values."""
    return {"category": ("名单", dict(code_list("policy.hardship").choices)), **_TITLES}


def _chosen(request: UserRequest) -> dict[str, str]:
    """Return the filters that the address names, by default the open rows; raises ``Http404`` for an unknown filter."""
    chosen = {name: request.GET[name] for name in _PATHS if request.GET.get(name)}
    chosen.setdefault("state", Link.State.OPEN)
    titles = _titles()
    if any(value not in titles[name][1] for name, value in chosen.items()):
        raise Http404("没有这样的筛选条件。")
    return chosen


def _filters(counts: list[dict[str, Any]], chosen: dict[str, str]) -> list[tuple[str, list[Chip]]]:
    """Return (title, chips) of each filter; a chip counts the rows that it would show together with the other filters."""
    groups = []
    for name, (title, words) in _titles().items():
        others = {key: value for key, value in chosen.items() if key != name}
        left = [group for group in counts if all(group[key] == value for key, value in others.items())]
        chips = []
        for value, label in words.items():
            count = sum(group["rows"] for group in left if group[name] == value)
            on = chosen.get(name) == value
            if count or on:
                # A chip that is on takes its filter off; there is always a state.
                query = others if on and name != "state" else {**others, name: value}
                chips.append(Chip(label, count, f"{reverse('web:linkage')}?{urlencode(query)}", on))
        groups.append((title, chips))
    return groups


def _candidates(row: ListRow) -> list[Candidate]:
    return list(row.link.candidates.all()) if hasattr(row, "link") else []


def _with_candidates(rows: QuerySet[ListRow]) -> QuerySet[ListRow]:
    near = Candidate.objects.select_related("person").order_by("-strength", "person")
    return rows.select_related("link__person").prefetch_related(Prefetch("link__candidates", queryset=near))


def _reconcile(request: UserRequest, rows: QuerySet[ListRow]) -> HttpResponse:
    if rows.count() > MOST_ROWS or Pupil.objects.count() > MOST_PUPILS:
        messages.warning(request, "名单或学生较多，请由管理员在服务器上运行“xuezheng link”，完成后刷新本页。")
    else:
        outcomes = link(rows)
        waiting = sum(outcome.states[str(Link.State.OPEN)] for outcome in outcomes)
        changed = sum(outcome.changed for outcome in outcomes)
        messages.success(
            request,
            f"比对了{sum(outcome.rows for outcome in outcomes)}行，{changed}行有变化，{waiting}行待核。",
        )
    return redirect("web:linkage")


def _take_up(request: UserRequest, rows: QuerySet[ListRow]) -> HttpResponse:
    term = get_object_or_404(Term, code=request.POST["term"])
    added = "；".join(f"{title}新增{count}人" for title, count in take_up(rows, term).items())
    messages.success(request, f"{term.code}应助名单：{added}。待核的，核定后再补充。")
    return redirect("web:linkage")


class Near(NamedTuple):
    """A person to whom a row may refer, compared with the row.

    ``pupil`` is the person's enrolment, None for a person who is no pupil. ``percent`` is the similarity from
    0 to 100, and ``lines`` are the compared fields. ``refused`` is True where somebody decided before that
    the row is not this person.
    """

    person: Person
    pupil: Pupil | None
    percent: int
    lines: list[Line]
    refused: bool


class DecisionForm(forms.Form):
    """The form for a decision on a row: which person it is or is not, or that the person studies outside the district.

    The values of ``choice`` are ``<verdict>-<key of the person>``, or a verdict alone for nobody. ``note`` is
    the evidence.
    """

    choice = forms.ChoiceField(label="决定", widget=forms.RadioSelect)
    school_name = forms.CharField(label="就读学校", max_length=60, required=False)
    study_division = forms.CharField(
        label="就读地区划代码",
        max_length=6,
        required=False,
        validators=[check_division],
        help_text="六位，如 330106",
    )
    note = forms.CharField(label="依据", max_length=200, help_text="如：对照户口簿；学校回函；村委会证明")

    def __init__(self, *args: Any, near: list[Near], linked_person: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = []
        for candidate in near:
            where = f"（{candidate.pupil.class_group.school}）" if candidate.pupil else ""
            if candidate.refused:
                continue
            if candidate.person.pk != linked_person:
                choices.append(
                    (f"{Decision.Verdict.SAME}-{candidate.person.pk}", f"就是{candidate.person}{where}")
                )
            choices.append(
                (f"{Decision.Verdict.DIFFERENT}-{candidate.person.pk}", f"不是{candidate.person}{where}")
            )
        offer_choices(
            self,
            "choice",
            [
                *choices,
                (Decision.Verdict.ABSENT, "不在本地就读（填明在哪里就读）"),
            ],
        )
        for name, field in self.fields.items():
            if name != "choice":
                field.widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data.

        A person who studies outside the district needs the school and the division code.
        """
        values: dict[str, Any] = super().clean() or {}
        if values.get("choice") == Decision.Verdict.ABSENT and "study_division" in values:
            for name in ("school_name", "study_division"):
                if not values[name]:
                    self.add_error(name, "不在本地就读的，须填明在哪里就读。")
        return values


@never_cache
@require_http_methods(["GET", "POST"])
def linkage_row(request: UserRequest, pk: int) -> HttpResponse:
    """Show the row ``pk`` with the people it may refer to; a POST decides on it.

    With ``undo``, the key of a decision, the POST undoes that decision instead. Raises ``Http404`` for a row
    that the user may not see or that was not reconciled yet.
    """
    visible = ListRow.objects.visible_to(request.user).select_related(
        "link__decision__made_by", "link__person"
    )
    row = get_object_or_404(visible.exclude(link=None), pk=pk)
    near = _near(row)
    form = DecisionForm(near=near, linked_person=row.link.person_id)
    if request.method == "POST":
        if "undo" in request.POST:
            return _undo(request, row)
        form = DecisionForm(request.POST, near=near, linked_person=row.link.person_id)
        if form.is_valid() and _decide(request, row, form):
            return redirect("web:linkage_row", pk)
    persons = access_log.persons_in(candidate.person for candidate in near)
    access_log.note(request, "比对：一行", PURPOSE, persons, unregistered=not near)
    decisions = Decision.objects.filter(content_hash=row.link.content_hash)
    context = {
        "row": row,
        "state": _STATES[row.link.state],
        "reason": row.link.get_reason_display(),
        "near": near,
        "lines": list(zip(*(candidate.lines for candidate in near), strict=True)),
        "form": form if row.link.decision is None else None,
        "decisions": decisions.select_related("made_by", "undone_by", "person").order_by("-pk"),
        "following": _following(request, row),
    }
    return render(request, "web/linkage_row.html", context)


def _near(row: ListRow) -> list[Near]:
    candidates = list(row.link.candidates.select_related("person").order_by("-strength", "person"))
    enrolled = Pupil.objects.filter(person__in=[candidate.person_id for candidate in candidates])
    pupils = {pupil.person_id: pupil for pupil in enrolled.select_related("class_group__school")}
    refused = set(
        Decision.objects.filter(
            content_hash=row.link.content_hash, verdict=Decision.Verdict.DIFFERENT, undone_at=None
        ).values_list("person", flat=True)
    )
    before = family_before(row.listed_on, link__person__in=[candidate.person_id for candidate in candidates])
    return [
        Near(
            person=candidate.person,
            pupil=pupils.get(candidate.person_id),
            percent=int(candidate.strength * 100),
            lines=list(
                compare(
                    row,
                    candidate.person,
                    pupils.get(candidate.person_id),
                    before.get(candidate.person_id, ("", "")),
                )
            ),
            refused=candidate.person_id in refused,
        )
        for candidate in candidates
    ]


def _decide(request: UserRequest, row: ListRow, form: DecisionForm) -> bool:
    values = form.cleaned_data
    verdict, _, person = values["choice"].partition("-")
    elsewhere = Elsewhere(values["school_name"], values["study_division"]) if not person else None
    try:
        decide(row.link.pk, verdict, request.user, values["note"], int(person) if person else None, elsewhere)
    except DecisionRefused as refusal:
        messages.warning(request, str(refusal))
        row.link.refresh_from_db()
        return False
    messages.success(request, "已记下。名单再次送来、这一行内容不变的，照此办理。")
    return True


def _undo(request: UserRequest, row: ListRow) -> HttpResponse:
    number = request.POST["undo"]
    own = Decision.objects.filter(content_hash=row.link.content_hash)
    decision = get_object_or_404(own, pk=number if number.isdecimal() else 0)
    try:
        undo_decision(decision.pk, request.user)
        messages.success(request, "已撤销，这一行恢复到决定之前。")
    except DecisionRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("web:linkage_row", row.pk)


def _following(request: UserRequest, row: ListRow) -> ListRow | None:
    """Return the next open row of the newest lists, after the last one the first; None where there is no other."""
    waiting = ListRow.objects.visible_to(request.user).latest().filter(link__state=Link.State.OPEN)
    ordered = waiting.exclude(pk=row.pk).order_by("pk")
    return ordered.filter(pk__gt=row.pk).first() or ordered.first()
