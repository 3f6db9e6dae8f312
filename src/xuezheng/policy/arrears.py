"""Payments that become due later (补发) after a retroactive change of policy.

An area declares in its ``arrears.py`` how to find payments that are lower than the policy in force
prescribes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from xuezheng.policy.current import reading
from xuezheng.policy.kept import lines_with
from xuezheng.policy.packs import Pack
from xuezheng.policy.taking import Change
from xuezheng.registry import Declaration, declared


class Arrear(NamedTuple):
    """A group of payments that are lower than policy prescribes, such as those of one programme in one term.

    ``title`` names the group in Chinese, ``people`` is the number of persons, ``missing`` the missing sum in
    fen.
    """

    title: str
    people: int
    missing: int


class Arrears(Declaration):
    """Declares how to find the payments of an area that are lower than the policy in force prescribes.

    ``find`` takes a day and returns the arrears of payments whose entitlement began on that day or later.
    """

    def __init__(self, find: Callable[[date], Iterable[Arrear]]) -> None:
        self.find = find


def arrears_of_taking(pack: Pack, changes: Iterable[Change]) -> list[Arrear]:
    """Return the arrears that adopting a policy pack would cause, without those that exist already.

    Arrears are payments that are lower than policy prescribes (:class:`Arrear`). ``changes`` are those that
    :func:`xuezheng.policy.taking.changes` returns for the pack; only payments since the earliest first day of
    a changed version are examined. Returns an empty list if the pack changes nothing.
    """
    days = [version.first for change in changes for version in (*change.gone, *change.new)]
    if not days:
        return []
    since = min(days)
    before = set(_find(since))
    with reading(lines_with(pack)):
        return [arrear for arrear in _find(since) if arrear not in before]


def _find(since: date) -> list[Arrear]:
    return [arrear for area in declared("arrears", Arrears) for arrear in area.find(since)]
