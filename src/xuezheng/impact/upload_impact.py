"""The plan of a workbook that waits: kept sealed with it, for as long as its preview stays the same."""

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


def work_out(upload: Upload, user: User, period: Period, progress: Progress = lambda *told: None) -> None:
    """Work out what an upload would change of a period, and keep it with the upload; raises what the plan raises."""
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
        )
    upload.note(_NAME, {"preview": upload.summary.fingerprint, **_told(plan)})


def worked_out(upload: Upload, period: Period) -> dict[str, Any] | None:
    """Return what was worked out for a period and is not out of date with the preview; None for nothing."""
    told = upload.noted(_NAME)
    wanted = {"preview": upload.summary.fingerprint, "period": period.key}
    return told if told and {name: told[name] for name in wanted} == wanted else None


def _told(plan: ReplacementPlan) -> dict[str, Any]:
    return {
        "period": plan.period.key,
        "at": timezone.localtime().isoformat(timespec="minutes"),
        "sentence": plan.sentence(),
        "figures": [
            {
                "key": it.before.figure,
                "label": it.before.label,
                "before": it.before.text(),
                "after": it.after.text(),
            }
            for it in plan.figures
        ],
        "sentences": [asdict(it) for it in plan.sentences],
        "targets": [asdict(it) for it in plan.targets],
    }
