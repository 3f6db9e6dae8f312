"""What is left: 核定编制218名，实有203名，缺额15名; 结转26万元，拨款918万元，支出901万元，结余43万元."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
    "(?:尾款|节约|节省|超额完成|超出|缺口|缺额|缺编|空编|空缺|空岗|超编|差额|差异|差距|相差|结余|结转|剩余|余额|尚余|尚有|仍有|还有|其余|余下|结存|缺|差|未[\u4e00-\u9fff]{1,4}|需[\u4e00-\u9fff]{2,6})"
    "(?:资金|教师|人数|数)?(?:[为是有约共]|达)?$"
)
_DUE = re.compile("应|合同|招标|送审|核定|编制|计划|预算|总|共|概算|目标|需|标准|下达|到位")
_DONE = re.compile("中标|成交|审定|实|现有|在编|完成|支出|支付|拨付|决算|已|使用|配备")
_CARRIED, _IN, _OUT = (
    re.compile("结转|结余|上年"),
    re.compile("收入|拨款|到位|下达"),
    re.compile("支出|支付|使用"),
)
_MOST = 6  # numbers before
_TELLING = 3  # digits


def check_residuals(passage: str, numbers: Sequence[NumberToken]) -> Iterator[Relation]:
    """Yield the relation of each number that says what is left to the numbers before it in its sentence."""
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
        yield from _difference(passage, left, before)
    yield from _balance(passage, numbers)


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


def _difference(passage: str, left: NumberToken, before: Sequence[NumberToken]) -> Iterator[Relation]:
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
    expected = abs(due.value - done.value)
    is_typed = is_displaced(left, expected) or is_mistyped(left, expected, least=_TELLING)
    if is_sure or (is_typed and len(before) == 2):
        yield _judge(passage, left, (due, done), expected)


def _is_near(expected: Decimal, left: NumberToken, *numbers: NumberToken) -> bool:
    slack = max(number.quantum if number.rounded else Decimal(0) for number in (left, *numbers))
    return abs(expected - left.value) <= slack / 2


def _judge(passage: str, left: NumberToken, numbers: tuple[NumberToken, ...], expected: Decimal) -> Relation:
    related = (*numbers, left)
    if _is_near(expected, left, *numbers):
        return Relation(related)
    signs = "－".join(number.text for number in numbers[-2:])
    formula = f"{numbers[0].text}＋{signs}" if len(numbers) == 3 else signs
    return Relation(related, Discrepancy(
        Rule.CHANGE, Certainty.LIKELY, passage, tuple(number.text for number in related),
        f"{formula}应为{plain(expected, left)}，文中写的是{left.text}。",
    ))  # fmt: skip
