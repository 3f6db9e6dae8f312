"""Code lists: the page of one list with its codes, and the forms by which a section proposes to add, rename or end a code."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng.policy import proposals
from xuezheng.policy.codes import code_entries, code_list
from xuezheng.policy.current import read_once
from xuezheng.policy.declarations import CodeMatter, DeclaredList, PolicyError, all_code_lists, matter
from xuezheng.policy.entries import PolicyEntry, Version
from xuezheng.policy.models import LocalVersion
from xuezheng.records.code_lists import Code, CodeVersion, members
from xuezheng.records.models import District
from xuezheng.records.permissions import require
from xuezheng.web.answers.policy_text import in_words
from xuezheng.web.policy.proposal_form import FIELDS, propose
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import takes_files

_NEW = ("label", "like", *FIELDS)
State = LocalVersion.State


class CodeRow(NamedTuple):
    """A code of a list, as its page shows it.

    ``version`` is the one in force today, else the latest, and ``words`` that version as Chinese text.
    ``status`` is Chinese, ``successors`` are the labels of the codes that replace an ended one, and
    ``waiting`` is the number of proposals that await approval.
    """

    entry: PolicyEntry
    code: Code
    version: Version
    words: str
    status: str
    successors: str
    waiting: int


class PropertyField(NamedTuple):
    """A property of a code as a form field.

    ``name`` is the name of the field. ``options`` are (value, Chinese title, whether selected); a property
    that a code simply has or lacks has no options. ``chosen`` is whether the code has the property, with any
    value.
    """

    name: str
    title: str
    options: list[tuple[str, str, bool]]
    chosen: bool


@never_cache
@require_http_methods(["GET", "POST"])
@takes_files(proposals.SCAN_MEGABYTES)
def codes(request: UserRequest, key: str) -> HttpResponse:
    """Show the codes of the list ``key``; a POST proposes a new code of the bureau's own.

    Raises ``Http404`` for an unknown list, and ``PermissionDenied`` where the user may not see it or, for a
    POST, may not propose codes for its section.
    """
    require(request.user, "see", "standard")
    declared = all_code_lists().get(key)
    if declared is None:
        raise Http404("没有这个代码表。")
    section = declared.proposed_by or key.partition(".")[0]
    values = {name: request.POST.get(name, "") for name in _NEW}
    error = ""
    if request.method == "POST":
        require(request.user, "propose", "standard", section=section)
        try:
            _propose_new(request, declared, values)
        except PolicyError as problem:
            error = str(problem)
        else:
            messages.success(request, f"已提出增加“{values['label'].strip()}”，由另一人审批后可以选用。")
            return redirect("web:codes", key)
    context = {
        "declared": declared,
        "rows": _rows(key),
        "proposed": _proposed(key),
        "like": code_list(key).in_force(timezone.localdate()),
        "may_propose": proposals.may_propose(request.user, f"{key}.new"),
        "properties": _property_fields(request, declared, None),
        "form": values,
        "error": error,
    }
    return render(request, "web/codes.html", context)


def code_form(request: UserRequest, known: CodeMatter) -> dict[str, Any]:
    """Return the template context of the form that changes a code: the posted values, else those of its latest version.

    The keys are ``form`` (text by field), ``others`` (other codes in force, as (code, label)),
    ``list_title``, ``list_key`` and ``properties`` (as :class:`PropertyField`).
    """
    listed = code_list(known.key.rpartition(".")[0])
    latest = listed.codes[known.code].versions[-1] if known.code in listed.codes else None
    if request.method == "POST":
        form: dict[str, Any] = {name: request.POST.get(name, "") for name in (*_NEW, "ended", "successor")}
    else:
        form = dict.fromkeys((*_NEW, "ended", "successor"), "") | {"label": latest.label if latest else ""}
    others = [(code, label) for code, label in listed.in_force(timezone.localdate()) if code != known.code]
    return {
        "form": form,
        "others": others,
        "list_title": listed.title,
        "list_key": listed.key,
        "properties": _property_fields(request, _declared(known), latest),
    }


def propose_change(request: UserRequest, known: CodeMatter) -> LocalVersion:
    """Create the proposal that the posted form of a code describes: another label, other properties, or its end.

    Raises :class:`PolicyError` for a successor or property that does not exist, or where the proposal is
    refused.
    """
    listed = known.key.rpartition(".")[0]
    entry = code_entries(listed).get(known.code)
    latest: dict[str, Any] = dict(entry.values[-1][1] or {}) if entry else {}
    value = {name: content for name, content in latest.items() if name not in ("ended", "successors")}
    if "properties" in request.POST:
        value = _properties(request, _declared(known))
    value["label"] = request.POST.get("label", "").strip()
    if like := request.POST.get("like", ""):
        value = _like(listed, like) | {"label": value["label"]}
    if "ended" in request.POST:
        value["ended"] = True
        if successor := request.POST.get("successor", ""):
            if successor not in code_list(listed).codes:
                raise PolicyError("没有这个接续的代码。请从可选项中选择。")
            value["successors"] = [successor]
    return propose(request, known.key, value)


def _propose_new(request: UserRequest, declared: DeclaredList, values: dict[str, str]) -> LocalVersion:
    value = _like(declared.key, values["like"]) if values["like"] else _properties(request, declared)
    key = f"{declared.key}.{_next_code(declared.key)}"
    return propose(request, key, value | {"label": values["label"].strip()})


def _declared(known: CodeMatter) -> DeclaredList:
    return all_code_lists()[known.key.rpartition(".")[0]]


def _property_fields(
    request: UserRequest, declared: DeclaredList, latest: CodeVersion | None
) -> list[PropertyField]:
    """Return the properties of a list as fields, with what was posted, else with those of a version of the code."""

    def chosen(name: str) -> set[str]:
        if request.method == "POST":
            return set(request.POST.getlist(f"property-{name}"))
        return {str(value) for value in members(latest, name)} if latest else set()

    return [
        PropertyField(
            f"property-{name}",
            about.title,
            [(value, title, value in chosen(name)) for value, title in about.names.items()],
            bool(chosen(name)),
        )
        for name, about in declared.properties.items()
    ]


def _properties(request: UserRequest, declared: DeclaredList) -> dict[str, Any]:
    """Return the properties that a form chooses for a code; raises :class:`PolicyError` for a value that the property does not have."""
    properties: dict[str, Any] = {}
    for name, about in declared.properties.items():
        values = request.POST.getlist(f"property-{name}")
        if about.names and set(values) - about.names.keys():
            raise PolicyError(f"“{about.title}”里没有所选的一项。请从可选项中选择。")
        if values:
            properties[name] = (values if len(values) > 1 else values[0]) if about.names else True
    return properties


def _like(key: str, code: str) -> dict[str, Any]:
    """Return the properties of another code of the list, which a new one is to have too; raises :class:`PolicyError`."""
    known = code_list(key).codes.get(code)
    version = known.on(timezone.localdate()) if known else None
    if version is None:
        raise PolicyError("没有这个现行的代码。请从可选项中选择。")
    return dict(version.properties)


def _next_code(key: str) -> str:
    """Return a code of the bureau's own that was never used: with its division, so that those of two bureaus differ."""
    division = District.objects.values_list("code", flat=True).first() or ""
    start = f"c{division}_"
    used = LocalVersion.objects.filter(key__startswith=f"{key}.{start}").values_list("key", flat=True)
    numbers = [
        int(code.rpartition("_")[2])
        for code in {*used, *code_list(key).codes}
        if code.rpartition(".")[2].startswith(start)
    ]
    return f"{start}{max(numbers, default=0) + 1}"


