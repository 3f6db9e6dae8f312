"""The pages of report releases: the list, and one release, which is reviewed, explained, signed and issued there."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng import registry
from xuezheng.core.periods import Period, PeriodError
from xuezheng.figures import FigureError, catalogue
from xuezheng.jobs.attachments import Attachment, TooMuchWaiting
from xuezheng.proofing import word_file
from xuezheng.records.permissions import permits, require
from xuezheng.reports.releases import ReleaseError, ReleaseForbidden, steps
from xuezheng.reports.releases.changes import Change, changes
from xuezheng.reports.releases.checklist import Entry, checklist
from xuezheng.reports.releases.copies import with_sources
from xuezheng.reports.releases.models import Release, Review, State, Version, sees_drafts
from xuezheng.reports.releases.parts import sections_by_block
from xuezheng.reports.templates.catalogue import titles
from xuezheng.reports.templates.language import ReportTemplateError
from xuezheng.reports.word.document import Sources
from xuezheng.snapshots import Snapshot, SnapshotError
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.login.sessions import require_confirmation
from xuezheng.web.report_checks import take_version
from xuezheng.web.reports.reports import sources
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import document_view, period_choice
from xuezheng.web.ui.file_transfer import LimitedFileField, takes_files

MEGABYTES = 20
COLOURS = {State.DRAFT: "blue", State.REVIEWED: "yellow", State.SIGNED: "purple", State.ISSUED: "green"}
FAULTS = (
    ReleaseError, word_file.NotAReportError, SnapshotError, FigureError, PeriodError, ReportTemplateError, registry.Unknown,
)  # fmt: skip


class UploadForm(forms.Form):
    """The form for uploading an edited report."""

    file = LimitedFileField(
        megabytes=MEGABYTES,
        remedy="请去掉图片等附件后再试。",
        label="修改过的报告",
        help_text=f"从这里下载、在Word或WPS中修改过的 .docx，不超过{MEGABYTES}兆",
    )


class Signature(NamedTuple):
    """The review that one section owes to a version of a report, of which it is responsible for a part.

    ``section`` is its Chinese name. ``review`` is None where the section has not reviewed the version yet;
    ``may_review`` is whether the user may review for it now.
    """

    section: str
    review: Review | None
    may_review: bool


@never_cache
@require_http_methods(["GET", "POST"])
def releases(request: UserRequest) -> HttpResponse:
    """List the releases that the user may see with their states; a POST drafts a new one and opens it.

    The POST has ``template``, the name of a report template, and ``period``, the key of a period.
    """
    if request.method == "POST":
        return _draft(request)
    context: dict[str, Any] = {
        "lines": [_line(release) for release in Release.objects.visible_to(request.user).with_reviews()],
        "templates": titles(),
    }
    if permits(request.user, "compose", "release"):
        try:
            context["choice"] = period_choice.choice(request, Snapshot.latest().day)
        except SnapshotError as error:
            context["fault"] = str(error)
    return render(request, "web/releases.html", context)


@takes_files(MEGABYTES)
@never_cache
@require_http_methods(["GET", "POST"])
def release(request: UserRequest, number: int) -> HttpResponse:
    """Show the release ``number`` in the newest version, or in the ``version`` of the query string.

    A POST carries out a ``step``. The steps are "review", "explain", "compose" (a new version from the newest
    snapshot), "upload", "sign" and "issue". Raises ``Http404`` for a release or version that the user may not
    see.
    """
    release = _get_release(request, number)
    version = _version(request, release, request.POST.get("version") or request.GET.get("version"))
    if request.method == "POST":
        return _step(request, version)
    newest, user = version.number == release.latest, request.user
    open_ = newest and release.issued_at is None
    entries = checklist(version) if sees_drafts(user) else []
    with_accounts = (
        steps.sections_with_accounts() if open_ and permits(user, "review_for", "release") else set()
    )
    context = {
        "release": release,
        "version": version,
        "newest": newest,
        "inside": sees_drafts(user),
        "colour": COLOURS[release.state],
        "signatures": [
            Signature(
                section, made, open_ and made is None and steps.may_review(user, section, with_accounts)
            )
            for section, made in release.reviews(version).items()
        ],
        "entries": entries,
        "may_explain": open_ and permits(user, "explain", "release") and any(entry.open for entry in entries),
        "may_compose": open_ and permits(user, "compose", "release"),
        "may_issue": open_ and permits(user, "issue", "release"),
        "may_sign": open_ and steps.may_sign(user, version),
        "obstacles": steps.obstacles(version, entries) if open_ else [],
        "versions": sorted(release.versions.all(), key=lambda each: -each.number),
        "form": UploadForm(),
        "own": steps.own_section(user),
        **_text(version, entries, steps.own_section(user)),
    }
    return render(request, "web/release.html", context)


@never_cache
@require_GET
def release_docx(request: UserRequest, number: int, version: int) -> HttpResponseBase:
    """Send the Word file of a version of a release.

    The query parameter ``sources`` requests a copy that contains the sources of its numbers.
    """
    chosen = _version(request, _get_release(request, number), str(version))
    name = chosen.file_name
    try:
        if (shown := sources(request, default=Sources.NONE)) is not Sources.NONE:
            content = with_sources(chosen, shown)
            name = f"{name.removesuffix('.docx')}附出处.docx"
        else:
            content = chosen.content()
    except FAULTS as error:
        messages.error(request, str(error))
        return redirect("web:release", number)
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name)


@never_cache
@require_GET
def release_changes(request: UserRequest, number: int) -> HttpResponse:
    """Show the changes between two versions of a release, number by number.

    The query parameters ``old`` and ``new`` are the numbers of the versions, by default of the newest and the
    one before it.
    """
    release = _get_release(request, number)
    new = _version(request, release, request.GET.get("new"))
    old = _version(request, release, request.GET.get("old") or str(max(new.number - 1, 1)))
    context: dict[str, Any] = {"release": release, "old": old, "new": new}
    try:
        difference = changes(old.content(), new.content())
        context |= {
            "changes": difference,
            "lines": [(change, _figure_address(change, release)) for change in difference.numbers],
        }
    except FAULTS as error:
        context["fault"] = str(error)
    return render(request, "web/release_changes.html", context)


def _line(release: Release) -> tuple[Release, Version, str, int, int]:
    """Return a release with its newest version, its colour, how many sections have reviewed it, and how many must."""
    reviews = release.reviews(release.current).values()
    signed = sum(made is not None for made in reviews)
    return release, release.current, COLOURS[release.state], signed, len(reviews)


def _get_release(request: UserRequest, number: int) -> Release:
    return get_object_or_404(Release.objects.visible_to(request.user).with_reviews(), pk=number)


def _version(request: UserRequest, release: Release, number: str | None) -> Version:
    """Return the version with this number, the newest for None; raises ``Http404`` where the reader may not see it."""
    try:
        version = release.version(int(number) if number else release.latest)
    except (ValueError, Version.DoesNotExist):
        raise Http404("没有这一版。") from None
    if version.number != release.latest and not sees_drafts(request.user):
        raise Http404("没有这一版。")
    return version


def _draft(request: UserRequest) -> HttpResponse:
    try:
        period = Period.parse(request.POST.get("period", ""))
        template = request.POST.get("template", "")
        made = steps.draft(template, Snapshot.for_period(period), period, request.user)
    except ReleaseForbidden:
        raise PermissionDenied from None
    except FAULTS as error:
        messages.error(request, str(error))
        return redirect("web:releases")
    return redirect("web:release", made.release_id)


def _step(request: UserRequest, version: Version) -> HttpResponse:
    name = request.POST.get("step", "")
    step = _STEPS.get(name)
    if name == "sign" and (question := require_confirmation(request)):
        return question
    try:
        if step:
            outcome = step(request, version)
            if isinstance(outcome, HttpResponse):
                return outcome
            messages.success(request, outcome)
    except ReleaseForbidden:
        raise PermissionDenied from None
    except FAULTS as error:
        messages.error(request, str(error))
    return redirect("web:release", version.release_id)


def _review(request: UserRequest, version: Version) -> str:
    section = request.POST.get("section", "")
    steps.review(version, section, request.user)
    return f"“{section}”的部分已会签。"


def _explain(request: UserRequest, version: Version) -> str:
    steps.explain(version, request.POST.getlist("item"), request.POST.get("text", ""), request.user)
    return "说明已记下。"


def _compose(request: UserRequest, version: Version) -> str:
    snapshot = Snapshot.for_period(Period.parse(version.release.period))
    made = steps.compose_version(version.release, snapshot, request.user, version.number)
    return f"第{made.number}版已生成。文字和数字没有变的科室，会签仍然有效。"


def _upload(request: UserRequest, version: Version) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        raise ReleaseError("".join(map(str, form.errors["file"])))
    require(request.user, "compose", "release")
    file = form.cleaned_data["file"]
    try:
        attachment = Attachment.create(request.user, file.name, file.read())
    except TooMuchWaiting as error:
        raise ReleaseError(str(error)) from None
    job = take_version.ask(
        request.user, token=attachment.token, release=version.release_id, after=version.number
    )
    return redirect("web:job", job.pk)


def _sign(request: UserRequest, version: Version) -> str:
    steps.sign(version, request.POST.get("document_number", ""), request.user)
    return f"第{version.number}版已签发，由办公室印发。"


def _issue(request: UserRequest, version: Version) -> str:
    steps.issue(version, request.user)
    return f"第{version.number}版已印发。文件、快照和校验值从此不变。"


_STEPS: dict[str, Callable[[UserRequest, Version], str | HttpResponse]] = {
    "review": _review,
    "explain": _explain,
    "compose": _compose,
    "upload": _upload,
    "sign": _sign,
    "issue": _issue,
}


def _text(version: Version, entries: list[Entry], own: str) -> dict[str, Any]:
    """Return the template context for the text of a version with its messages, or ``fault``, a sentence, where it cannot be read.

    ``entries`` are the items of the checklist; ``own`` is the reader's section, whose parts are set off.
    """
    try:
        opened = word_file.open_document(io.BytesIO(version.content()))
    except FAULTS as error:
        return {"fault": str(error)}
    messages_by_text: document_view.MessagesByText = {}
    for entry in entries:
        if entry.item.paragraph:
            messages_by_text.setdefault(entry.item.paragraph, []).append(_describe_entry(entry))
    blocks = [block for block, sections in sections_by_block(opened).items() if own in sections]
    shown, _ = document_view.of_document(opened, messages_by_text, blocks)
    return {
        "passages": shown,
        "first_own": next((n for n, passage in enumerate(shown, 1) if passage.own), None),
    }


def _describe_entry(entry: Entry) -> str:
    made = entry.explanation
    return f"{entry.item.told}（已说明：{made.text}）" if made else entry.item.told


def _figure_address(change: Change, release: Release) -> str:
    known = change.figure in catalogue.figures()
    return figure_address(change.figure, release.period, dict(change.slice)) if known else ""
