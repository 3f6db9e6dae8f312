"""The page on which the resources of a school can be changed to see the resulting verdict.

Nothing is stored.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xuezheng.areas.balance.pages.lines import policy_address, stage_tables
from xuezheng.areas.balance.pages.verdict import county_of
from xuezheng.areas.balance.procedures.gap_plan import Spot
from xuezheng.areas.balance.procedures.resources import ALL_STAGES, BY_KEY, INDICATORS, SchoolForm
from xuezheng.areas.balance.procedures.verdict import ResourceVerdict, judge
from xuezheng.figures import Status
from xuezheng.records.models import Stage
from xuezheng.records.permissions import require
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.forms import style_fields
from xuezheng.web.ui.parameters import parse_number

_LARGEST = 10**9


class ResourcesForm(forms.Form):
    """The form with all resources of a school: teachers of each stage, and resources shared by its stages."""

    def __init__(self, data: Any, school: SchoolForm) -> None:
        self.spots: dict[str, tuple[str, str, Fraction]] = {}
        for stage, form in school.stages.items():
            for key, amount in form.teachers.items():
                self.spots[f"{stage}-{key}"] = stage, key, amount
        for key, amount in (school.shared or {}).items():
            self.spots[f"all-{key}"] = ALL_STAGES, key, amount
        filled = any(name in data for name in self.spots)
        super().__init__(data if filled else None)
        for name, (stage, key, amount) in self.spots.items():
            self.fields[name] = self._field(stage, key, amount)
        style_fields(*self.fields.values())

    @staticmethod
    def _field(stage: str, key: str, amount: Fraction) -> forms.Field:
        indicator = BY_KEY[key]
        label = f"{Stage(stage).label if stage else '全校'}：{indicator.resource}（{indicator.counter}）"
        limits: dict[str, Any] = {"label": label, "min_value": 0, "max_value": _LARGEST}
        if indicator.integer:
            return forms.IntegerField(**limits, initial=int(amount))
        return forms.DecimalField(**limits, decimal_places=2, initial=f"{float(amount):.2f}")

    def changes(self, school: int) -> dict[Spot, Fraction]:
        """Return differences from what was reported, negative for less, by (school, stage, indicator key).

        ``school`` is the primary key of the school. Returns {} if the form is empty or invalid.
        """
        if not self.is_valid():
            return {}
        changed = {}
        for name, (stage, key, amount) in self.spots.items():
            if difference := Fraction(self.cleaned_data[name]) - amount:
                changed[school, stage, key] = difference
        return changed


@require_GET
@with_snapshot
def what_if(request: UserRequest, snapshot: Snapshot) -> HttpResponse:
    """Show the resources of a school in a form, and the verdict on resources with and without the changes.

    ``?school`` is the primary key of the school and ``?year`` the year; the other parameters are fields of
    the form.
    """
    require(request.user, "see", "balance.verdict")
    county, context = county_of(request, snapshot)
    if county is None:
        return render(request, "balance/what_if.html", context)
    schools = county.resources.schools
    key = parse_number(request.GET.get("school"))
    school = key if key in schools else next(iter(schools))
    form = ResourcesForm(request.GET, schools[school])
    changes = form.changes(school)
    after = judge(county.resources.with_added(changes), county.standards)
    context |= {
        "schools": [(pk, each.name) for pk, each in schools.items()],
        "school": school,
        "form": form,
        "changed": bool(changes),
        "before": _counts(county.judged),
        "after": _counts(after),
        "passes": after.passes and not county.silent,
        "stages": stage_tables(after, county.year),
        "indicators": [(each, policy_address(each.key)) for each in INDICATORS],
    }
    return render(request, "balance/what_if.html", context)


def _counts(judged: ResourceVerdict) -> dict[str, int]:
    """Return how many schools pass and how many coefficients are within their limits, of how many."""
    return {
        "schools": sum(school.status is Status.MET for school in judged.schools),
        "of_schools": len(judged.schools),
        "variations": sum(each.status is Status.MET for each in judged.variations if each.rows),
        "of_variations": sum(bool(each.rows) for each in judged.variations),
    }
