"""The effect of an uploaded workbook: stored encrypted with the upload, and valid as long as its preview stays the same."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone

from xuezheng.core.periods import Period
from xuezheng.impact.hypothetical_registers import Progress
from xuezheng.impact.import_impact import ReplacementPlan, replacement_plan
from xuezheng.intake.uploads import Upload
from xuezheng.records.models import User

_NAME = "changes"


def work_out(upload: Upload, user: User, period: Period, progress: Progress = lambda *args: None) -> None:
    """Compute the effect of an upload on a period as of today, and store it with the upload.

    ``progress`` and the exceptions are those of :func:`xuezheng.impact.import_impact.replacement_plan`.
    """
    with upload.workbook() as path:
        plan = replacement_plan(
            path,
            period,
            timezone.localdate(),
            progress,
            user=user,
            confirm=upload.summary.confirmed,
            name=upload.summary.name,
            submission=upload.submission,
            choices=upload.choices,
            departures=upload.departures,
        )
    upload.note(_NAME, {"preview": upload.summary.fingerprint, **_plan_values(plan)})


def worked_out(upload: Upload, period: Period) -> dict[str, Any] | None:
    """Return the effect that :func:`work_out` stored for an upload and period.

    It is a dict of texts for the page: ``sentence``, ``at`` (the time in ISO format), ``figures`` (dicts with
    ``key``, ``label``, ``before`` and ``after``), ``sentences`` and ``targets`` (the fields of
    :class:`SentenceChange` and :class:`TargetChange`). None where there is none for this period, or the
    preview has changed since.
    """
    stored = upload.noted(_NAME)
    expected = {"preview": upload.summary.fingerprint, "period": period.key}
    return stored if stored and {name: stored[name] for name in expected} == expected else None


def _plan_values(plan: ReplacementPlan) -> dict[str, Any]:
    return {
        "period": plan.period.key,
        "at": timezone.localtime().isoformat(timespec="minutes"),
        "sentence": plan.sentence(),
        "figures": [
            {
                "key": figure.before.figure,
                "label": figure.before.label,
                "before": figure.before.text(),
                "after": figure.after.text(),
            }
            for figure in plan.figures
        ],
        "requirements": [asdict(requirement) for requirement in plan.requirements],
        "sentences": [asdict(sentence) for sentence in plan.sentences],
        "targets": [asdict(target) for target in plan.targets],
    }
