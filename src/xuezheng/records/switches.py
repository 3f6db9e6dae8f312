"""Which areas and registers the bureau uses; what it has switched off is asked for nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from xuezheng import registry
from xuezheng.records.models import Record, User, registers
from xuezheng.records.models.switches import Switch
from xuezheng.records.permissions import permits


class SwitchRefused(Exception):
    """A switching that cannot be done; the text is a Chinese sentence with the remedy."""


#: What :func:`unused` returned first in a context of :func:`read_once`, in a list that is empty before.
_read: ContextVar[list[frozenset[str]] | None] = ContextVar("switches_read", default=None)


def unused() -> frozenset[str]:
    """Return the names of the areas and of the registers' tables that are switched off now, or were when the context first asked."""
    read = _read.get()
    if read:
        return read[0]
    latest: dict[str, bool] = dict(Switch.objects.order_by("pk").values_list("name", "used"))
    switched_off = frozenset(name for name, used in latest.items() if not used)
    if read is not None:
        read.append(switched_off)
    return switched_off


@contextmanager
def read_once() -> Iterator[None]:
    """Within the context, as during a request, ask the database for the switches once at most."""
    token = _read.set([])
    try:
        yield
    finally:
        _read.reset(token)


def is_used(model: type[Record], switched_off: frozenset[str]) -> bool:
    """Whether the bureau uses a register, given the names that :func:`unused` returns."""
    return model._meta.app_label not in switched_off and model.table_name() not in switched_off


def switch(name: str, used: bool, user: User) -> Switch | None:
    """Switch an area or a register on or off; None where it is so already. Raises :class:`SwitchRefused`."""
    if not permits(user, "switch", "area"):
        raise SwitchRefused("业务和台账由系统管理员停用和启用，您的账号不能做这一步。")
    if name not in registry.areas() and name not in own_registers():
        raise SwitchRefused("没有这个业务或台账。请刷新页面后再试。")
    if (name not in unused()) == used:
        return None
    if read := _read.get():
        read.clear()
    return Switch.objects.create(name=name, used=used, made_by=user)


def own_registers() -> dict[str, type[Record]]:
    """Return the registers of the areas by the names of their tables; those of the engine are always used."""
    return {
        model.table_name(): model
        for model in registers().values()
        if model._meta.app_label in registry.areas()
    }
