"""The page of the system itself (系统): links to the pages for administration and settings."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.navigation import SYSTEM_PAGES


@require_GET
def system(request: UserRequest) -> HttpResponse:
    """List the pages of the system that the user may open."""
    pages = [page for page in SYSTEM_PAGES if page.shown_to(request.user)]
    return render(request, "web/system.html", {"pages": pages})
