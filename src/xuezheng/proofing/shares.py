"""Shares, rates and averages: 120人，占应交流427人的28.1%; 应检427人，实检420人，受检率98.4%; 12所，288个，平均每校24个."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.number_tokens import NumberToken, Role
from xuezheng.proofing.passages import alike_things
from xuezheng.proofing.rounding import as_percent, follows, mistyped, plain, rounded
from xuezheng.proofing.series import check_series

_SHARE_OF = re.compile(
    "占(?P<of>[^，。；]*)$|(?:完成|达到?|为)(?P<plan>[^，。；0-9]{0,12}(?:计划|任务|目标|预算)[^，。；]{0,12})的$"
)
#: Words around the name of a whole that do not name it.
_SCOPE = re.compile(
    "的|比例|比重|比|总数|总人数|总量|总|全部|全区|全县|全市|全国|全省|学校|人数|为|达到?|约|其|在校|当年|应"
)
_BRACKETED = re.compile("（[^（）]*）")
#: Between a part and 占: a word of the same clause, or hardly any of the next.
_ITS_SHARE = re.compile("[^，。；：（]*[，（]?(?:约|仅|只|已|其?(?:比例|比重|人数|数量|总数))?")
_PLAN = re.compile("计划|任务|目标|预算")
_RATE = re.compile("(?P<done>[\u4e00-\u9fff]{2})(?P<rate>率)(?:已?达到?|为|是)?$")
_SHARES = re.compile("(?:占比|比例|比重)分别|各占")
#: Times a year or a term that a standard may be paid.
_TIMES = (1, 2, 3, 4, 5, 6, 9, 10, 12)
_MANY = 4  # digits: that one of so many is wrong is no chance
_FAR_SHARE, _FAR_AMOUNT = Decimal(15), Decimal("0.3")
#: What an amount is counted by: 生均 is an amount a pupil, 每校 one a school.
_A_HEAD = re.compile(
    r"每?(?P<head>[人生名师员校园所班户场车])(?=均)|(?P<size>班额)|每[一百]?(?P<each>[人生名位师员校园所班户间套])"
)
_HEAD_UNITS = {
    **{head: {"人", "人次"} for head in "人生名位师员"},
    **{head: {"所", "个", "家"} for head in "校园所"},
    "班": {"班", "个"},
    "户": {"户"},
    "场": {"场"},
    "车": {"辆", "台"},
    "间": {"间"},
    "套": {"套"},
}
_COUNTS = {"人", "人次", "户", "所", "份", "套", "间", "张", "班", "个", "台", "件", "家"}
_PERIODS = {"天", "个月", "次", "周"}


def check_shares(
    passage: str, numbers: Sequence[NumberToken], earlier: Sequence[NumberToken] = ()
) -> Iterator[Discrepancy]:
    """Check every share and rate of a passage against the numbers that it follows from.

    ``earlier`` are the numbers of the preceding sentences, one of which may be the total of a share.
    """
    settled, discrepancies = check_series(passage, numbers)
    yield from discrepancies
    for share in numbers:
        if share.kind != "%" or not share.exact or share.role is Role.CHANGE or share in settled:
            continue
        item = passage.rfind("；", 0, share.start) + 1
        before = [
            number
            for number in numbers
            if number.end <= share.start
            and number.kind not in ("", "%")
            and number.role in (Role.LEVEL, Role.BASE)
        ]
        clause = _SHARE_OF.search(passage[max(item, share.start - 40) : share.start])
        if clause:
            total_name = clause["of"] if clause["plan"] is None else clause["plan"]
            yield from _share(passage, share, before, share.start - len(clause.group()), total_name, earlier)
        elif rate := _RATE.search(share.noun):
            here = [number for number in before if number.start >= item]
            yield from _rate(passage, share, here, before, rate["done"])
    yield from _hundred(passage, numbers)


def _share(
    passage: str,
    share: NumberToken,
    before: Sequence[NumberToken],
    place: int,
    named: str,
    earlier: Sequence[NumberToken],
) -> Iterator[Discrepancy]:
    parts = [number for number in before if number.end <= place and number.role is Role.LEVEL]
    if not parts:
        return
    part = parts[-1]
    if named_totals := [number for number in before if number.start >= place]:
        if alike_things(part, named_totals[-1]):
            yield from _quotient(passage, share, [part], [named_totals[-1]], Certainty.CERTAIN)
        return
    name = _SCOPE.sub("", named)
    totals = [
        number
        for number in parts[:-1]
        if number.kind == part.kind
        and (number.value > part.value or _PLAN.search(named))
        and _names(number, name)
    ]
    if not totals and len(name) > 2:
        named_so = (number for number in earlier if name in _SCOPE.sub("", number.noun))
        totals = [number for number in named_so if number.kind == part.kind][-1:]
    if not _ITS_SHARE.fullmatch(_BRACKETED.sub("", passage[part.end : place])):
        return  # something else stands between the part and its share
    yield from _quotient(passage, share, [part], totals, Certainty.LIKELY, before)


def _names(number: NumberToken, name: str) -> bool:
    """Whether a number's noun contains words of ``name``, the total that a share names; always for a plain 占, which names none."""
    return not name or any(name[place : place + 2] in number.noun for place in range(max(len(name) - 1, 1)))


