"""The pages of hypothetical policies: choose a policy, enter other values, and see how the figures would change."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng import registry
from xuezheng.core.periods import Period, PeriodError
from xuezheng.jobs.models import Job
from xuezheng.policy.current import entries
from xuezheng.policy.current import entry as entry_of
from xuezheng.policy.declarations import PolicyError, is_code
from xuezheng.policy.entries import PolicyEntry
from xuezheng.policy.proposals import may_propose
from xuezheng.records.permissions import require
from xuezheng.snapshots import Snapshot
from xuezheng.web import jobs
from xuezheng.web.answers import scenario_form
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.answers.policy_text import differences, title_of
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice

_MOST_SHOWN = 30  # entries of a scenario; a pack of many is listed on its own page


@require_GET
@with_snapshot
def whatif(request: UserRequest, snapshot: Snapshot) -> HttpResponse:
    """List the policies on which figures depend, by area, the user's own area first, and the latest scenarios tried.

    Raises ``PermissionDenied`` where the user may not try scenarios.
    """
    require(request.user, "try", "scenario")
    used = _used(snapshot)
    groups = [
        (area, [entry for entry in entries(name).values() if entry.key in used and _has_values(entry)])
        for name, area in sorted(registry.areas().items(), key=lambda item: item[0] != request.user.section)
    ]
    tried = Job.objects.visible_to(request.user).filter(kind=jobs.try_policy.name, state=Job.State.DONE)
    return render(
        request, "web/whatif.html", {"groups": [group for group in groups if group[1]], "tried": tried[:8]}
    )


@never_cache
@require_http_methods(["GET", "POST"])
@with_snapshot
def whatif_policy(request: UserRequest, snapshot: Snapshot, key: str) -> HttpResponse:
    """Show the policy ``key`` with a form for other values.

    A POST starts the computation and redirects to its job. The parameter ``base`` is the first day of the
    version whose values the form begins with. Raises ``Http404`` for a policy that does not exist, has no
    values, or affects no column of the snapshot.
    """
    require(request.user, "try", "scenario")
    entry = _entry(key, snapshot)
    first, version = scenario_form.version_of(entry, request.POST.get("base") or request.GET.get("base"))
    lines = scenario_form.lines(entry, version)
    values = {line.field: request.POST.get(line.field, line.value) for line in lines}
    error = ""
    if request.method == "POST":
        try:
            period = Period.parse(request.POST.get("period", ""))
            changes = scenario_form.scenario(
                entry, first, request.POST.get("first", ""), "move" in request.POST, values
            )
        except (PolicyError, PeriodError) as problem:
            error = str(problem)
        else:
            return jobs.tried(request, period, changes)
    context: dict[str, Any] = {
        "entry": entry,
        "area": registry.areas()[key.partition(".")[0]],
        "base": first,
        "first": request.POST.get("first", str(first)),
        "move": "move" in request.POST,
        "further": sum(not line.value for line in lines),
        "lines": [(line, values[line.field]) for line in lines],
        "versions": [
            (day, scenario_form.lines(entry, value)) for day, value in entry.values if value is not None
        ],
        "choice": period_choice.choice(request, snapshot.day),
        "period": request.POST.get("period", ""),
        "fault": error,
    }
    return render(request, "web/whatif_policy.html", context)


@never_cache
@require_GET
def whatif_result(request: UserRequest, token: str) -> HttpResponse:
    """Show the effects of a hypothetical policy, computed by the background job with the argument ``token``.

    Raises ``Http404`` where the job is not done, the user may not see it, or none of its policies exists any
    more.
    """
    require(request.user, "try", "scenario")
    tried = Job.objects.visible_to(request.user).filter(kind=jobs.try_policy.name, arguments__token=token)
    job = get_object_or_404(tried, state=Job.State.DONE)
    entries_of_job = [(_declared(key), changes) for key, changes in job.arguments["changes"].items()]
    known = [(entry, changes) for entry, changes in entries_of_job if entry is not None]
    if not known:
        raise Http404("这项政策已不在。")
    entry, changes = known[0]
    of_code = is_code(entry.key)
    context = {
        "job": job,
        "entry": entry,
        "title": title_of(entry, changes),
        "is_code": of_code,
        "more": len(known) - 1,
        "period": Period.parse(job.arguments["period"]),
        "changes": [
            (title_of(entry, changes), differences(entry, changes)) for entry, changes in known[:_MOST_SHOWN]
        ],
        "not_shown": len(known[_MOST_SHOWN:]),
        "may_propose": len(known) == 1 and not of_code and may_propose(request.user, entry.key),
        **(job.result or {})["told"],
    }
    return render(request, "web/whatif_result.html", context)


def _used(snapshot: Snapshot) -> set[str]:
    """Return the keys of the policies that some column of the snapshot depends on."""
    tables = snapshot.manifest["tables"]
    return {key for table in tables for column in snapshot.columns(table).values() for key in column.policies}


def _entry(key: str, snapshot: Snapshot) -> PolicyEntry:
    entry = _declared(key)
    if entry is None or key not in _used(snapshot) or not _has_values(entry):
        raise Http404("没有这项政策，或没有指标依据它。")
    return entry


def _has_values(entry: PolicyEntry) -> bool:
    """Return whether there is a version to begin a scenario with; a first one is proposed on the page of the standard."""
    return any(value is not None for _, value in entry.values)


def _declared(key: str) -> PolicyEntry | None:
    """Return the entry or code of a key; None where this release declares it no more."""
    try:
        return entry_of(key)
    except PolicyError:
        return None