@read_once()
def _rows(key: str) -> list[CodeRow]:
    today = timezone.localdate()
    listed = code_list(key)
    waiting = list(LocalVersion.objects.filter(state=State.PROPOSED).values_list("key", flat=True))
    rows = []
    for code, entry in code_entries(key).items():
        version = entry.version(today) or entry.versions[0]
        known = listed.codes[code]
        after = version.value.get("successors", ()) if version.value else ()
        rows.append(
            CodeRow(
                entry,
                known,
                version,
                in_words(entry, version.value),
                _status(known, today),
                "、".join(listed.codes[name].label for name in after if name in listed.codes),
                waiting.count(entry.key),
            )
        )
    return rows


def _status(known: Code, today: date) -> str:
    if known.on(today):
        return "现行"
    return "未施行" if known.versions[0].first > today else "已停用"


def _proposed(key: str) -> list[LocalVersion]:
    """The codes that were proposed and that nobody has decided on."""
    known = {entry.key for entry in code_entries(key).values()}
    local = LocalVersion.objects.filter(state=State.PROPOSED, key__startswith=f"{key}.").select_related(
        "proposed_by"
    )
    return [version for version in local if version.key not in known]


def matter_of_code(key: str) -> CodeMatter | None:
    """Return the declaration of the code with the key ``key`` if the code exists or was proposed.

    None for the key of anything else.
    """
    try:
        known = matter(key)
    except PolicyError:
        return None
    if not isinstance(known, CodeMatter):
        return None
    exists = (
        known.code in code_entries(key.rpartition(".")[0]) or LocalVersion.objects.filter(key=key).exists()
    )
    return known if exists else None