def _rate(
    passage: str, share: NumberToken, here: Sequence[NumberToken], before: Sequence[NumberToken], done: str
) -> Iterator[Discrepancy]:
    """Check a rate: 受检率 is 实检 in percent of 应检. The part is the number, of this item, named with a word of the rate (``done``)."""
    parts = [number for number in here if set(done) & set(number.noun[-6:])]
    part = next((number for number in reversed(parts) if done in number.noun), None) or next(
        reversed(parts), None
    )
    if part is None:
        return
    totals = [
        number
        for number in before
        if alike_things(number, part) and number.end <= part.start and number.value >= part.value
    ]
    totals = [number for number in totals if number in here] or totals[:1]
    if totals:
        yield from _quotient(passage, share, parts, totals, Certainty.LIKELY, before)


def _quotient(
    passage: str,
    share: NumberToken,
    parts: Sequence[NumberToken],
    totals: Sequence[NumberToken],
    certainty: Certainty,
    before: Sequence[NumberToken] = (),
) -> Iterator[Discrepancy]:
    """Yield a discrepancy for a share that follows from none of the parts and totals, but is near that of the likeliest pair."""
    pairs = [
        (part, total) for part in parts for total in totals if part.kind == total.kind and total.value > 0
    ]
    if not pairs or any(follows(share, _percent, *pair) for pair in pairs):
        return
    # 空编 or 临聘 may stand beside what they are a part of the sum of.
    if follows(share, lambda part, total: part / (part + total) * 100, *pairs[-1]):
        return
    if any(follows(share, _of_sum, *run, total) for _, total in pairs for run in _runs(before, total)):
        return
    # The whole is what the sentence begins with, or what stands nearest.
    part, denominator = min(
        (pairs[0], pairs[-1]), key=lambda pair: abs(_percent(pair[0].value, pair[1].value) - share.value)
    )
    exact = _percent(part.value, denominator.value)
    if not (part.exact and denominator.exact) or abs(exact - share.value) > _FAR_SHARE:
        return
    yield Discrepancy(
        Rule.SHARE, certainty, passage, (part.text, denominator.text, share.text),
        f"{part.text}占{denominator.text}的{as_percent(exact, share)}，文中写的是{share.text}。",
    )  # fmt: skip


def _percent(part: Decimal, total: Decimal) -> Decimal:
    return part / total * 100


def _of_sum(*numbers: Decimal) -> Decimal:
    """Return the sum of all numbers but the last in percent of the last."""
    return sum(numbers[:-1], Decimal(0)) / numbers[-1] * 100


def _runs(numbers: Sequence[NumberToken], total: NumberToken) -> Iterator[Sequence[NumberToken]]:
    """Return the last two, three and four numbers of a kind: a share may be of their sum."""
    like = [number for number in numbers if number.kind == total.kind and number is not total]
    return (like[-length:] for length in (2, 3, 4) if length <= len(like))


