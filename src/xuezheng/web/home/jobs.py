"""The pages of background jobs: the list, and the page of one job with its progress."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from xuezheng.jobs import transitions
from xuezheng.jobs.kinds import Result
from xuezheng.jobs.models import Job
from xuezheng.records.permissions import require
from xuezheng.web import jobs as kinds
from xuezheng.web.security.requests import UserRequest

_LISTED = 30
_PATIENCE = timedelta(minutes=1)
_JUST_ENDED = timedelta(seconds=10)
COLOURS = {
    Job.State.WAITING: "secondary",
    Job.State.RUNNING: "blue",
    Job.State.DONE: "green",
    Job.State.FAILED: "red",
}


@never_cache
@require_GET
def jobs(request: UserRequest) -> HttpResponse:
    """List the latest jobs that the user may see."""
    latest = Job.objects.visible_to(request.user).select_related("asked_by")[:_LISTED]
    return render(
        request, "web/jobs.html", {"lines": [(job, COLOURS[Job.State(job.state)]) for job in latest]}
    )


@never_cache
@require_http_methods(["GET", "POST"])
def job(request: UserRequest, pk: int) -> HttpResponse:
    """Show the progress of the job ``pk``; its requester is redirected to the result once it is done.

    A POST has ``decision``: "retry", "cancel", or "open" to go to the result of a finished job. An htmx
    request gets the state only.
    """
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        return _decide(request, job)
    is_own = job.state == Job.State.DONE and job.asked_by == request.user
    if request.htmx:
        if is_own:
            return HttpResponseClientRedirect(kinds.go_on(request, job.result or Result())["Location"])
        return render(request, "web/job_state.html", _shown(job))
    if (
        is_own and job.ended_at and timezone.now() - job.ended_at < _JUST_ENDED
    ):  # it was quicker than its page
        return kinds.go_on(request, job.result or Result())
    return render(request, "web/job.html", _shown(job))


@require_POST
def freeze(request: UserRequest) -> HttpResponse:
    """Start the background job that creates a snapshot of the registers, and redirect to its page.

    Raises ``PermissionDenied`` where the user may not do this.
    """
    require(request.user, "freeze", "snapshot")
    return redirect("web:job", kinds.freeze.ask(request.user).pk)


def _decide(request: UserRequest, job: Job) -> HttpResponse:
    decision = request.POST.get("decision")
    if decision == "open" and job.state == Job.State.DONE:
        return kinds.go_on(request, job.result or Result())
    if decision == "retry":
        transitions.retry(job)
    elif decision == "cancel":
        transitions.cancel(job)
    return redirect("web:job", job.pk)


def _shown(job: Job) -> dict[str, Any]:
    progress = job.pulse.progress()
    ahead = job.ahead if job.state == Job.State.WAITING else 0
    return {
        "job": job,
        "progress": progress,
        "left": _words(progress.left.total_seconds()) if progress.left else "",
        "ahead": ahead,
        "is_stuck": not ahead and timezone.now() - job.made_at > _PATIENCE,
        "colour": COLOURS[Job.State(job.state)],
        "is_open": job.state in (Job.State.WAITING, Job.State.RUNNING),
        # Those who wait behind many others need not ask each second.
        "ask_after": min(10, 1 + ahead // 5),
    }


def _words(seconds: float) -> str:
    """Return a remaining time as Chinese text, rounded to seconds or minutes."""
    if seconds < 60:
        return f"约{max(1, round(seconds))}秒"
    return f"约{round(seconds / 60)}分钟"
