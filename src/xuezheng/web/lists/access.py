"""The register that an address names, if the user may see any of its rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from xuezheng import registry
from xuezheng.records import models as records
from xuezheng.records.models import Record
from xuezheng.web.security.requests import UserRequest


def posted(
    step: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Decorate a view with the argument ``model``, the name of a register, to accept a POST only.

    A request by another method, such as the one after a new login, is redirected to the register's list.
    """

    @never_cache
    @wraps(step)
    def respond(request: UserRequest, model: str, **further: Any) -> HttpResponseBase:
        if request.method == "POST":
            return step(request, model, **further)
        query = request.GET.urlencode()
        return redirect(reverse("web:register", args=[model]) + (f"?{query}" if query else ""))

    return respond


def any_register(name: str) -> Any:
    """Return the model class of the register ``name``; raises ``Http404`` for an unknown name."""
    try:
        return records.register(name)
    except registry.Unknown as unknown:
        raise Http404(str(unknown)) from None


def register_of(request: UserRequest, name: str) -> Any:
    """Return the model class of the register ``name``.

    Raises ``Http404`` for an unknown name, and ``PermissionDenied`` where the user may see none of its rows.
    """
    model = any_register(name)
    if model.objects.visible_to(request.user).query.is_empty():
        raise PermissionDenied
    return model


def record_of(request: UserRequest, name: str, pk: int) -> Record:
    """Return the record ``pk`` of the register ``name``.

    Raises ``Http404`` for an unknown name, and for a record that the user may not see.
    """
    record: Record = get_object_or_404(any_register(name).objects.visible_to(request.user), pk=pk)
    return record
