"""Finds what a text says to be a total and its parts, by structure alone: brackets, 其中, 分别为, a colon, 共 and 合计.

Nothing here looks at whether the numbers add up: that is :mod:`xuezheng.proofing.prose.sums`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from itertools import groupby

from xuezheng.proofing.number_tokens import NumberToken, Role
from xuezheng.proofing.prose.kinds import count_kinds
from xuezheng.proofing.prose.passages import Level, alike_things

#: Brackets that open so hold some parts only, or something else altogether.
_PARTIAL = re.compile(
    r"\s*(?:含|包括|包含|不含|如|另|比|较|同比|环比|占|平均|人均|生均|每|截至|原|以|约|下降|增长|目标|已(?:超|完成)|不|现|注|按|去年|上年|计划|应|达|为)"
)
#: What introduces parts of a number before it. In 124个党组织中，… the number stands in the same clause.
_INTRODUCED = re.compile(
    "(?P<named>其中|包括|包含|分别是|分项[^，。；：]{0,6}：|按[^，。；：]{1,8}分[，：]|(?:来源|构成|具体|明细)(?:为|是|如下)?：)|(?P<colon>：)|(?P<among>(?<![初高期集其途])中，)|(?P<each>分别)"
)
_TOTAL = re.compile("(?:共计|合计|总计|总共|一共|累计|共|总数|总额|总投入|总量)[^，。；：、]{0,14}$")
#: These words always mean a sum; 共 may also be used of what overlaps.
_SAYS_SO = re.compile("合计|总计|共计|总共|一共")
#: So does 共 where nothing is named after it: 甲20人、乙30人，共50人.
_PLAIN_TOTAL = re.compile(
    "(?:共|一共|总数)[有为是达]?$|[两二三四五六七八九十](?:年|类|项|者|级|地|校|批|期|种|方面)[^，。；：、]{0,4}(?:累计|共)"
)
#: 三项 in 三项合计86所 counts the parts.
_COUNTS_PARTS = re.compile("合计|累计|共|总")
#: Measure words that one list mixes: 小学16所、教学点27个, 94人、1281人次.
_MIXED = ({"所", "个", "家", "处"}, {"人", "人次"})
#: What is counted as 个 among schools counted as 所.
_SITE = re.compile("教学点|校区|分校|办学点|分园")
_RISES, _FALLS = re.compile("增|升|提高|扩大"), re.compile("减|降|缩")
#: What is either the one or the other, and makes up the total together.
_COMPLEMENTS = tuple(
    (re.compile(first_word), re.compile(second_word))
    for first_word, second_word in (
        ("男", "女"),
        ("公办", "民办"),
        ("城", "[农乡]村|乡镇"),
        ("在职", "退休"),
        ("专职", "兼职"),
        ("基本支出", "项目支出"),
        ("人员经费", "公用经费"),
        ("校内", "校外"),
        ("线上", "线下"),
    )
)
_JOINED = re.compile("(?:、[\u4e00-\u9fff]{0,6})?")
_BETWEEN_TOTAL_AND_BRACKET = re.compile(r"[、，和]?[\u4e00-\u9fff]{0,6}")
_ITEM = re.compile("[^，；、。]+")
#: An item of a list so told is no part: a share, another time, an aside.
_ASIDE = re.compile("占|比|较|同期|去年|上年|平均|人均|生均|标准|每")


class Form(Enum):
    """How a text puts parts and their total together."""

    BRACKET = "bracket"
    NAMED = "named"
    COLON = "colon"
    EACH = "each"
    TOTAL = "total"
    CHANGE = "change"
    COMPLEMENT = "complement"


@dataclass(frozen=True)
class Claim:
    """A total and its parts as a text claims them, found at ``place`` of the passage.

    Of several ``readings`` of where the list of parts ends, the likeliest is first. ``alternatives`` are less likely ones, and ``rivals``
    other numbers that may be the total: they count where they agree. ``is_pure`` says that nothing but parts stands in the list,
    ``says_so`` that the text calls the number a sum.
    """

    form: Form
    place: int
    total: NumberToken
    readings: tuple[tuple[NumberToken, ...], ...]
    alternatives: tuple[tuple[NumberToken, ...], ...] = ()
    rivals: tuple[NumberToken, ...] = ()
    is_pure: bool = False
    says_so: bool = False


def find_claims(level: Level) -> Iterator[Claim]:
    """Yield the claims of a level of a passage; of its brackets only that they list parts of the number before them."""
    yield from _bracketed(level)
    yield from _introduced(level)
    yield from _changes(level)
    yield from _totalled(level)
    yield from _complements(level)
    yield from _plainly_listed(level)


def list_parts(level: Level, start: int, end: int, total: NumberToken) -> tuple[NumberToken, ...]:
    """Return the numbers between two offsets that count the same things as the number ``total``.

    A number without a unit, in a list of one thing told once, has that of the total: 88.2万平方米（小学31.6万、中学44.9万）.
    """
    return tuple(
        number
        for number in (_with_unit(each, total) for each in level.between(start, end, total.role))
        if alike_things(number, total)
        or (total.kind == "所" and number.kind in _MIXED[0] and _SITE.search(number.noun))
    )


def _with_unit(number: NumberToken, total: NumberToken) -> NumberToken:
    if number.unit or not number.noun or number.tail[:1] not in ("", "、", "，", "；", "。", "和"):
        return number
    return replace(number, unit=total.unit)


def _bracketed(level: Level) -> Iterator[Claim]:
    """Find 350人（高中26人，…）: the numbers in a bracket are parts of the number right before it."""
    for bracket in level.brackets:
        inner = bracket.level
        introduced = _INTRODUCED.search(inner.text, bracket.start + 1)
        if (
            introduced
            and introduced["named"]
            and not inner.text[bracket.start + 1 : introduced.start()].strip()
        ):
            start, form = introduced.end(), Form.NAMED
        elif _PARTIAL.match(inner.text, bracket.start + 1):
            continue
        else:
            start, form = bracket.start + 1, Form.BRACKET
        for total in _right_before(level, bracket.start):
            parts = list_parts(inner, start, bracket.end, total)
            yield Claim(
                form, bracket.start, total, (parts,), is_pure=_is_pure(inner, start, bracket.end, parts)
            )


def _is_pure(level: Level, start: int, end: int, parts: Sequence[NumberToken]) -> bool:
    """Whether every item of a list holds one of the parts, and no item is an aside."""
    items = [
        match for match in _ITEM.finditer(level.text, start, end) if match.group().strip(" 和及（）【】")
    ]
    return all(
        sum(match.start() <= part.start < match.end() for part in parts) == 1
        and not _ASIDE.search(match.group())
        for match in items
    )


def _right_before(level: Level, place: int) -> Iterator[NumberToken]:
    """Yield the numbers right before an offset, one of each kind: both of 26人3.9万元（."""
    kinds = set()
    for number in reversed(level.numbers):
        if number.end > place:
            continue
        if number.kind in kinds or not _BETWEEN_TOTAL_AND_BRACKET.fullmatch(level.text, number.end, place):
            return
        kinds.add(number.kind)
        if number.kind and number.kind != "%" and number.role is not Role.PER:
            yield number
        place = number.start


def _introduced(level: Level) -> Iterator[Claim]:
    """Find 共350人，其中高中26人，…: the parts follow the total."""
    matches = list(_INTRODUCED.finditer(level.text))
    for order, match in enumerate(matches):
        start, item = level.item(match.start())
        if not match["named"]:
            start = start if match["each"] else _clause_start(level.text, match.start())
        following = [later.start() for later in matches[order + 1 :] if not later["colon"]]
        rest = min([*following, len(level.text)])
        for total in _nearest(level.between(0 if match["named"] else start, match.start()), match):
            runs = [list_parts(level, match.end(), end, total) for end in (min(item, rest), rest)]
            if match["each"]:
                runs = [_unbroken(level, runs[0])]
            rivals = [
                rival for rival in list_parts(level, 0, match.start(), total) if rival.start != total.start
            ]
            if match["named"] and not _goes_on(level.text[match.end() :], runs[0], runs[1]):
                runs = runs[:1]
            yield Claim(
                Form.EACH if match["each"] else Form.NAMED if match["named"] else Form.COLON,
                match.start(),
                total,
                tuple(runs),
                rivals=tuple(rivals),
                is_pure=bool(match["named"]) and _is_pure(level, match.end(), min(item, rest), runs[0]),
            )


def _goes_on(text: str, item: Sequence[NumberToken], rest: Sequence[NumberToken]) -> bool:
    """Whether the list of parts goes on after the first semicolon, where another list, or none at all, may begin."""
    if text.startswith("：") or (len(rest) > 1 and count_kinds(rest) == len(rest)):
        return True
    return len(item) == 1 and len(rest) > 2


def _clause_start(text: str, place: int) -> int:
    return max(text.rfind(sign, 0, place) for sign in "，。；：、") + 1


def _nearest(numbers: Sequence[NumberToken], match: re.Match[str]) -> Iterator[NumberToken]:
    """Yield the last number of each kind; before a colon only one right before it."""
    kinds = set()
    for number in reversed(numbers):
        if match["colon"] and match.start() - number.end > 4:
            return
        if number.kind not in kinds and number.kind not in ("", "%"):
            kinds.add(number.kind)
            yield number


def _unbroken(level: Level, numbers: Sequence[NumberToken]) -> tuple[NumberToken, ...]:
    """Return the leading numbers of a list that only 、 or 和 separates."""
    run = list(numbers[:1])
    for number in numbers[1:]:
        if not re.fullmatch(r"[、，和及与\s]*", level.text[run[-1].end : number.start]):
            break
        run.append(number)
    return tuple(run)


def _totalled(level: Level) -> Iterator[Claim]:
    """Find 甲20人、乙30人，共50人: the total follows its parts, or precedes them without a word between."""
    numbers = level.between(0, len(level.text))
    total_words, place = "", 0  # of the total that the number before this one is
    for last, total in zip([None, *numbers], numbers, strict=False):
        # Of 合计70人、资金3.5万元, both are totals.
        with_last = last and last.kind != total.kind and _JOINED.fullmatch(level.text, last.end, total.start)
        if _TOTAL.search(total.noun):
            total_words, place = total.noun, total.start
        elif not with_last:
            total_words = ""
        if total.kind in ("", "%") or not total_words:
            continue
        start, end = level.item(total.start)
        before = [
            tuple(
                number
                for number in numbers
                if first <= number.start < total.start and _may_add(number, total)
            )
            for first in (start, 0)
        ]
        readings = [run for run in before if run and not _has_total(run)]
        after = list_parts(level, total.end, end, total)
        is_pure = bool(readings) and _is_plain_list(level, readings[0], total)
        if not readings and len(after) > 1 and not _INTRODUCED.search(level.text, total.end, end):
            readings = [after]
        yield Claim(Form.COLON, place, total, (), alternatives=(after,))
        yield Claim(
            Form.TOTAL,
            place,
            total,
            tuple(readings),
            alternatives=tuple(before),
            is_pure=is_pure,
            says_so=_SAYS_SO.search(total_words) is not None or _PLAIN_TOTAL.search(total_words) is not None,
        )


def _is_plain_list(level: Level, parts: Sequence[NumberToken], total: NumberToken) -> bool:
    """Whether nothing but words and the signs of one list stands between the parts and before their total."""
    between = [
        number
        for number in level.numbers
        if parts[0].start <= number.start < total.start and not _COUNTS_PARTS.match(number.tail)
    ]
    return len(parts) > 1 and len(between) == len(parts) and len({part.tail[:1] for part in parts[:-1]}) == 1


def _has_total(numbers: Sequence[NumberToken]) -> bool:
    """Whether one of the numbers is the total of others; the first of 共接待甲20人、乙30人 is not."""
    sums = [number for number in numbers if _TOTAL.search(number.noun)]
    return any(
        number is not numbers[0] or number.value * 2 >= sum(each.value for each in numbers) for number in sums
    )


def _may_add(part: NumberToken, total: NumberToken) -> bool:
    return alike_things(part, total) or any({part.kind, total.kind} <= mixed for mixed in _MIXED)


def _changes(level: Level) -> Iterator[Claim]:
    """Find 净增84人，其中小学净增52人、初中净增32人: changes in the same direction add up like other numbers."""
    for match in _INTRODUCED.finditer(level.text):
        changes = level.between(0, match.start(), Role.CHANGE)
        if not match["named"] or not changes or match.start() - changes[-1].end > 1:
            continue
        if changes[-1].kind in ("", "%"):
            continue
        parts = list_parts(level, match.end(), level.item(match.start())[1], changes[-1])
        directions = {
            (bool(_RISES.search(part.noun)), bool(_FALLS.search(part.noun))) for part in (changes[-1], *parts)
        }
        if len(parts) > 1 and len(directions) == 1:
            yield Claim(Form.CHANGE, match.start(), changes[-1], (parts,))


def _complements(level: Level) -> Iterator[Claim]:
    """Find 学生98人，男生52人，女生46人: complementary parts add up to a number before them."""
    numbers = level.between(0, len(level.text))
    for kind in {number.kind for number in numbers} - {"", "%"}:
        like = [number for number in numbers if number.kind == kind]
        for first_word, second_word in _COMPLEMENTS:
            traits = [
                (bool(first_word.search(number.noun)), bool(second_word.search(number.noun)))
                for number in like
            ]
            for start, end in _stretches([first != second for first, second in traits]):
                if len(set(traits[start:end])) == 2 and start:
                    yield _complement(level, like[:start], tuple(like[start:end]))


def _complement(level: Level, totals: Sequence[NumberToken], parts: tuple[NumberToken, ...]) -> Claim:
    sum_of_parts = sum((part.value for part in parts), Decimal(0))
    total = min(reversed(totals), key=lambda number: abs(number.value - sum_of_parts))
    is_named = "其中" in level.text[total.end : parts[0].start]
    is_plausible = is_named or all(part.value < total.value for part in parts)
    return Claim(
        Form.COMPLEMENT,
        parts[0].start,
        total,
        (parts,) if is_plausible else (),
        alternatives=(parts,),
        rivals=tuple(totals),
        is_pure=is_named,
        says_so=True,
    )


def _plainly_listed(level: Level) -> Iterator[Claim]:
    """Find 留守儿童959名，学前315名，小学259名，初中385名: a list follows its total without a word.

    Its items exclude each other, and the total is the first number of its kind.
    """
    numbers = level.between(0, len(level.text))
    for place, total in enumerate(numbers):
        if total.kind in ("", "%") or any(before.kind == total.kind for before in numbers[:place]):
            continue
        run: list[NumberToken] = []
        for number in numbers[place + 1 :]:
            if "；" in level.text[total.end : number.start] or (run and number.kind != total.kind):
                break
            if number.kind == total.kind:
                run.append(number)
        if len(run) > 2 and count_kinds(run) == len(run) and not count_kinds([total, *run]):
            yield Claim(Form.NAMED, total.start, total, (tuple(run),))


def _stretches(signs: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each run of true values."""
    place = 0
    for is_true, run in groupby(signs):
        length = len(list(run))
        if is_true:
            yield place, place + length
        place += length
