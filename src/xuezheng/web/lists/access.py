"""The register that an address names, as far as the reader may see any of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from xuezheng import registry
from xuezheng.records import models as records
from xuezheng.web.security.requests import UserRequest


def posted(
    step: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Decorate a view of a list to accept a POST only; another request, as after a new login, is redirected to the list."""

    @never_cache
    @wraps(step)
    def respond(request: UserRequest, model: str, **further: Any) -> HttpResponseBase:
        if request.method == "POST":
            return step(request, model, **further)
        query = request.GET.urlencode()
        return redirect(reverse("web:register", args=[model]) + (f"?{query}" if query else ""))

    return respond


def any_register(name: str) -> Any:
    """Return the model of the register with this name; raises ``Http404`` for none."""
    try:
        return records.register(name)
    except registry.Unknown as unknown:
        raise Http404(str(unknown)) from None


def register_of(request: UserRequest, name: str) -> Any:
    """Return the model of a register; raises ``Http404`` for none and ``PermissionDenied`` where the reader may see none of its rows."""
    model = any_register(name)
    if model.objects.visible_to(request.user).query.is_empty():
        raise PermissionDenied
    return model
