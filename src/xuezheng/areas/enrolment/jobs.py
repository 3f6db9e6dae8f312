"""The background job that computes plans of school zones, which takes up to a minute."""

from __future__ import annotations

from django.urls import reverse

from xuezheng.areas.enrolment.procedures.zoning import steps
from xuezheng.core.process_limits import Limits
from xuezheng.jobs.kinds import Result, Run, job


@job(
    "enrolment.zone_plan",
    "排划片方案",
    faults=(steps.ZoningRefused,),
    limits=Limits(megabytes=2500, seconds=600, wall_seconds=2400),
)
def compute_zones(run: Run, plan: int) -> Result:
    """Compute the zone plan with the primary key ``plan``, keeping its locked communities at their schools.

    Running it twice gives the same plan. Raises :class:`ZoningRefused` if the plan is missing, is no draft,
    was changed in the meantime, or the user has no permission.
    """
    result: Result = {
        "address": reverse("enrolment:zone_plan", args=[plan]),
        "message": "方案已排出。",
        "level": "success",
    }
    steps.compute(plan, run.user, run, closing=lambda: run.settle(result))
    return result
