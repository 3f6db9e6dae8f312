"""A claim that a total has certain parts, and the words with which texts make such claims."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from enum import Enum

from xuezheng.proofing.number_tokens import NumberToken
from xuezheng.proofing.prose.passages import Level, alike_things

TOTAL = re.compile(
    "(?:共计|合计|总计|总共|一共|累计|(?<!公)共(?!同)|总数|总额|总价|总投入|总量)[^，。；：、]{0,14}$"
)
#: Matches words that introduce the parts of a number before them. In 124个党组织中，… the number is in the same clause.
INTRODUCED = re.compile(
    "(?P<named>其中|包括|包含|分别是|分项[^，。；：]{0,6}：|按[^，。；：]{1,8}分[，：]|(?<![一-鿿])分[一-鿿]{1,6}看[，：]|(?:来源|构成|具体|明细)(?:为|是|如下)?：|(?:来源|构成|组成)(?:为|是)"
    "|(?:用于|[以如]下)[^，。；：]{0,6}方面[^，。；：]{0,2}：|(?:用于|具体|情况|如下)(?:如下)?：)|(?P<colon>：)|(?P<among>(?<![初高期集其途])中，)|(?P<each>分别)"
)
#: Sets of measure words that one list may mix: 小学16所、教学点27个, 94人、1281人次.
MIXED = ({"所", "个", "家", "处"}, {"人", "人次"})
_LONGEST_NAME = 40
#: What is counted as 个 among schools counted as 所.
_SITE = re.compile("教学点|校区|分校|办学点|分园")


class Form(Enum):
    """The wording by which a text relates parts and their total.

    In order: 350人（高中26人，…）; 350人，其中…; 350人：…; 分别为…; 共350人 with parts before it or after; a change that is a
    sum of changes; a further list of parts of the same total; parts that complement each other, such as 男 and
    女; a list that follows a number without a word.
    """

    BRACKET = "bracket"
    NAMED = "named"
    COLON = "colon"
    EACH = "each"
    TOTAL = "total"
    CHANGE = "change"
    GROUP = "group"
    COMPLEMENT = "complement"
    LIST = "list"


@dataclass(frozen=True)
class Claim:
    """A total and its parts as the wording of a text states them; whether they add up is judged later.

    ``place`` is the offset in the passage where the claim was found. Of several ``readings`` of where the
    list of parts ends, the likeliest is first. ``alternatives`` are less likely readings and ``rivals`` other
    numbers that may be the total; both count only where the sum agrees. ``is_pure`` is True where the list
    has nothing but parts, ``says_so`` where the text calls the total a sum, ``is_divided`` where the parts of
    the longest reading have shares that make 100 %, and ``is_partial`` where these make less, so that there
    are further parts.
    """

    form: Form
    place: int
    total: NumberToken
    readings: tuple[tuple[NumberToken, ...], ...]
    alternatives: tuple[tuple[NumberToken, ...], ...] = ()
    rivals: tuple[NumberToken, ...] = ()
    is_pure: bool = False
    says_so: bool = False
    is_divided: bool = False
    is_partial: bool = False


def list_parts(level: Level, start: int, end: int, total: NumberToken) -> tuple[NumberToken, ...]:
    """Return the numbers between two offsets of a passage that count the same things as the number ``total``.

    ``level`` is the passage outside its brackets, or inside one. A number without a unit gets that of the
    total: 88.2万平方米（小学31.6万、中学44.9万）. The ``noun`` of each begins with the name of its item:
    小学120人，每人50元，发放0.6万元.
    """
    return tuple(
        _with_name(level, number, start)
        for number in (_with_unit(each, total) for each in level.between(start, end, total.role))
        if alike_things(number, total)
        or (total.kind == "所" and number.kind in MIXED[0] and _SITE.search(number.noun))
    )


def _with_name(level: Level, number: NumberToken, start: int) -> NumberToken:
    """Put before the words before a number those that name its item, if these stand before a number of another kind: both of 七年级5个班246人 are of 七年级."""
    start = max(start, *(level.text.rfind(sign, 0, number.start) for sign in "；。"))
    first = bisect_left(level.numbers, start, key=_start)
    last = bisect_left(level.numbers, number.start, key=_start) - 1
    if first > last:
        return number
    named = level.numbers[first if number.noun else last]
    is_near = number.noun or level.text[named.end : number.start].strip() in ("、", "")
    if named.kind == number.kind or not is_near:
        return number
    return replace(number, noun=f"{named.noun}{number.noun}"[-_LONGEST_NAME:])


def _start(number: NumberToken) -> int:
    return number.start


def _with_unit(number: NumberToken, total: NumberToken) -> NumberToken:
    if number.unit or not number.noun or number.tail[:1] not in ("", "、", "，", "；", "。", "和"):
        return number
    return replace(number, unit=total.unit)


COUNTS_OF = {sign: count for count, sign in enumerate("二三四五六七八九", 2)} | {"两": 2}
