"""The page of the coming years: the verdict on resources with forecast pupils and unchanged resources."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xuezheng.areas.balance.pages.lines import three
from xuezheng.areas.balance.pages.verdict import county_of
from xuezheng.areas.balance.procedures.county import describe_school, describe_variation
from xuezheng.areas.balance.procedures.outlook import Year, coming_years
from xuezheng.areas.balance.procedures.resources import INDICATORS, Standards
from xuezheng.areas.balance.rules import COMPULSORY
from xuezheng.figures import Status
from xuezheng.records.models import Stage
from xuezheng.records.permissions import require
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.security.requests import UserRequest


@require_GET
@with_snapshot
def outlook(request: UserRequest, snapshot: Snapshot) -> HttpResponse:
    """Show for each coming year which schools fail and which coefficients exceed their limits.

    ``?year`` is the year whose resources are used, by default the latest with forms.
    """
    require(request.user, "see", "balance.verdict")
    county, context = county_of(request, snapshot)
    context["indicators"] = INDICATORS
    if county is None:
        return render(request, "balance/outlook.html", context)
    lines = [_line(each, county.standards) for each in coming_years(snapshot, county)]
    return render(request, "balance/outlook.html", {**context, "lines": lines})


def _line(each: Year, standards: Standards) -> dict[str, Any]:
    failing = [school for school in each.judged.schools if school.status is Status.NOT_MET]
    above = [variation for variation in each.judged.variations if variation.status is Status.NOT_MET]
    if failing or above:
        conclusion, colour = "资源配置不能达到", "red"
    elif each.unknown or not each.judged.passes:
        conclusion, colour = "不能判定", "orange"
    else:
        conclusion, colour = "资源配置达到", "green"
    return {
        "year": each.year,
        "conclusion": conclusion,
        "colour": colour,
        "pupils": [
            (Stage(stage).label, sum(school.row.pupils for school in each.judged.of(stage)))
            for stage in COMPULSORY
        ],
        "schools": len(each.judged.schools),
        "failing": [describe_school(school, standards) for school in failing],
        "above": [describe_variation(variation) for variation in above],
        "variations": [
            (
                Stage(stage).label,
                [three(variation.value) for variation in each.judged.variations if variation.stage == stage],
            )
            for stage in COMPULSORY
        ],
        "unknown": "；".join(f"{name}{reason}" for name, reason in each.unknown.items()),
    }
