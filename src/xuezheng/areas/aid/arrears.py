"""The arrears of aid: paid awards of less than the rates of their term give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from xuezheng.areas.aid.models import Award
from xuezheng.areas.aid.procedures.make_up import arrears
from xuezheng.policy.arrears import Arrear, Arrears


def _find(since: date) -> Iterator[Arrear]:
    for programme, term, people, missing in arrears(since):
        yield Arrear(f"{term.code} {Award.Programme(programme).label}", people, missing)


made_up = Arrears(_find)
