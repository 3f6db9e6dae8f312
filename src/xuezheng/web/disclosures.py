"""The page on which the office sees which files with whole numbers of persons went out."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xuezheng.records.models import Disclosure

PER_PAGE = 50


@never_cache
@require_GET
def disclosures(request: HttpRequest) -> HttpResponse:
    """List who took which file, when, about how many persons; the latest first."""
    if not request.user.sees_all:
        raise PermissionDenied
    found = Disclosure.objects.visible_to(request.user).select_related("by__school")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "web/disclosures.html", {"page": page})
