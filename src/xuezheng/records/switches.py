"""Which areas and registers the bureau has switched off (停用).

These do not appear in navigation, imports, figures and reports.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from xuezheng import registry
from xuezheng.records.models import Record, User, registers
from xuezheng.records.models.switches import Switch
from xuezheng.records.permissions import permits


class SwitchRefused(Exception):
    """An area or register that cannot be switched on or off.

    The exception's text is a Chinese sentence with the remedy.
    """


#: What :func:`unused` returned first in a context of :func:`read_once`, in a list that is empty before.
_read: ContextVar[list[frozenset[str]] | None] = ContextVar("switches_read", default=None)


def unused() -> frozenset[str]:
    """Return the names of the areas and the table names of the registers that are switched off (停用) now.

    Within :func:`read_once`, the result of the first call is returned again.
    """
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
    """Within the context, such as a request, make :func:`unused` query the database at most once."""
    token = _read.set([])
    try:
        yield
    finally:
        _read.reset(token)


def is_used(model: type[Record], switched_off: frozenset[str]) -> bool:
    """Return whether a register is in use: neither it nor its area is in ``switched_off``, a result of :func:`unused`."""
    return model._meta.app_label not in switched_off and model.table_name() not in switched_off


def switch(name: str, used: bool, user: User) -> Switch | None:
    """Switch an area or a register on (``used``) or off, and return the new :class:`Switch`.

    Returns None if it was in that state already. ``name`` is an area's name or a table name in
    :func:`own_registers`. Raises :class:`SwitchRefused` if ``user`` is not permitted to switch, or if there
    is no such area or register.
    """
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
    """Return the registers that areas declare, by table name.

    Only these, not the registers of the engine, can be switched off.
    """
    return {
        model.table_name(): model
        for model in registers().values()
        if model._meta.app_label in registry.areas()
    }
