"""The page of account requests that wait for a second person, on which they are confirmed, refused or withdrawn."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng.records import confirming
from xuezheng.records.models import AccountRequest, User
from xuezheng.records.permissions import permits, require
from xuezheng.web.login.sessions import require_confirmation
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.account_forms import place_of
from xuezheng.web.ui.parameters import parse_number

_DECIDED = 20


def waiting_for(user: User) -> Iterator[AccountRequest]:
    """Yield the open requests for changes of accounts that ``user`` may decide, the oldest first.

    Nothing is yielded for a user who decides on no requests.
    """
    if not permits(user, "confirm", "account_request"):
        return
    waiting = AccountRequest.objects.open().select_related("account__school", "requested_by")
    yield from (request for request in waiting.order_by("pk") if confirming.may_decide(request, user))


@never_cache
@require_http_methods(["GET", "POST"])
def account_requests(request: UserRequest) -> HttpResponse:
    """List the open requests and the latest 20 decided ones.

    A POST decides one and redirects to the list. The POST has ``request``, the key of the request, and
    ``decision``: "approve", or anything else to refuse or withdraw it. A user who has not typed the password
    within the last minutes is prompted for it first.
    """
    require(request.user, "see", "account_request")
    if request.method == "POST":
        return require_confirmation(request) or _decide(request)
    mine = {waiting.pk for waiting in waiting_for(request.user)}
    waiting = AccountRequest.objects.open().select_related("account__school", "requested_by").order_by("pk")
    decided = AccountRequest.objects.exclude(decided_at=None).select_related(
        "account", "requested_by", "decided_by"
    )
    context = {
        "lines": [
            (line, place_of(line.account), line.pk in mine, line.requested_by_id == request.user.pk)
            for line in waiting
        ],
        "decided": decided[:_DECIDED],
    }
    return render(request, "web/account_requests.html", context)


def _decide(request: UserRequest) -> HttpResponse:
    waiting = get_object_or_404(
        AccountRequest.objects.select_related("account", "requested_by"),
        pk=parse_number(request.POST.get("request")),
    )
    approved = request.POST.get("decision") == "approve"
    try:
        confirming.decide(waiting, request.user, approved=approved)
    except confirming.RequestRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "已确认，现已生效。" if approved else "没有同意，未作改动。")
    return redirect("web:account_requests")
