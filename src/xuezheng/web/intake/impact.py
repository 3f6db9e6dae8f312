"""The page that shows, before a commit, how figures, the report and the plan would change."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng.impact.upload_impact import worked_out
from xuezheng.intake.upload_notes import UploadGone
from xuezheng.intake.uploads import Upload
from xuezheng.web import jobs
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice


@never_cache
@require_http_methods(["GET", "POST"])
def changes(request: UserRequest, token: str) -> HttpResponse:
    """Show how importing an uploaded workbook would change figures, report and plan in the chosen period.

    ``token`` names the upload. A POST starts the background job that computes the changes, and redirects to
    it.
    """
    try:
        upload = Upload.of(request.user, token)
        if not upload.summary.previewed:
            return redirect("web:jobs")
        default_period = upload.submission.collection.period if upload.submission else None
        choice = period_choice.choice(request, timezone.localdate(), default_period)
        if request.method == "POST":
            job = jobs.changes.ask(request.user, token=token, period=choice.period.key)
            return redirect("web:job", job.pk)
        result = worked_out(upload, choice.period)
    except UploadGone as gone:
        messages.warning(request, str(gone))
        return redirect("web:intake")
    context = {
        "upload": upload,
        "choice": choice,
        "result": result,
        "at": result and datetime.fromisoformat(result["at"]),
        "figures": [
            (figure, figure_address(figure["key"], choice.period.key, {})) for figure in result["figures"]
        ]
        if result
        else [],
    }
    return render(request, "web/changes.html", context)
