"""Checking a percentage against the part and the total from which it follows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.number_tokens import NumberToken, Role
from xuezheng.proofing.relations import Relation
from xuezheng.proofing.rounding import as_percent, follows, percent_of

_FAR_SHARE = Decimal(15)
_ALL = Decimal(100)
_TENTH = Decimal("0.1")
_BEYOND_A_ZERO = 12
#: What can never be more than all there is. Plans may be exceeded, and 毛入学率 counts children of other ages.
_PART_OF_ALL = re.compile(
    "(?:合格|及格|优秀|优良|良好|达标|整改|巩固|满意|出勤|出席|到课|参训|参检|受检|完好|净入学|录取|上线|回收|有效|办结|办复"
    "|就业|升学|签约|持证|覆盖|近视|检出|通过|结业|参与|知晓|普惠)(?:率|比例|度)(?:（[^（）]*）)?[^，。；：0-9]{0,4}$"
    "|占比?(?![^，。；]*(?:计划|任务|目标|预算|上年|去年|同期|年初|概算))[^，。；：]{0,20}$"
)
_FALLS = re.compile("(?:下降|减少|降低|减幅|降幅)(?:了|约|率|达|为)?$")
#: What may fall by more than there was, and rates of growth, which differ by any amount.
_UNBOUNDED = re.compile("利润|收益|增速|增幅|涨幅")
_POINTS = "个百分点"


def check_quotient(
    passage: str,
    share: NumberToken,
    parts: Sequence[NumberToken],
    totals: Sequence[NumberToken],
    certainty: Certainty,
    before: Sequence[NumberToken] = (),
    *,
    is_sure: bool = False,
) -> Iterator[Relation]:
    """Yield the relation of the percentage ``share`` to the part and total from which it follows, if there is one.

    ``parts`` and ``totals`` are candidates, ``before`` other numbers whose sum may be the part. Where no pair
    agrees, a relation with a discrepancy of the given certainty is yielded for the likeliest pair if the
    share is near it; with ``is_sure``, where the text names the total, however far off it is.
    """
    pairs = [
        (part, total) for part in parts for total in totals if part.kind == total.kind and total.value > 0
    ]
    if not pairs:
        return
    for part, total in pairs:
        if follows(share, percent_of, part, total):
            yield Relation((part, total, share))
            return
    # 空编 or 临聘 may stand beside what they are a part of the sum of.
    is_named = certainty is Certainty.CERTAIN
    if not is_named and follows(share, lambda part, total: part / (part + total) * 100, *pairs[-1]):
        yield Relation((*pairs[-1], share))
        return
    for _, total in pairs:
        for run in _runs(before, total):
            if follows(share, percent_of_sum, *run, total):
                yield Relation((*run, total, share))
                return
    # The whole is what the sentence begins with, or what stands nearest.
    part, denominator = (
        pairs[-1]
        if is_sure
        else min(
            (pairs[0], pairs[-1]),
            key=lambda pair: abs(percent_of(pair[0].value, pair[1].value) - share.value),
        )
    )
    exact = percent_of(part.value, denominator.value)
    is_near = is_sure or abs(exact - share.value) <= _FAR_SHARE or is_displaced(exact, share)
    if not (part.exact and denominator.exact) or not is_near:
        return
    # Farther off than by a zero too many, the share is one of another total.
    if not exact <= share.value * _BEYOND_A_ZERO or not share.value <= exact * _BEYOND_A_ZERO:
        return
    yield Relation((part, denominator, share), Discrepancy(
        Rule.SHARE, certainty, passage, (part.text, denominator.text, share.text),
        f"{part.text}占{denominator.text}的{as_percent(exact, share)}，文中写的是{share.text}。",
    ))  # fmt: skip


def is_displaced(exact: Decimal, share: NumberToken) -> bool:
    """Whether a percentage differs from the exact one by a factor of ten, as by a misplaced decimal point or zero."""
    digits = f"{share.value / share.quantum:.0f}".strip("0")
    return len(digits) > 1 and any(
        abs(exact * factor - share.value) <= share.quantum for factor in (10, _TENTH)
    )


def check_bounds(passage: str, numbers: Sequence[NumberToken]) -> Iterator[Relation]:
    """Yield a relation with a discrepancy for each percentage above 100 that cannot be: 占总数的416%, 合格率985%, 下降120%.

    ``numbers`` are numbers of the passage. Differences in percentage points are checked likewise.
    """
    for number in numbers:
        if _UNBOUNDED.search(number.noun):
            continue
        falls = number.role is Role.CHANGE and _FALLS.search(number.noun) is not None
        is_part = number.role is not Role.CHANGE and _PART_OF_ALL.search(number.noun) is not None
        is_bounded = number.kind == _POINTS or (number.kind == "%" and (falls or is_part))
        if is_bounded and number.value > _ALL:
            yield Relation((number,), Discrepancy(
                Rule.SHARE, Certainty.LIKELY, passage, (number.text,), f"{number.text}超过了100%，不可能。",
            ))  # fmt: skip


def percent_of_sum(*numbers: Decimal) -> Decimal:
    """Return the sum of all numbers but the last in percent of the last, not rounded.

    The last must not be zero.
    """
    return sum(numbers[:-1], Decimal(0)) / numbers[-1] * 100


def _runs(numbers: Sequence[NumberToken], total: NumberToken) -> Iterator[Sequence[NumberToken]]:
    """Return the last two, three and four numbers of a kind: a share may be of their sum."""
    like = [number for number in numbers if number.kind == total.kind and number is not total]
    return (like[-length:] for length in (2, 3, 4) if length <= len(like))
