"""The types of requests that views receive, with the attributes added by middleware."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:  # the log of requests is opened before there are models
    from xuezheng.records.models import User


class PageRequest(HttpRequest):
    """A request for a page or, by htmx, for a part of one.

    ``number`` is the hexadecimal number of the request in the request log.
    """

    htmx: HtmxDetails
    number: str
    #: Set where an account is found locked; the middleware of django-axes then answers with the page of a locked account.
    axes_locked_out: bool
    axes_credentials: dict[str, str]


class UserRequest(PageRequest):
    """A request of a logged-in user, as every view gets it that is not marked as ``login_not_required``."""

    user: User


def is_logged_in(request: HttpRequest) -> TypeGuard[UserRequest]:
    """Whether a request comes from a logged-in user."""
    return request.user.is_authenticated
