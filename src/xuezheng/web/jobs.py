"""The background jobs of the pages: previews and imports of workbooks, their impact, snapshots, hypothetical policies.

A preview or import of a small workbook is done while the page waits, by the same functions, unless another
import is running or two pages already wait.
"""

import secrets
from dataclasses import asdict
from threading import BoundedSemaphore
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from xuezheng.core.periods import Period, PeriodError
from xuezheng.figures.batches import prepare_usual
from xuezheng.impact import NoPlan
from xuezheng.impact.scenarios import Effect, compare
from xuezheng.impact.upload_impact import work_out
from xuezheng.intake.outcome import Outcome
from xuezheng.intake.upload_notes import UploadGone
from xuezheng.intake.uploads import Upload
from xuezheng.jobs.kinds import Kind, Result, Run, job
from xuezheng.jobs.models import Job
from xuezheng.policy import PolicyError
from xuezheng.snapshots import FreezeRefused, Snapshot, SnapshotError
from xuezheng.snapshots import freeze as freeze_registers
from xuezheng.web.answers import scenario_form
from xuezheng.web.registers.export import write_export
from xuezheng.web.report_checks import audit_file, check_file, read_old_report, take_version
from xuezheng.web.security.requests import UserRequest
from xuezheng.workbooks import WorkbookRefused
from xuezheng.workbooks.problems import Confirmed

#: The kinds of jobs that other modules of this package declare; jobs are looked up in this module.
FURTHER_KINDS = (audit_file, check_file, read_old_report, take_version, write_export)
#: At most two workbooks are previewed or imported while their pages wait, so that threads are left for the pages of others.
_PLACES = BoundedSemaphore(2)


@job("upload.preview", "检查工作簿", faults=(WorkbookRefused, UploadGone))
def preview(run: Run, token: str, confirmed: Confirmed = False) -> Result:
    """Preview the uploaded workbook ``token``; return the address of the page with the preview.

    ``confirmed`` accepts readings of unusual cells: True for all of them, or the keys of the accepted kinds
    of problems.
    """
    Upload.of(run.user, token).preview(run.user, confirmed, run)
    return {"address": reverse("web:upload", args=[token])}


@job("upload.commit", "导入工作簿", faults=(WorkbookRefused, UploadGone))
def commit(run: Run, token: str) -> Result:
    """Import the previewed workbook ``token``; return the page to go to and a message with the outcome.

    If the registers have changed so that the effect would differ from the preview, nothing is imported, and
    the page is the preview again.
    """
    upload = Upload.of(run.user, token)
    outcome = upload.commit(
        run.user, run, closing=lambda outcome: run.settle(_committed(upload, outcome)), again=run.again
    )
    return _committed(upload, outcome)


@job("upload.mark", "标出工作簿的问题", faults=(WorkbookRefused, UploadGone))
def mark(run: Run, token: str) -> Result:
    """Write an annotated copy of the uploaded workbook ``token``, and keep it for download.

    The copy has the workbook's problems marked in the cells. Returns the address of the preview and a
    message.
    """
    Upload.of(run.user, token).keep_marked(run.user, run)
    message = "标出问题的工作簿已备好，请点“下载标出问题的工作簿”。"
    return {"address": reverse("web:upload", args=[token]), "message": message, "level": "success"}


@job("upload.changes", "计算会改变哪些数字", faults=(NoPlan, WorkbookRefused, FreezeRefused, UploadGone))
def changes(run: Run, token: str, period: str) -> Result:
    """Compute the changes that importing the previewed workbook ``token`` would make in a period (its key, as ``2019H1``).

    Returns the address of the page that shows them.
    """
    work_out(Upload.of(run.user, token), run.user, Period.parse(period), run)
    return {"address": f"{reverse('web:changes', args=[token])}?{urlencode({'period': period})}"}


@job("freeze", "生成快照", faults=(FreezeRefused,))
def freeze(run: Run) -> Result:
    """Create a snapshot of the registers, and start the job that computes its usual figures."""
    snapshot = freeze_registers(progress=run)
    rows = sum(table["rows"] for table in snapshot.manifest["tables"].values())
    prepare_figures.ask(run.user, snapshot=snapshot.id)
    message = f"已生成快照 {snapshot.id}：{len(snapshot.tables)}张表、{rows:,}行。以后的指标和报告以它为准。"
    return {"address": reverse("web:figures"), "message": message, "level": "success"}


@job("figures.prepare", "预先计算指标", faults=(SnapshotError,))
def prepare_figures(run: Run, snapshot: str) -> Result:
    """Compute and cache the figures that pages usually show of a snapshot; ``snapshot`` is its id."""
    prepare_usual(Snapshot.open(snapshot), run)
    return {
        "address": reverse("web:figures"),
        "message": f"快照{snapshot}的常用指标已经算好。",
        "level": "success",
    }


