"""Remainders: 核定编制218名，实有203名，缺额15名; 结转26万元，拨款918万元，支出901万元，结余43万元."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.number_tokens import NumberToken, Role
from xuezheng.proofing.prose.passages import alike_things
from xuezheng.proofing.relations import Relation
from xuezheng.proofing.rounding import plain
from xuezheng.proofing.typing_errors import is_displaced, is_mistyped

#: Words right before what is left of one number after another was taken off.
_LEFT = re.compile(
    "(?:核减|审减|尾款|节约|节省|超额完成|超出|缺口|缺额|缺编|空编|空缺|空岗|超编|差额|差异|差距|相差|净资产|结余|结转|剩余|余额|尚余|尚有|仍有|还有|其余|余下|结存|缺|差|未[\u4e00-\u9fff]{1,4}|需[\u4e00-\u9fff]{2,6})"
    "(?:资金|教师|人数|数|工程造价|金额)?(?:[为是有约共]|达)?$"
)
_DUE = re.compile("应|合同|招标|送审|核定|编制|计划|预算|总|共|概算|目标|需|标准|下达|到位")
_DONE = re.compile("中标|成交|审定|实|现有|在编|完成|支出|支付|拨付|决算|已|使用|配备")
_CARRIED, _IN, _OUT = (
    re.compile("结转|结余|上年"),
    re.compile("收入|拨款|到位|下达"),
    re.compile("支出|支付|使用"),
)
#: 未下达506万元 after 下达到校7946万元.
_DENIED = re.compile("未(?P<done>[一-鿿]{2})")
_SUM = re.compile("合计|总计|共计|总额|总投资|总数|共")
#: What there was, what comes and goes, and what there is.
_BEGIN, _END = (
    re.compile("年初|期初|月初|[年期月]末(?!现)|原有|上学?年"),
    re.compile("[年期月]末|年底|月底|现有|期末|目前|截至"),
)
_ENTER, _LEAVE = (
    re.compile("招|转入|调入|新增|增加|录用|流入|新进|入学"),
    re.compile("毕业|转出|调出|减少|退休|离职|流出|死亡|去世|辞职|退学"),
)
_MOST = 6  # numbers before
_TELLING = 3  # digits


def check_residuals(
    passage: str,
    numbers: Sequence[NumberToken],
    earlier: Sequence[NumberToken] = (),
    pairs: Collection[tuple[int, int]] = (),
) -> Iterator[Relation]:
    """Yield the relation of each number that states a remainder (缺额15名) to the numbers before it in its sentence.

    ``numbers`` are the numbers of the passage, ``earlier`` those of the preceding sentences; ``pairs`` are
    (offset of a part, offset of its total) that a rate in the passage relates. Movements (年初, 招生, 毕业, 现有) and
    balances of income and expenses are checked as well. A remainder that does not follow has a discrepancy.
    """
    for left in numbers:
        if left.kind in ("", "%") or not left.exact or not _LEFT.search(left.noun):
            continue
        start = passage.rfind("。", 0, left.start) + 1
        before = [
            number
            for number in numbers
            if start <= number.start < left.start
            and alike_things(number, left)
            and number.role in (Role.LEVEL, Role.BASE)
        ][-_MOST:]
        yield from _flow(passage, left, before)
        if len(before) == 1:
            before = [*[number for number in earlier[-1:] if _is_total_of(number, before[0])], *before]
        if not before:
            before = [
                number
                for number in numbers
                if number.start > left.start and alike_things(number, left) and number.role is Role.LEVEL
            ][:2]
            before = before if len(before) == 2 and _DUE.search(before[0].noun) else []
        yield from _difference(passage, left, before, pairs)
    yield from _balance(passage, numbers)
    yield from _movements(passage, numbers)


def _is_total_of(total: NumberToken, part: NumberToken) -> bool:
    return (
        alike_things(total, part)
        and total.value > part.value
        and total.role is Role.LEVEL
        and _SUM.search(total.noun) is not None
    )


def _movements(passage: str, numbers: Sequence[NumberToken]) -> Iterator[Relation]:
    """Check 上学年末1524人，招生512人，毕业486人，转入46人，转出58人，现有1538人: what there was, what came and what went."""
    for place, first in enumerate(numbers):
        if not _BEGIN.search(first.noun):
            continue
        signs: list[tuple[NumberToken, int]] = [(first, 1)]
        for number in numbers[place + 1 :]:
            sign = -1 if _LEAVE.search(number.noun) else 1 if _ENTER.search(number.noun) else 0
            if "。" in passage[first.end : number.start] or not alike_things(first, number):
                break
            if _END.search(number.noun) and len({sign for _, sign in signs[1:]}) == 2:
                yield _judge(
                    passage,
                    number,
                    tuple(each for each, _ in signs),
                    sum((each.value * sign for each, sign in signs), Decimal(0)),
                )
                return
            if not sign or not number.exact:
                break
            signs.append((number, sign))


def _balance(passage: str, numbers: Sequence[NumberToken]) -> Iterator[Relation]:
    """Check that receipts and expenses, both with what is carried over, are equal: 收入总计512万元，支出总计512万元."""
    for received, spent in pairwise(numbers):
        if not (
            received.noun.endswith("收入总计")
            and spent.noun.endswith("支出总计")
            and received.kind == spent.kind
        ):
            continue
        related = (received, spent)
        if received.value == spent.value:
            yield Relation(related)
        elif received.exact and spent.exact:
            yield Relation(related, Discrepancy(
                Rule.CHANGE, Certainty.LIKELY, passage, (received.text, spent.text),
                f"收入总计{received.text}与支出总计{spent.text}不相等。",
            ))  # fmt: skip


def _flow(passage: str, left: NumberToken, before: Sequence[NumberToken]) -> Iterator[Relation]:
    """Check what is carried over: the balance of last year and the receipts, less the expenses."""
    if len(before) != 3 or not _CARRIED.search(left.noun):
        return
    carried, received, spent = before
    if not (_CARRIED.search(carried.noun) and _IN.search(received.noun) and _OUT.search(spent.noun)):
        return
    expected = carried.value + received.value - spent.value
    yield _judge(passage, left, (carried, received, spent), expected)


def _difference(
    passage: str, left: NumberToken, before: Sequence[NumberToken], rated: Collection[tuple[int, int]]
) -> Iterator[Relation]:
    pairs = [
        (due, done)
        for place, due in enumerate(before)
        for done in before[place + 1 :]
        if due.exact and done.exact and due.value > 0
    ]
    for due, done in reversed(pairs):
        if _is_near(abs(due.value - done.value), left, due, done):
            yield Relation((due, done, left))
            return
    if not pairs or (len(before) == 3 and _CARRIED.search(before[0].noun)):
        return
    due, done = before[-2], before[-1]
    is_sure = any(
        _DUE.search(first.noun) and _DONE.search(second.noun) for first, second in ((due, done), (done, due))
    )
    if named := _named_pair(left, pairs, rated):
        (due, done), is_sure = named, True
    expected = abs(due.value - done.value)
    is_typed = is_displaced(left, expected) or is_mistyped(left, expected, least=_TELLING)
    if is_sure or (is_typed and len(before) == 2):
        yield _judge(passage, left, (due, done), expected)


def _named_pair(
    left: NumberToken, pairs: Sequence[tuple[NumberToken, NumberToken]], rated: Collection[tuple[int, int]]
) -> tuple[NumberToken, NumberToken] | None:
    """Return what a rate of the sentence relates, what 未下达 denies, or assets and debts; None where there are none."""
    totals = [total for _, total in rated]
    for due, done in reversed(pairs):
        denied = _DENIED.search(left.noun)
        is_denied = denied is not None and denied["done"] in done.noun and len(pairs) == 1
        is_net = "净资产" in left.noun and "资产总" in due.noun and "负债" in done.noun
        is_rated = (done.start, due.start) in rated and totals.count(due.start) == 1 and done is pairs[-1][1]
        if is_denied or (done.value <= due.value and (is_net or is_rated)):
            return due, done
    return None


def _is_near(expected: Decimal, left: NumberToken, *numbers: NumberToken) -> bool:
    slack = max(number.quantum if number.rounded else Decimal(0) for number in (left, *numbers))
    return abs(expected - left.value) <= slack / 2


def _judge(passage: str, left: NumberToken, numbers: tuple[NumberToken, ...], expected: Decimal) -> Relation:
    related = (*numbers, left)
    if _is_near(expected, left, *numbers):
        return Relation(related)
    signs = "－".join(number.text for number in numbers[-2:])
    formula = f"{numbers[0].text}＋{signs}" if len(numbers) == 3 else signs
    if len(numbers) > 3:
        formula = f"由{'、'.join(number.text for number in numbers)}推算，"
    return Relation(related, Discrepancy(
        Rule.CHANGE, Certainty.LIKELY, passage, tuple(number.text for number in related),
        f"{formula}应为{plain(expected, left)}，文中写的是{left.text}。",
    ))  # fmt: skip
