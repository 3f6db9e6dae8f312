"""Changes: 由38所增加到40所，增加2所; 1200人，比上年增加200人，增长20%; 今年1200人，去年1000人，增长20%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.number_tokens import NumberToken, Role
from xuezheng.proofing.passages import alike_things
from xuezheng.proofing.rounding import Formula, as_percent, follows, plain

_RISE = "增加|增长|提高|上升|提升|扩大|净增|新增|增"
_FALL = "减少|下降|降低|缩小|压减|减|降"
_FROM_TO = re.compile(rf"(?:由|从)[^。；]{{1,40}}?(?P<verb>{_RISE}|{_FALL})(?:到|至|为|成)")
_FALLS = re.compile(f"(?:{_FALL}|少|低)[^，]*$")
#: A clause that begins so goes on with the sentence before it.
_GOES_ON = re.compile(r"\s*(?:[与比较同][^，。；]{0,4}(?:上年|去年|同期|上一年)|同比)")
_DOUBLED = re.compile("翻了?(?P<times>[一两])?番")
#: A misread sentence gives a change of another size altogether.
_FAR = 3


def check_changes(passage: str, numbers: Sequence[NumberToken]) -> Iterator[Discrepancy]:
    """Yield the changes of a passage that do not agree with their start and end values."""
    yield from _from_to(passage, numbers)
    for place, number in enumerate(numbers):
        presents = _presents(passage, numbers[:place], number)
        later = numbers[place + 1 :]
        if number.role is Role.BASE and not re.search("[由从]", number.noun):
            yield from _likeliest([_follow_ups(passage, number, now, later) for now in presents])
        elif number.role is Role.CHANGE and number.kind != "%":
            yield from _likeliest([_by_and_rate(passage, now, number, later) for now in presents])


def _presents(passage: str, before: Sequence[NumberToken], number: NumberToken) -> list[NumberToken]:
    """Return the candidates for the value after a change: the first number of its sentence, and the last one before it."""
    start = max(passage.rfind(sign, 0, number.start) for sign in "。；") + 1
    if start and _GOES_ON.match(passage, start):
        start = passage.rfind("。", 0, start - 1) + 1
    like = [
        candidate
        for candidate in before
        if candidate.start >= start and candidate.role is Role.LEVEL and alike_things(candidate, number)
    ]
    return list(dict.fromkeys([*like[:1], *like[-1:]]))


#: The discrepancies of a reading; None where its numbers are so far apart that it is a misreading.
_Reading = list[Discrepancy] | None


def _likeliest(readings: Sequence[_Reading]) -> Sequence[Discrepancy]:
    """Return the discrepancies of the last reading, if no reading makes the numbers agree; else nothing."""
    plausible = [reading for reading in readings if reading is not None]
    return plausible[-1] if plausible and all(plausible) else ()


def _from_to(passage: str, numbers: Sequence[NumberToken]) -> Iterator[Discrepancy]:
    for match in _FROM_TO.finditer(passage):
        inside = [number for number in numbers if match.start() <= number.start and number.end <= match.end()]
        after = [number for number in numbers if number.start >= match.end() - 1]
        if not inside or not after:
            continue
        first, second = inside[-1], after[0]
        if (
            not alike_things(first, second)
            or second.start - match.end() > 12
            or not (first.exact and second.exact)
        ):
            continue
        if _moves(first, second) == -_sign(match["verb"]):
            direction = "减少" if second.value < first.value else "增加"
            yield Discrepancy(
                Rule.CHANGE, Certainty.CERTAIN, passage, (first.text, second.text),
                f"从{first.text}到{second.text}是{direction}，文中写的是“{match['verb']}”。",
            )  # fmt: skip
            continue
        yield from _follow_ups(passage, first, second, after[1:]) or ()
        yield from _doubled(passage, first, second)


def _moves(first: NumberToken, second: NumberToken) -> int:
    return (second.value > first.value) - (second.value < first.value)


def _sign(verb: str) -> int:
    return 1 if re.fullmatch(_RISE, verb) else -1


def _doubled(passage: str, first: NumberToken, second: NumberToken) -> Iterator[Discrepancy]:
    match = _DOUBLED.match(passage[second.end :].lstrip("，、"))
    if not match:
        return
    expected = first.value * (4 if match["times"] == "两" else 2)
    if not first.value or abs(second.value / expected - 1) <= Decimal("0.1"):
        return
    if second.value > expected and not match["times"]:
        return
    yield Discrepancy(
        Rule.CHANGE, Certainty.LIKELY, passage, (first.text, second.text),
        f"{first.text}{match.group()}应为{plain(expected, first)}，文中写的是{second.text}。",
    )  # fmt: skip


def _follow_ups(
    passage: str, first: NumberToken, second: NumberToken, later: Sequence[NumberToken]
) -> _Reading:
    """Check the differences and rates that directly follow two numbers; None where none do."""
    readings: list[_Reading] = []
    for change in later:
        if (
            change.role is not Role.CHANGE
            or re.search("[。；]", passage[second.end : change.start])
            or re.search("同比|环比|比上年|较上年", change.noun)
        ):
            break
        if change.kind == ("个百分点" if first.kind == "%" else first.kind):
            readings.append(_difference(passage, first, second, change))
        elif change.kind == "%" and first.kind != "%":
            readings.append(
                _rate(
                    passage, change, lambda before, after: abs(after - before) / before * 100, first, second
                )
            )
    outcomes = [reading for reading in readings if reading is not None]
    return [discrepancy for reading in outcomes for discrepancy in reading] if outcomes else None


def _difference(
    passage: str, first: NumberToken, second: NumberToken, change_number: NumberToken
) -> _Reading:
    change = abs(second.value - first.value)
    # The difference of what was rounded may be off by one in the last place.
    slack = max(number.quantum if number.rounded else 0 for number in (first, second, change_number))
    if not change_number.exact or abs(change - change_number.value) <= slack:
        return []
    if _far(change, change_number.value):
        return None
    shown = plain(change, first) if change_number.kind == first.kind else f"{change}个百分点"
    return [Discrepancy(
        Rule.CHANGE, Certainty.CERTAIN, passage, (first.text, second.text, change_number.text),
        f"{first.text}与{second.text}相差{shown}，文中写的是{change_number.text}。",
    )]  # fmt: skip


def _by_and_rate(
    passage: str, present: NumberToken, by: NumberToken, later: Sequence[NumberToken]
) -> _Reading:
    """Check 1200人，比上年增加200人，增长20%: the value before is the present one less the change. None for other sentences."""
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


def _rate(
    passage: str, rate: NumberToken, formula: Formula, first: NumberToken, second: NumberToken
) -> _Reading:
    if not all(number.exact and number.value for number in (rate, first, second)):
        return None
    if follows(rate, formula, first, second):
        return []
    expected = formula(first.value, second.value)
    if _far(expected, rate.value):
        return None
    return [Discrepancy(
        Rule.CHANGE, Certainty.CERTAIN, passage, (first.text, second.text, rate.text),
        f"按{first.text}和{second.text}算，应为{as_percent(expected, rate)}，文中写的是{rate.text}。",
    )]  # fmt: skip


def _far(expected: Decimal, stated: Decimal) -> bool:
    return expected <= 0 or stated <= 0 or not Decimal(1) / _FAR <= stated / expected <= _FAR
