"""Rates such as 受检率 in 应检427人，实检420人，受检率98.4%. The name of the rate identifies the part among the numbers before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.number_tokens import NumberToken, Role
from xuezheng.proofing.prose.passages import alike_things
from xuezheng.proofing.prose.quotients import check_quotient, percent_of_sum
from xuezheng.proofing.relations import Relation
from xuezheng.proofing.rounding import as_percent, follows, percent_of

RATE = re.compile(
    "(?P<done>[\u4e00-\u9fff]{2})(?:(?<=城镇)化)?(?P<rate>率|比例|(?<=满意)度|(?<=[付行成出])进度)(?:（[^（）]*）)?(?:已?达到?|为|是|约为?)?$"
)
#: Rates of several kinds together, and the kind that a list with them must hold besides.
_COMPOSED = tuple(
    (re.compile(name), tuple(map(re.compile, kinds)), re.compile(among))
    for name, kinds, among in (
        ("优良", ("优秀|优质|优等", "良好"), "及格|合格|一般"),
        ("(?<!不)(?:及格|合格)", ("优秀", "良好", "(?<!不)(?:及格|合格)$"), "不(?:及格|合格)"),
        ("满意", ("非常满意|很满意", "(?<![不常很])满意|基本满意"), "不满意|一般"),
    )
)
#: Rates whose total is children of an age, or the pupils of years ago: no number of the text.
_ELSEWHERE = re.compile("入学|入园|巩固|升学|普及|增长|就业|识字|命中|覆盖|贡献")
_TOTAL = re.compile("(?:共|合计|总计|总数|总额|总量|总)[^，。；：、]{0,6}$")
_SUM = re.compile("(?:合计|总计|总数|总额|总量)[^，。；：、]{0,3}$")
_IN_PART = re.compile("部分|基本|未|不|待|超额")
#: 应测18640人，实测18212人: what should have been, and what was.
_EXPECTED, _ACTUAL = (
    re.compile("(?:应|送审|适龄)[^，。；]{1,6}$"),
    re.compile("(?:实|现有|专职|[在入就][园校学读]|审定|已)[^，。；]{0,6}$"),
)
#: 参与率81.0%（全校学生2386人）.
_SPENT, _SPENDING = {"执行", "支付", "使用", "支出"}, re.compile("支出|支付|执行|使用|拨付|完成")
_USED = {"使用", "利用", "占用"}
_BRACKET = re.compile("（(?:[全共总应参][一-鿿]{1,8}|[一-鿿]{0,6}[总]数?)[0-9.]+万?[一-鿿]{1,2}）")
_LAST = 8  # numbers of the text before, one of which a rate may be of
_AROUND = 8  # signs of a noun that may name what was done


def check_rate(
    passage: str,
    rate: NumberToken,
    numbers: Sequence[NumberToken],
    name: re.Match[str],
    earlier: Sequence[NumberToken],
) -> Iterator[Relation]:
    """Yield at most one relation: that of a rate (受检率98.4%) to its part and its total, whether it holds or not.

    ``rate`` is the percentage, ``name`` a match of :data:`RATE` in the words before it. ``numbers`` are all
    numbers of the passage, ``rate`` among them, and ``earlier`` those of the text before the passage, both in
    reading order. A part and a total whose quotient is the rate, within rounding, are preferred; if there are
    none, the wording decides which numbers are meant. Nothing is yielded where it does not tell.
    """
    done = _stem(rate, name, numbers)
    before = [
        number
        for number in numbers
        if number.end <= rate.start and number.kind not in ("", "%") and number.role is Role.LEVEL
    ]
    if not before:
        return
    item = passage.rfind("；", 0, rate.start) + 1
    parts = _parts(before, item, done)
    pairs = [
        (part, total)
        for part in parts
        for total in before
        if _may_be_of(part, total, done) and alike_things(total, part) and total.value
    ]
    for part, total in pairs:
        if follows(rate, percent_of, part, total):
            yield Relation((part, total, rate))
            return
    if together := _together(rate, before, item):
        yield Relation(together)
        return
    if composed := _composed(passage, rate, before):
        yield from composed
        return
    bracket = _BRACKET.match(passage, rate.end)
    if bracket and (
        after := [each for each in numbers if bracket.end() >= each.end > each.start >= bracket.start()]
    ):
        totals = [total for total in after if alike_things(total, parts[0]) and total.value]
        yield from check_quotient(passage, rate, parts[:1], totals[-1:], Certainty.LIKELY, is_sure=True)
        return
    if not pairs:
        yield from _of_earlier(passage, rate, parts[0], done, earlier)
        return
    part = pairs[0][0]
    totals = [total for first, total in pairs if first is part]
    is_due = _EXPECTED.search(totals[0].noun) is not None
    is_spent = done in _SPENT and _SPENDING.search(part.noun[-_AROUND:]) is not None
    if not is_due and not is_spent and not set(done) & set(part.noun[-_AROUND:]):
        return
    total = _likeliest(totals, part, item, done)
    is_adjacent = not any(part.end <= number.start < rate.start for number in numbers)
    qualifier = rate.noun[: -len(name.group())]
    is_plain = is_due or len(qualifier) <= 1 or qualifier in f"{part.noun}{total.noun}"
    is_named = set(done) <= set(part.noun[-_AROUND:]) and (
        part.noun.endswith(done) or not _ELSEWHERE.search(done)
    )
    here = [number for number in before if number.start >= item]
    is_named = (
        is_named
        or len(before) == 2
        or here == [total, part]
        or (_EXPECTED.search(total.noun) is not None and _ACTUAL.search(part.noun) is not None)
    )
    is_among = total.start >= item or _SUM.search(total.noun) is not None or _divides_more(total, numbers)
    yield from check_quotient(
        passage,
        rate,
        [part],
        [total],
        Certainty.LIKELY,
        before,
        is_sure=is_plain and is_named and is_among and (is_adjacent or done in part.noun[-_AROUND:]),
    )


def _composed(passage: str, rate: NumberToken, before: Sequence[NumberToken]) -> list[Relation]:
    """Check 优良率 or 合格率 against the kinds that it is of: 优秀2368人、良好5827人、及格9105人、不及格912人."""
    for name, kinds, among in _COMPOSED:
        parts = [[number for number in before if kind.search(number.noun)][-1:] for kind in kinds]
        run = [part for named in parts for part in named]
        if not (name.search(rate.noun) and len(run) == len(kinds) and any(map(among.search, _nouns(before)))):
            continue
        first = min(part.start for part in run)
        totals = [number for number in before if number.start < first and alike_things(number, run[0])][-1:]
        if totals and all(number.exact for number in (*run, *totals)):
            return [_judged(passage, rate, run, totals[0])]
    return []


def _nouns(numbers: Sequence[NumberToken]) -> list[str]:
    return [number.noun for number in numbers]


def _judged(passage: str, rate: NumberToken, parts: Sequence[NumberToken], total: NumberToken) -> Relation:
    numbers = (*parts, total, rate)
    if follows(rate, percent_of_sum, *parts, total):
        return Relation(numbers)
    expected = as_percent(percent_of_sum(*(part.value for part in parts), total.value), rate)
    texts = tuple(number.text for number in numbers)
    shown = "＋".join(part.text for part in parts)
    message = f"{shown}占{total.text}的{expected}，文中写的是{rate.text}。"
    return Relation(numbers, Discrepancy(Rule.SHARE, Certainty.LIKELY, passage, texts, message))


def _stem(rate: NumberToken, name: re.Match[str], numbers: Sequence[NumberToken]) -> str:
    """Return the two signs of a rate that also name a number before it: 整改 of 整改完成率.

    What is used is the total and not the part, so 编制使用率 is never that of 编制1035名.
    """
    done, first = name["done"], rate.noun[: name.start()][-2:]
    if done in _USED:
        return done
    before = [number for number in numbers if number.end <= rate.start]
    is_named = any(done in number.noun for number in before)
    return first if not is_named and len(first) == 2 and any(first in each.noun for each in before) else done


def _may_be_of(part: NumberToken, total: NumberToken, done: str) -> bool:
    """Whether a part may be of a total: one before it, or what should have been, or after 核减214万元 what it was taken from."""
    if total.start < part.start:
        return _EXPECTED.search(part.noun) is None or done in part.noun
    return total.start > part.start and (_EXPECTED.search(total.noun) is not None)


def _of_earlier(
    passage: str, rate: NumberToken, part: NumberToken, done: str, earlier: Sequence[NumberToken]
) -> Iterator[Relation]:
    """Check a rate against the total of a sentence before: 共发现问题57个。…已督促整改51个，整改率89.5%."""
    totals = [
        number
        for number in earlier[-_LAST:]
        if alike_things(number, part) and number.role is Role.LEVEL and part.value
    ]
    for total in totals:
        if follows(rate, percent_of, part, total):
            yield Relation((part, total, rate))
            return
    named = [total for total in totals if _TOTAL.search(total.noun)]
    if done not in part.noun[-_AROUND:]:
        return
    if len(named) == 1:
        yield from check_quotient(passage, rate, [part], named, Certainty.LIKELY, is_sure=True)
    elif totals and not named and any(total.value >= part.value for total in totals):
        largest = max(totals, key=lambda total: total.value)
        yield from check_quotient(passage, rate, [part], [largest], Certainty.LIKELY)


def _divides_more(total: NumberToken, numbers: Sequence[NumberToken]) -> bool:
    """Whether another percentage is of a total: it is then what the rates of the sentence are of."""
    return any(
        share.kind == "%" and alike_things(part, total) and follows(share, percent_of, part, total)
        for part, share in pairwise(numbers)
        if part.start > total.start
    )


def _likeliest(totals: Sequence[NumberToken], part: NumberToken, item: int, done: str) -> NumberToken:
    """Return what a part is most likely counted among: what the text calls a total, else what its item or sentence begins with."""
    among = [total for total in totals if item <= total.start < part.start]
    if len(among) == len([total for total in totals if total.start >= item]) == 1:
        return among[0]
    larger = [total for total in totals if total.value >= part.value] or totals
    named = [total for total in larger if _TOTAL.search(total.noun)]
    here = [total for total in larger if total.start >= item]
    called = [total for total in here if done in total.noun]
    if called and not named:
        return called[-1]
    return named[-1] if named else (here or larger)[0]


def _parts(before: Sequence[NumberToken], item: int, done: str) -> list[NumberToken]:
    """Return what may be the part, the likeliest first: the last named with both signs of the rate, the number right before, named with one sign."""
    here = [number for number in before if number.start >= item] or list(before[-1:])
    named = [
        number
        for number in reversed(here)
        if done in number.noun[-_AROUND:] and not _IN_PART.search(number.noun)
    ]
    some = [number for number in here if set(done) & set(number.noun[-_AROUND:])]
    return list(dict.fromkeys([*named, here[-1], *reversed(some), *reversed(here)]))


def _together(rate: NumberToken, before: Sequence[NumberToken], item: int) -> tuple[NumberToken, ...] | None:
    """Return two numbers of the item that make up the part together, with the total and the rate; None where none do: 满意与基本满意."""
    here = [number for number in before if number.start >= item]
    for total in before:
        like = [number for number in here if number.start > total.start and alike_things(number, total)]
        if len(like) > 1 and follows(
            rate, lambda first, second, among: (first + second) / among * 100, like[0], like[1], total
        ):
            return (like[0], like[1], total, rate)
    return None
