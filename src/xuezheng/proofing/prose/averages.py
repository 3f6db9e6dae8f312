"""Amounts per head and ratios: 12所，288个，平均每校24个; 353人，每人1000元，35.3万元; 教师1204人，学生20155人，师生比1:16.74."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.number_tokens import NumberToken, Role, chinese_value
from xuezheng.proofing.relations import Relation
from xuezheng.proofing.rounding import digits, plain, rounded
from xuezheng.proofing.typing_errors import is_displaced, is_mistyped

#: How many times a rate may be paid by the amount told with it, by the word for its period; the average of what is told is paid once.
_TIMES = (
    (re.compile("均(?!每月|每天)"), (1,)),
    (re.compile("每?学期"), (1, 2)),
    (re.compile("每?月"), tuple(range(1, 13))),
    (re.compile("每?[天日餐]"), tuple(range(1, 11))),
    (re.compile(""), (1, 2, 3)),
)
_MOVES = re.compile("[由从]|(?:增加|提高|减少|下降|上升)(?:到|至)$")  # 校均规模由186人增加到231人
_YEARS = re.compile("(?P<count>[两二三四五六七八九十]|[0-9]{1,2})年(?:来|间|累计|共|里|分别)")
_SO_FAR = re.compile("累计|共|总")
_MANY = 4  # digits: that one of so many is wrong is no chance
_FAR_AMOUNT = Decimal("0.3")
#: A rate that names nothing else is one of the numbers near it: 生均868元, 每人每学期500元.
_PLAINLY_A_HEAD = re.compile(
    "均(?!每)[^，。；：、]{0,5}$|每(?:人次|[人生名户])(?:每(?:年|学年|学期|月|天))?(?:补助|发放|资助)?$"
    "|平均每(?:批次|场次|[校园班所户车辆套台间场期支批])[一-鿿]{0,3}$|每平方米[一-鿿]{0,2}$|^每[套台间辆册](?:单价)?$|每个[一-鿿]{1,6}(?:的人口|的人数)?[为有约]?$|^单价为?$"
)
#: What an amount is counted by: 生均 is an amount a pupil, 每校 one a school.
_A_HEAD = re.compile(
    r"每?(?P<head>[人生名师员校园所班户场车册台套辆件亩])(?=均)|(?P<size>班额)|每(?P<unit>平方米|亩|公里|册|吨|批次|场次|期|批|支|节)|每[一百]?(?P<each>[人生名位师员校园所班户间套辆台])"
    "|每个(?P<thing>[一-鿿]{1,6}?)(?:的[一-鿿]*|平均|配备|聘任|[为有约达是])*$"
)
_HEAD_UNITS = {
    **{head: {"人", "人次"} for head in "人生名位师员"},
    **{head: {"所", "个", "家"} for head in "校园所"},
    "班": {"班", "个"},
    "户": {"户"},
    "场": {"场"},
    "车": {"辆", "台"},
    "间": {"间"},
    "册": {"册"},
    "件": {"件"},
    "亩": {"亩"},
    "套": {"套"},
    "辆": {"辆"},
    "台": {"台"},
}
_AVERAGE_OF = re.compile("[生人校班]均(?P<name>[一-鿿]{2})")
_NEVER_SUMMED = {"分", "岁", "%"}
_OPENS = re.compile("。平均[^，。；]*$")
_FEW = 4  # numbers of a kind near an average
_COUNTS = {"人", "人次", "户", "所", "份", "套", "间", "张", "班", "个", "台", "件", "家"}
_PERIODS = {"天", "个月", "次", "周"}


#: 师生比1:16.7 is one teacher for so many pupils.
_RATIO = re.compile(
    r"(?P<name>师生比|生师比|教职工与学生之?比)(?:例)?(?:由[^，。；]{1,20}?(?:到|至|为))?(?:约|为|达到?|是)*(?P<first>[0-9]+(?:\.[0-9]+)?)[:：∶](?P<second>[0-9]+(?:\.[0-9]+)?)"
)
_TEACHERS, _PUPILS = (
    re.compile("(?:专任教师|教师|教职工)(?![^，。；]*(?:学生|幼儿))"),
    re.compile("(?:学生|在校生|幼儿)(?![^，。；]*(?:教师|教职工))"),
)
_NAME = 8  # signs


def check_averages(passage: str, numbers: Sequence[NumberToken]) -> Iterator[Relation]:
    """Yield the relation of each average (平均每校24个) to the count and the total near it, whether it holds or not.

    Ratios (师生比) are related to their two numbers. ``passage`` is a sentence, or several that belong together;
    ``numbers`` are its numbers in order. An average that does not follow has a discrepancy.
    """
    rates = [number for number in numbers if number.role is Role.PER]
    for order, rate in enumerate(rates):
        if _MOVES.search(rate.noun) or rate.kind in _NEVER_SUMMED:
            continue
        ends = [place for sign in "；。" if (place := passage.find(sign, rate.end)) >= 0]
        start = max([_item(passage, rate) + 1, *(earlier.end for earlier in rates[:order])])
        end = min([*ends, *(later.start for later in rates[order + 1 :]), len(passage)])
        near = [
            number
            for number in numbers
            if start <= number.start and number.end <= end and number.role is Role.LEVEL
        ]
        if not near and not order and _OPENS.search(passage, 0, rate.start):
            # 家庭户270户，人口707人。平均每个家庭户2.6人: what the sentence before tells.
            near = [each for each in numbers if each.end <= rate.start and each.role is Role.LEVEL]
        # An average comes after what it is made of, a standard may come before.
        preceding = [number for number in near if number.end <= rate.start] if "均" in rate.noun else []
        if not any(number.kind in _kinds_of_heads(rate) - {rate.kind} for number in near):
            near = [*_heads_of_sentence(passage, rate, numbers), *near]
            preceding = []
        near = [*_named_amount(passage, rate, numbers, near), *near]
        stated = [each for each in rates if each.exact or each is rate]
        is_only = len([each for each in stated if _item(passage, each) == _item(passage, rate)]) == 1
        yield from _average(passage, rate, preceding if len(preceding) > 1 else near, is_only=is_only)
        yield from _a_year(passage, rate, near)
    yield from _ratios(passage, numbers)


def _a_year(passage: str, rate: NumberToken, near: Sequence[NumberToken]) -> Iterator[Relation]:
    """Check 五年来累计投入41.5亿元，年均8.3亿元."""
    match = _YEARS.search(passage, max(passage.rfind("。", 0, rate.start), 0), rate.start)
    totals = [number for number in near if number.kind == rate.kind and _SO_FAR.search(number.noun)]
    if not (match and "年均" in rate.noun and len(totals) == 1 and rate.exact and totals[0].exact):
        return
    count = chinese_value(match["count"]) if not match["count"].isdigit() else Decimal(match["count"])
    if not count:
        return
    expected = totals[0].value / count
    relation = Relation((totals[0], rate))
    if abs(expected - rate.value) <= rate.quantum:
        yield relation
        return
    yield replace(relation, discrepancy=Discrepancy(
        Rule.STANDARD, Certainty.LIKELY, passage, (totals[0].text, rate.text),
        f"{totals[0].text}按{match['count']}年平均是{plain(rounded(expected, rate.quantum), rate)}，文中写的是{rate.text}。",
    ))  # fmt: skip


def _item(passage: str, number: NumberToken) -> int:
    """Return the place of the sign before the item of a list divided by semicolons, or the sentence, that holds a number; -1 for none."""
    return max(passage.rfind(sign, 0, number.start) for sign in "；。")


def _average(
    passage: str, rate: NumberToken, near: Sequence[NumberToken], *, is_only: bool
) -> Iterator[Relation]:
    """Check a rate against the one amount and the one head count near it; ``is_only`` says that no other rate stands near."""
    amounts = [number for number in near if number.kind == rate.kind and number.value > rate.value]
    kinds = _kinds_of_heads(rate) - {rate.kind}
    head_counts = _one_total(
        [number for number in near if number.kind in kinds and _is_of_the_thing(number, rate)]
    )
    amounts, head_counts = _of_one_thing(rate, amounts), _of_one_thing(rate, head_counts)
    if agreeing := _find_agreeing(rate, amounts, head_counts, near):
        yield Relation(agreeing)
        return
    is_plain = len(amounts) == 1 and len(head_counts) == 1
    if len(amounts) > 1 and ("均" in rate.noun or rate.end <= amounts[0].start):
        amounts = list(_before_parts(passage, amounts))
    if len(amounts) != 1 or len(head_counts) != 1:
        # 13,200人858万元，人均650元: the two right before the average, among others.
        amounts, head_counts = _right_before(passage, rate, near, kinds)
    if len(amounts) != 1 or len(head_counts) != 1 or not (rate.kind and rate.value and head_counts[0].value):
        return
    [amount], [head] = amounts, head_counts
    periods = [number.value for number in near if number.kind in _PERIODS and number.value]
    is_only = is_only or _names_amount(rate, amount) or _is_bracketed(passage, rate, near)
    if not all(number.exact for number in (rate, amount, head)):
        return
    counted = tuple(number for number in near if number.kind in _PERIODS and number.value)[:1]
    relation = Relation((head, rate, *counted, amount))
    all_times = (*periods, *_find_times(rate))
    expected = head.value * rate.value * (periods[0] if periods else Decimal(1))
    products = [rounded(head.value * rate.value * times, amount.quantum) for times in all_times]
    is_error = any(is_mistyped(amount, each, least=_MANY) or is_displaced(amount, each) for each in products)
    is_far = abs(expected - amount.value) > expected * _FAR_AMOUNT
    if is_far and not is_error and not (is_only and _PLAINLY_A_HEAD.search(rate.noun)):
        return
    factors = "×".join([head.text, rate.text, *(f"{times}" for times in periods[:1])])
    yield replace(relation, discrepancy=Discrepancy(
        Rule.STANDARD, Certainty.CERTAIN if is_plain and rate.unit == "元" and not is_far else Certainty.LIKELY, passage,
        tuple(number.text for number in relation.numbers),
        f"{factors}应为{plain(expected, amount)}，文中写的是{amount.text}。",
    ))  # fmt: skip


def _find_agreeing(
    rate: NumberToken,
    amounts: Sequence[NumberToken],
    head_counts: Sequence[NumberToken],
    near: Sequence[NumberToken],
) -> tuple[NumberToken, ...] | None:
    """Return a head count, the rate and an amount that agree, of the first few near; None if none do."""
    periods = [number.value for number in near if number.kind in _PERIODS and number.value]
    for amount in amounts[:_FEW]:
        for head in head_counts[:_FEW]:
            is_stated = all(number.exact and number.value for number in (rate, amount, head))
            if is_stated and any(
                _matches(rate, amount, head, times) for times in (*periods, *_find_times(rate))
            ):
                return head, rate, amount
    return None


def _before_parts(passage: str, amounts: Sequence[NumberToken]) -> Sequence[NumberToken]:
    """Return the amounts without those that the text says to be parts of one before: 41028册，其中新购3150册."""
    for order, (first, second) in enumerate(pairwise(amounts), start=1):
        if "其中" in passage[first.end : second.start]:
            return amounts[:order]
    outside = [
        number
        for number in amounts
        if passage.rfind("（", 0, number.start) <= passage.rfind("）", 0, number.start)
    ]
    return outside or amounts


def _named_amount(
    passage: str, rate: NumberToken, numbers: Sequence[NumberToken], near: Sequence[NumberToken]
) -> list[NumberToken]:
    """Return the amount that an average names, where it stands in another item: 占地52600平方米；…学生1578人，生均占地33.3平方米."""
    match = _AVERAGE_OF.search(rate.noun)
    if not match or any(number.kind == rate.kind and match["name"] in number.noun for number in near):
        return []
    start = passage.rfind("。", 0, rate.start) + 1
    return [
        number
        for number in numbers
        if start <= number.start < rate.start
        and number.kind == rate.kind
        and number.role is Role.LEVEL
        and match["name"] in number.noun
    ][:1]


def _of_one_thing(rate: NumberToken, numbers: Sequence[NumberToken]) -> list[NumberToken]:
    """Return only the numbers that name what an average is told by, where some do: 家庭户人口70万人，集体户人口4万人，平均每个家庭户…."""
    match = _A_HEAD.search(rate.noun)
    named = [number for number in numbers if match and match["thing"] and match["thing"] in number.noun]
    return named or list(numbers)


def _is_bracketed(passage: str, rate: NumberToken, near: Sequence[NumberToken]) -> bool:
    """Whether a rate stands in a bracket after its two numbers: 318人25.44万元（每生每年800元）."""
    before = [number for number in near if number.end <= rate.start]
    return bool(before) and "（" in passage[before[-1].end : rate.start]


def _names_amount(rate: NumberToken, amount: NumberToken) -> bool:
    match = _AVERAGE_OF.search(rate.noun)
    return match is not None and match["name"] in amount.noun


def _is_of_the_thing(number: NumberToken, rate: NumberToken) -> bool:
    """Whether a number counts what an average is told by: 责任区8个 in 平均每个责任区12名."""
    match = _A_HEAD.search(rate.noun)
    return (
        not match
        or not match["thing"]
        or match["thing"][-2:] in f"{number.noun}{number.tail}"
        or match["thing"][-1] == number.kind
    )


def _kinds_of_heads(rate: NumberToken) -> set[str]:
    """Return the kinds of units that an amount may be counted by, by the words before it."""
    match = _A_HEAD.search(rate.noun)
    if match and match["unit"]:
        return {match["unit"]}
    if match and match["thing"]:
        return {"个", match["thing"][-1]}
    return _HEAD_UNITS[match["head"] or match["each"] or "班"] if match else _COUNTS


def _right_before(
    passage: str, rate: NumberToken, near: Sequence[NumberToken], kinds: set[str]
) -> tuple[list[NumberToken], list[NumberToken]]:
    """Return the amount and the head count right before an average, or on both sides of a standard; none where they are others."""
    before = [number for number in near if number.end <= rate.start]
    after = [number for number in near if number.start >= rate.end]
    is_bracketed = before and "（" in passage[before[-1].end : rate.start]
    pair = before[-2:] if "均" in rate.noun or is_bracketed else [*before[-1:], *after[:1]]
    return (
        [number for number in pair if number.kind == rate.kind],
        [number for number in pair if number.kind in kinds],
    )


def _heads_of_sentence(passage: str, rate: NumberToken, numbers: Sequence[NumberToken]) -> list[NumberToken]:
    """Return the largest head count in the sentence of an average, in another item: 教学班1326个…；学生58204人，班均43.9人."""
    start, end = passage.rfind("。", 0, rate.start) + 1, passage.find("。", rate.end)
    end = len(passage) if end < 0 else end
    kinds = _kinds_of_heads(rate) - {rate.kind}
    match = _A_HEAD.search(rate.noun)
    head = (match["head"] or match["each"] or "班") if match else ""
    counted = [
        number
        for number in numbers
        if start <= number.start < end
        and number.kind in kinds
        and number.role is Role.LEVEL
        and (number.kind != "个" or head in f"{number.noun[-4:]}{number.tail[:3]}")
    ]
    return [max(counted, key=_value)] if counted and head else []


def _find_times(rate: NumberToken) -> list[Decimal]:
    return next(
        [Decimal(times) for times in all_times] for word, all_times in _TIMES if word.search(rate.noun)
    )


def _ratios(passage: str, numbers: Sequence[NumberToken]) -> Iterator[Relation]:
    """Check 师生比1:16.7 against the numbers of teachers and pupils before it, the largest of each."""
    for match in _RATIO.finditer(passage):
        before = [
            number
            for number in numbers
            if number.end <= match.start()
            and number.kind == "人"
            and number.exact
            and number.role is Role.LEVEL
        ]
        teachers, pupils = (
            max((number for number in before if _counts(number, names)), key=_value, default=None)
            for names in (_TEACHERS, _PUPILS)
        )
        first, second = Decimal(match["first"]), Decimal(match["second"])
        if not (teachers and pupils and teachers.value and pupils.value and first and second):
            continue
        teaching, taught = (second, first) if match["name"] == "生师比" and second == 1 else (first, second)
        stated, expected = taught / teaching, pupils.value / teachers.value
        shown = match["first"] if taught == first and teaching != first else match["second"]
        quantum = Decimal(1).scaleb(-len(shown.partition(".")[2]))
        relation = Relation((teachers, pupils))
        if abs(stated - expected) <= quantum + expected * (
            pupils.slack / pupils.value + teachers.slack / teachers.value
        ):
            yield relation
        else:
            yield replace(relation, discrepancy=Discrepancy(
                Rule.SHARE, Certainty.LIKELY, passage, (teachers.text, pupils.text, shown),
                f"{pupils.text}除以{teachers.text}是{digits(rounded(expected, quantum))}，文中写的是{shown}。",
            ))  # fmt: skip


def _counts(number: NumberToken, names: re.Pattern[str]) -> bool:
    """Whether a number counts what is so named right before it, or right after it: 1628名学生."""
    return names.search(number.noun[-_NAME:]) is not None or names.match(number.tail) is not None


def _value(number: NumberToken) -> Decimal:
    return number.value


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
