"""Lists of equal length that correspond item by item: 收、支总计分别为2416万元和2398万元，分别下降7.1%、7.9%.

How the lists are related is concluded from the items that agree: the only item that does not is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.number_tokens import NumberToken, Role
from xuezheng.proofing.relations import Relation
from xuezheng.proofing.rounding import Formula, as_percent, follows, percent_of, plain

_EACH = re.compile("(?:分别|各)[^，。；]{0,8}$")
_JOINED = re.compile(r"\s*[、，和及与]\s*")
_FALLS = re.compile("减|降|少|低|缩")
_MOST = 12  # items of a list


@dataclass(frozen=True)
class _List:
    """Numbers of one kind that a word like 分别 introduces."""

    numbers: tuple[NumberToken, ...]

    @property
    def kind(self) -> str:
        """The kind of unit of all its numbers."""
        return self.numbers[0].kind

    @property
    def is_change(self) -> bool:
        """Whether the numbers say by how much something changed; the first alone has the word for it."""
        return self.numbers[0].role is Role.CHANGE


@dataclass(frozen=True)
class _Reading:
    """How the items of some lists make up one another: each result with what it follows from."""

    formula: Formula
    items: tuple[tuple[NumberToken, ...], ...]


def check_parallel(passage: str, numbers: Sequence[NumberToken]) -> list[Relation]:
    """Return the relations between corresponding items of lists of equal length: 分别为2416万元和2398万元，分别下降7.1%、7.9%.

    ``numbers`` are the numbers of the passage in order. An item that does not agree has a discrepancy if all
    others do; lists with more such items are left out.
    """
    lists = list(_lists(passage, numbers))
    relations: list[Relation] = []
    for order, results in enumerate(lists):
        for reading in _readings(results, lists[:order]):
            odd = [item for item in reading.items if not follows(item[0], reading.formula, *item[1:])]
            if len(odd) < 2 <= len(reading.items) and _are_exact(reading):
                relations += [
                    Relation(item, _discrepancy(passage, reading.formula, item) if item in odd else None)
                    for item in reading.items
                ]
                break
    return relations


def _lists(passage: str, numbers: Sequence[NumberToken]) -> Iterator[_List]:
    for place, first in enumerate(numbers):
        if not _EACH.search(first.noun):
            continue
        run = [first]
        for number in numbers[place + 1 : place + _MOST]:
            is_next = _JOINED.fullmatch(passage, run[-1].end, number.start)
            if number.kind != first.kind or not is_next:
                break
            run.append(number)
        if len(run) > 1 and first.kind:
            yield _List(tuple(run))


def _readings(results: _List, before: Sequence[_List]) -> Iterator[_Reading]:
    """Yield the readings of a list by those before it, the likeliest first."""
    length = len(results.numbers)
    alike = [each for each in before if len(each.numbers) == length and each.kind != "%"]
    levels = [each for each in alike if not each.is_change]
    changes = [each for each in alike if each.is_change]
    if results.kind != "%":
        if results.is_change and len(levels) > 1:
            yield _Reading(_difference, _zip(results, levels[-2], levels[-1]))
        return
    if not results.is_change:
        if len(levels) > 1 and levels[-1].kind == levels[-2].kind:
            yield _Reading(percent_of, _zip(results, levels[-1], levels[-2]))
        return
    if levels and changes and levels[-1].kind == changes[-1].kind:
        falls = _FALLS.search(changes[-1].numbers[0].noun) is not None
        yield _Reading(_of_fall if falls else _of_rise, _zip(results, changes[-1], levels[-1]))
    if len(levels) > 1 and levels[-1].kind == levels[-2].kind:
        yield _Reading(_growth, _zip(results, levels[-2], levels[-1]))
    for longer in reversed(before):
        if len(longer.numbers) == length + 1 and longer.kind != "%" and not longer.is_change:
            steps = tuple(pairwise(longer.numbers))
            yield _Reading(
                _growth, tuple((rate, *step) for rate, step in zip(results.numbers, steps, strict=True))
            )


def _zip(*lists: _List) -> tuple[tuple[NumberToken, ...], ...]:
    return tuple(zip(*(each.numbers for each in lists), strict=True))


def _are_exact(reading: _Reading) -> bool:
    return all(number.exact and number.value for item in reading.items for number in item)


def _difference(before: Decimal, after: Decimal) -> Decimal:
    return abs(after - before)


def _growth(before: Decimal, after: Decimal) -> Decimal:
    return abs(after - before) / before * 100


def _of_rise(change: Decimal, now: Decimal) -> Decimal:
    return change / (now - change) * 100


def _of_fall(change: Decimal, now: Decimal) -> Decimal:
    return change / (now + change) * 100


def _discrepancy(passage: str, formula: Formula, item: tuple[NumberToken, ...]) -> Discrepancy:
    result, *operands = item
    expected = formula(*(number.value for number in operands))
    shown = as_percent(expected, result) if result.kind == "%" else plain(expected, result)
    rule = Rule.SHARE if formula is percent_of else Rule.CHANGE
    return Discrepancy(
        rule, Certainty.LIKELY, passage, tuple(number.text for number in item),
        f"与并列的各项同样算，{operands[0].text}和{operands[1].text}应得{shown}，文中写的是{result.text}。",
    )  # fmt: skip