@job("whatif", "政策试算", faults=(PolicyError, PeriodError, FreezeRefused))
def try_policy(run: Run, token: str, period: str, changes: dict[str, Any]) -> Result:
    """Compute the effects of a hypothetical policy in a period (its key, as ``2019H1``).

    ``changes`` is the scenario as JSON (see :mod:`~xuezheng.web.answers.scenario_form`). The result contains
    the effects as texts; ``token`` is part of the address of the page that shows them.
    """
    comparison = compare(scenario_form.read(changes), Period.parse(period), "stage", ("stage", "school"), run)
    content = {
        "whole": [_describe_effect(effect) for effect in comparison.effects if not effect.before.slice],
        "parts": [_describe_effect(effect) for effect in comparison.effects if effect.before.slice],
        "by_stage": [turnover._asdict() for turnover in comparison.turnovers["stage"]],
        "by_school": [turnover._asdict() for turnover in comparison.turnovers["school"]],
        "sentences": [asdict(sentence) for sentence in comparison.sentences],
    }
    result: Any = {"address": reverse("web:whatif_result", args=[token]), "told": content}
    return cast(Result, result)


def tried(request: UserRequest, period: Period, changes: dict[str, Any]) -> HttpResponse:
    """Start the job that computes the effects of a hypothetical policy, and redirect to the page of the job.

    ``changes`` is the scenario as JSON (see :mod:`~xuezheng.web.answers.scenario_form`).
    """
    token = secrets.token_hex(16)
    return redirect(
        "web:job", try_policy.ask(request.user, token=token, period=period.key, changes=changes).pk
    )


def previewed(request: UserRequest, upload: Upload, confirmed: Confirmed = False) -> HttpResponse:
    """Preview an uploaded workbook, and redirect to the preview.

    A large workbook, or one that comes while others are imported, is previewed by a background job, to whose
    page it redirects instead. ``confirmed`` accepts readings of unusual cells: True for all of them, or the
    keys of the accepted kinds of problems. Raises ``WorkbookRefused`` where a preview done at once cannot
    read the workbook, ``UploadGone`` where the upload no longer exists.
    """
    return _answered(request, preview, upload.is_large, token=upload.token, confirmed=confirmed)


def committed(request: UserRequest, upload: Upload) -> HttpResponse:
    """Import a previewed workbook, and redirect to the result.

    A large workbook, or one that comes while others are imported, is imported by a background job, to whose
    page it redirects instead. Raises ``WorkbookRefused`` and ``UploadGone`` where an import done at once
    fails.
    """
    return _answered(request, commit, upload.is_large, token=upload.token)


def marked(request: UserRequest, upload: Upload) -> HttpResponse:
    """Start the job that writes the annotated copy of a large workbook, and redirect to the page of the job."""
    return redirect("web:job", mark.ask(request.user, token=upload.token).pk)


def go_on(request: UserRequest, result: Result) -> HttpResponse:
    """Redirect to the address in the result of a finished job, and show its message there.

    Without an address it redirects to the list of jobs; without a message none is shown.
    """
    if message := result.get("message"):
        messages.add_message(request, getattr(messages, result.get("level", "info").upper()), message)
    return redirect(result.get("address", reverse("web:jobs")))


def _answered(request: UserRequest, kind: Kind, long: bool, **arguments: Any) -> HttpResponse:
    if long or _are_imports_under_way() or not _PLACES.acquire(blocking=False):
        return redirect("web:job", kind.ask(request.user, **arguments).pk)
    try:
        return go_on(request, kind.at_once(request.user, **arguments))
    finally:
        _PLACES.release()


def _are_imports_under_way() -> bool:
    """Whether a worker is importing a workbook: another import would wait for it, and the page with it."""
    return Job.objects.filter(state=Job.State.RUNNING, kind__startswith="upload.").exists()


def _describe_effect(effect: Effect) -> dict[str, str]:
    """Return an effect as texts for the page: label, part, before, after, and difference ("" without one); never persons."""
    difference = "" if effect.difference is None else f"{effect.difference:+f}"
    difference = difference.rstrip("0").rstrip(".") if "." in difference else difference
    style = "yuan" if effect.before.unit == "元" else None  # a difference of cost must be seen
    return {
        "label": effect.before.label,
        "part": effect.before.slice_label,
        "before": effect.before.text(style),
        "after": effect.after.text(style),
        "difference": f"{difference}{effect.before.unit}" if difference else "",
    }


def _committed(upload: Upload, outcome: Outcome) -> Result:
    """Return the result of a commit: the address to go on to and the message."""
    if outcome.refused or outcome.outdated:
        return {
            "address": reverse("web:upload", args=[upload.token]),
            "message": "台账在您预览之后有了变化，没有提交。请重新核对下面的内容。",
            "level": "warning",
        }
    if upload.submission is not None:
        message = f"{outcome.sentence()}“{upload.submission.collection}”已上报。"
        return {
            "address": reverse("web:submission", args=[upload.submission.pk]),
            "message": message,
            "level": "success",
        }
    if outcome.batch is not None:
        address = reverse("web:batch", args=[outcome.batch.pk])
        return {"address": address, "message": outcome.sentence(), "level": "success"}
    return {"address": reverse("web:intake"), "message": outcome.sentence(), "level": "info"}