def _hundred(passage: str, numbers: Sequence[NumberToken]) -> Iterator[Discrepancy]:
    """Check the shares after A、B、C占比分别为: yield one discrepancy if their sum is near 100 % but not equal to it."""
    for match in _SHARES.finditer(passage):
        end = min(
            (place for sign in "。；" if (place := passage.find(sign, match.end())) >= 0),
            default=len(passage),
        )
        run = [number for number in numbers if match.end() <= number.start < end and number.kind == "%"]
        total = sum((number.value for number in run), Decimal(0))
        if len(run) < 3 or not all(number.exact for number in run):
            continue
        slack = sum((number.quantum for number in run), Decimal(0)) / 2
        if slack < abs(total - 100) <= 5:
            yield Discrepancy(
                Rule.SHARE, Certainty.CHECK, passage, tuple(number.text for number in run),
                f"{'、'.join(number.text for number in run)}相加是{total}%，不是100%。",
            )  # fmt: skip


def check_averages(passage: str, numbers: Sequence[NumberToken]) -> Iterator[Discrepancy]:
    """Check amounts per head, as in 平均每校24个, against the nearby head count and total amount."""
    rates = [number for number in numbers if number.role is Role.PER]
    for order, rate in enumerate(rates):
        start = max(passage.rfind("；", 0, rate.start), passage.rfind("。", 0, rate.start)) + 1
        ends = [place for sign in "；。" if (place := passage.find(sign, rate.end)) >= 0]
        start = max([start, *(others_rate.end for others_rate in rates[:order])])
        end = min([*ends, *(others_rate.start for others_rate in rates[order + 1 :]), len(passage)])
        near = [
            number
            for number in numbers
            if start <= number.start and number.end <= end and number.role is Role.LEVEL
        ]
        # An average comes after what it is made of, a standard may come before.
        preceding = [number for number in near if number.end <= rate.start] if "均" in rate.noun else []
        yield from _average(passage, rate, preceding if len(preceding) > 1 else near)


def _average(passage: str, rate: NumberToken, near: Sequence[NumberToken]) -> Iterator[Discrepancy]:
    amounts = [number for number in near if number.kind == rate.kind and number.value > rate.value]
    match = _A_HEAD.search(rate.noun)
    kinds = _HEAD_UNITS[match["head"] or match["each"] or "班"] if match else _COUNTS
    head_counts = _one_total([number for number in near if number.kind in kinds - {rate.kind}])
    if len(amounts) != 1 or len(head_counts) != 1 or not (rate.kind and rate.value and head_counts[0].value):
        return
    [amount], [head] = amounts, head_counts
    periods = [number.value for number in near if number.kind in _PERIODS and number.value]
    if not all(number.exact for number in (rate, amount, head)):
        return
    if any(_matches(rate, amount, head, times) for times in (*periods, *map(Decimal, _TIMES))):
        return
    times = periods[0] if periods else Decimal(1)
    expected = head.value * rate.value * times
    is_mistyped = any(
        mistyped(amount, rounded(head.value * rate.value * each, amount.quantum), least=_MANY)
        for each in (*periods, *map(Decimal, _TIMES))
    )
    if abs(expected - amount.value) > expected * _FAR_AMOUNT and not is_mistyped:
        return
    factors = "×".join([head.text, rate.text, *(str(times) for _ in periods[:1])])
    yield Discrepancy(
        Rule.STANDARD, Certainty.CERTAIN if rate.unit == "元" else Certainty.LIKELY, passage,
        (head.text, rate.text, amount.text),
        f"{factors}应为{plain(expected, amount)}，文中写的是{amount.text}。",
    )  # fmt: skip


def _one_total(numbers: Sequence[NumberToken]) -> Sequence[NumberToken]:
    """Return only the total of a list whose first or last number is the sum of the others; else the list itself."""
    total = sum((number.value for number in numbers), Decimal(0))
    totals = [number for number in (*numbers[:1], *numbers[-1:]) if number.value * 2 == total]
    return totals[:1] if len(numbers) > 2 and totals else numbers


def _matches(rate: NumberToken, amount: NumberToken, head: NumberToken, times: Decimal) -> bool:
    product = head.value * rate.value * times
    # An average is rounded or cut off, so the product may be off by that much for each head.
    averaged = "均" in rate.noun or rate.rounded
    slack = amount.slack + (head.value * rate.quantum * times if averaged else 0)
    return abs(product - amount.value) <= slack
