"""The page of the system itself (系统): what there is beside the daily work."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xuezheng.web.ui.navigation import ROOMS


@require_GET
def system(request: HttpRequest) -> HttpResponse:
    """List the pages of the system that are open to the reader."""
    rooms = [room for room in ROOMS if room.shown_to(request.user)]
    return render(request, "web/system.html", {"rooms": rooms})
