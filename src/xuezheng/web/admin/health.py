"""Whether the system works, for a program that watches it: no login, and nothing that a stranger could use."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xuezheng.operations.health import check_health


@never_cache
@login_not_required
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all works and 503 when not, and report which part does not."""
    report = check_health()
    content = {"status": "ok" if report.is_sound else "failing", **report._asdict()}
    return JsonResponse(content, status=200 if report.is_sound else 503)
