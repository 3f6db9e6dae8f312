"""What has to be paid later (补发): an area declares in its ``arrears.py`` how policy that works back leaves payments short."""

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
    """Payments that are short of what policy gives: what for, in Chinese, how many persons, and the sum in fen."""

    title: str
    people: int
    missing: int


class Arrears(Declaration):
    """How to find the payments of an area that are short of the policy in force.

    ``find`` takes a day and returns the arrears of what began on it or later.
    """

    def __init__(self, find: Callable[[date], Iterable[Arrear]]) -> None:
        self.find = find


def arrears_of_taking(pack: Pack, changes: Iterable[Change]) -> list[Arrear]:
    """Return what would have to be paid later if a pack were adopted, and is not owed by the present policy.

    ``changes`` are those of :func:`xuezheng.policy.taking.changes`.
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
