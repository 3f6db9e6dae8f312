"""The health check for monitoring programs: no login is needed, and the answer reveals nothing of use to an attacker."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xuezheng.operations.health import check_health


@never_cache
@login_not_required
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Return JSON with the state of each part of the installation: 200 when all parts work, 503 when one does not.

    The key ``status`` is "ok" or "failing"; the other keys are the fields of the report of ``check_health``.
    """
    report = check_health()
    content = {"status": "ok" if report.is_sound else "failing", **report._asdict()}
    return JsonResponse(content, status=200 if report.is_sound else 503)
