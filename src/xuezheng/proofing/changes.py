"""Changes: 由38所增加到40所，增加2所; 1200人，比上年增加200人，增长20%; 今年1200人，去年1000人，增长20%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from xuezheng.proofing.discrepancies import Certainty, Rule, Slip
from xuezheng.proofing.number_tokens import Mention, Role
from xuezheng.proofing.passages import alike_things
from xuezheng.proofing.rounding import Formula, as_percent, follows, plain

_RISE = "增加|增长|提高|上升|提升|扩大|净增|新增|增"
_FALL = "减少|下降|降低|缩小|压减|减|降"
_FROM_TO = re.compile(rf"(?:由|从)[^。；]{{1,40}}?(?P<verb>{_RISE}|{_FALL})(?:到|至|为|成)")
_FALLS = re.compile(f"(?:{_FALL}|少|低)[^，]*$")
#: A clause that begins so goes on with what the sentence before it tells.
_GOES_ON = re.compile(r"\s*(?:[与比较同][^，。；]{0,4}(?:上年|去年|同期|上一年)|同比)")
_DOUBLED = re.compile("翻了?(?P<times>[一两])?番")
#: A misread sentence gives a change of another size altogether.
_FAR = 3


def check_changes(passage: str, numbers: Sequence[Mention]) -> Iterator[Slip]:
    """Hold every change of a passage against what it starts from and comes to."""
    yield from _from_to(passage, numbers)
    for place, number in enumerate(numbers):
        presents = _presents(passage, numbers[:place], number)
        later = numbers[place + 1 :]
        if number.role is Role.BASE and not re.search("[由从]", number.noun):
            yield from _likeliest([_told(passage, number, now, later) for now in presents])
        elif number.role is Role.CHANGE and number.kind != "%":
            yield from _likeliest([_by_and_rate(passage, now, number, later) for now in presents])


def _presents(passage: str, before: Sequence[Mention], number: Mention) -> list[Mention]:
    """What a change may have come to: the first number of its sentence, and the last one before it."""
    start = max(passage.rfind(sign, 0, number.start) for sign in "。；") + 1
    if start and _GOES_ON.match(passage, start):
        start = passage.rfind("。", 0, start - 1) + 1
    like = [
        other
        for other in before
        if other.start >= start and other.role is Role.LEVEL and alike_things(other, number)
    ]
    return list(dict.fromkeys([*like[:1], *like[-1:]]))


#: What a reading tells; None where its numbers are so far apart that it is a misreading.
_Reading = list[Slip] | None


def _likeliest(readings: Sequence[_Reading]) -> Sequence[Slip]:
    """What the last reading tells, if no reading lets the numbers agree."""
    told = [reading for reading in readings if reading is not None]
    return told[-1] if told and all(told) else ()


def _from_to(passage: str, numbers: Sequence[Mention]) -> Iterator[Slip]:
    for found in _FROM_TO.finditer(passage):
        inside = [number for number in numbers if found.start() <= number.start and number.end <= found.end()]
        after = [number for number in numbers if number.start >= found.end() - 1]
        if not inside or not after:
            continue
        first, second = inside[-1], after[0]
        if (
            not alike_things(first, second)
            or second.start - found.end() > 12
            or not (first.exact and second.exact)
        ):
            continue
        if _moves(first, second) == -_sign(found["verb"]):
            way = "减少" if second.value < first.value else "增加"
            yield Slip(
                Rule.CHANGE, Certainty.CERTAIN, passage, (first.text, second.text),
                f"从{first.text}到{second.text}是{way}，文中写的是“{found['verb']}”。",
            )  # fmt: skip
            continue
        yield from _told(passage, first, second, after[1:]) or ()
        yield from _doubled(passage, first, second)


def _moves(first: Mention, second: Mention) -> int:
    return (second.value > first.value) - (second.value < first.value)


def _sign(verb: str) -> int:
    return 1 if re.fullmatch(_RISE, verb) else -1


def _doubled(passage: str, first: Mention, second: Mention) -> Iterator[Slip]:
    found = _DOUBLED.match(passage[second.end :].lstrip("，、"))
    if not found:
        return
    expected = first.value * (4 if found["times"] == "两" else 2)
    if not first.value or abs(second.value / expected - 1) <= Decimal("0.1"):
        return
    if second.value > expected and not found["times"]:
        return
    yield Slip(
        Rule.CHANGE, Certainty.LIKELY, passage, (first.text, second.text),
        f"{first.text}{found.group()}应为{plain(expected, first)}，文中写的是{second.text}。",
    )  # fmt: skip


def _told(passage: str, first: Mention, second: Mention, later: Sequence[Mention]) -> _Reading:
    """Hold the differences and rates that directly follow two numbers against them."""
    readings: list[_Reading] = []
    for told in later:
        if (
            told.role is not Role.CHANGE
            or re.search("[。；]", passage[second.end : told.start])
            or re.search("同比|环比|比上年|较上年", told.noun)
        ):
            break
        if told.kind == ("个百分点" if first.kind == "%" else first.kind):
            readings.append(_difference(passage, first, second, told))
        elif told.kind == "%" and first.kind != "%":
            readings.append(_rate(passage, told, lambda one, two: abs(two - one) / one * 100, first, second))
    said = [reading for reading in readings if reading is not None]
    return [slip for reading in said for slip in reading] if said else None


def _difference(passage: str, first: Mention, second: Mention, told: Mention) -> _Reading:
    change = abs(second.value - first.value)
    # The difference of what was rounded may be off by one in the last place.
    slack = max(number.quantum if number.rounded else 0 for number in (first, second, told))
    if not told.exact or abs(change - told.value) <= slack:
        return []
    if _far(change, told.value):
        return None
    shown = plain(change, first) if told.kind == first.kind else f"{change}个百分点"
    return [Slip(
        Rule.CHANGE, Certainty.CERTAIN, passage, (first.text, second.text, told.text),
        f"{first.text}与{second.text}相差{shown}，文中写的是{told.text}。",
    )]  # fmt: skip


def _by_and_rate(passage: str, present: Mention, by: Mention, later: Sequence[Mention]) -> _Reading:
    """1200人，比上年增加200人，增长20%: what it was is what it is less the change."""
    if not later or later[0].kind != "%" or later[0].role is not Role.CHANGE:
        return None
    if not re.fullmatch("[，、]?[^，。；]{0,8}", passage[by.end : later[0].start]):
        return None
    falls = _FALLS.search(by.noun) is not None
    return _rate(
        passage,
        later[0],
        lambda now, change: change / (now + change if falls else now - change) * 100,
        present,
        by,
    )


def _rate(passage: str, told: Mention, formula: Formula, one: Mention, two: Mention) -> _Reading:
    if not all(number.exact and number.value for number in (told, one, two)):
        return None
    if follows(told, formula, one, two):
        return []
    expected = formula(one.value, two.value)
    if _far(expected, told.value):
        return None
    return [Slip(
        Rule.CHANGE, Certainty.CERTAIN, passage, (one.text, two.text, told.text),
        f"按{one.text}和{two.text}算，应为{as_percent(expected, told)}，文中写的是{told.text}。",
    )]  # fmt: skip


def _far(expected: Decimal, told: Decimal) -> bool:
    return expected <= 0 or told <= 0 or not Decimal(1) / _FAR <= told / expected <= _FAR
