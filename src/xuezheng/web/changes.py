"""The page that tells before a commit what it would change of figures, the report and the plan."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng.imports import WorkbookRefused
from xuezheng.imports.uploads import Upload, UploadGone
from xuezheng.replacement import NoPlan
from xuezheng.replacement.uploads import work_out, worked_out
from xuezheng.snapshots import FreezeRefused
from xuezheng.web import periods
from xuezheng.web.figures import address


@never_cache
@require_http_methods(["GET", "POST"])
def changes(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was worked out for the chosen period; a POST works it out."""
    try:
        found = Upload.of(request.user, token)
        asked = found.submission.collection.period if found.submission else None
        choice = periods.choice(request, timezone.localdate(), asked)
        if request.method == "POST":
            try:
                work_out(found, request.user, choice.period)
            except (NoPlan, WorkbookRefused, FreezeRefused) as fault:
                messages.error(request, str(fault))
            here = reverse("web:changes", args=[token])
            return redirect(f"{here}?{urlencode({'period': choice.period.key})}")
        told = worked_out(found, choice.period)
    except UploadGone as gone:
        messages.warning(request, str(gone))
        return redirect("web:intake")
    context = {
        "upload": found,
        "choice": choice,
        "told": told,
        "at": told and datetime.fromisoformat(told["at"]),
        "figures": [(it, address(it["key"], choice.period.key, {})) for it in told["figures"]]
        if told
        else [],
    }
    return render(request, "web/changes.html", context)
