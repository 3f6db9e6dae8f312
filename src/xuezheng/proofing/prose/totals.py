"""Finding totals by their own words, 共 and 合计, and parts that follow a number without a word between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from xuezheng.proofing.number_tokens import NumberToken
from xuezheng.proofing.prose.claim import COUNTS_OF, INTRODUCED, MIXED, TOTAL, Claim, Form, list_parts
from xuezheng.proofing.prose.kinds import count_kinds
from xuezheng.proofing.prose.passages import Level, alike_things

#: These words always mean a sum; 共 may also be used of what overlaps.
_SAYS_SO = re.compile("合计|总计|共计|总共|一共")
#: So does 共 where nothing is named after it: 甲20人、乙30人，共50人.
_PLAIN_TOTAL = re.compile(
    "(?:共|一共|总数)[有为是达]?$|[两二三四五六七八九十](?:年|类|项|者|级|地|校|批|期|种|方面)[^，。；：、]{0,4}(?:累计|共)"
)
#: 三项 in 三项合计86所 counts the parts.
_COUNTS_PARTS = re.compile("合计|累计|共|总")
#: 三项共计 says how many parts there are.
_COUNTS_ITEMS = re.compile(
    "(?P<count>[两二三四五六七八九])(?:年|类|项|批|者|部分|地|校|期|种)[^，。；：、]{0,4}(?:共|合|总|累)"
)
#: What is either the one or the other, and makes up the total together.
_COMPLEMENTS = tuple(
    (re.compile(first_word), re.compile(second_word))
    for first_word, second_word in (
        ("男", "女"),
        ("公办", "(?<!普惠)(?<!普惠性)民办"),
        ("城(?!乡)", "(?<!城乡)[农乡]村|(?<!城)乡镇"),
        ("在职", "退休"),
        ("专职", "兼职"),
        ("基本支出", "项目支出"),
        ("人员经费", "公用经费"),
        ("校内", "校外"),
        ("线上", "线下"),
        ("(?<!非)税收", "非税"),
        ("首贷", "续贷"),
        ("离休", "(?<!离)退休"),
        ("在编", "聘用|编外|临聘"),
    )
)
#: 在编与聘用 in 在编与聘用教师共4598名 names the parts.
_NAMES_PARTS = re.compile(
    "^(?:全[县市区校])?([一-鿿]{2,8}?)(?:与|和|及|加)([一-鿿]{2,8}?)(?:教师|学生|幼儿|人员|资金)?(?:共|合计|总计)"
)
_NAME_OF_TOTAL = re.compile("(?:共计|合计|总计|总共|一共|累计|共)(?P<name>[一-鿿]{2,6})$")
_ORDER = re.compile("第([一二三四五六七八九])[批次期轮]")
_EACH = re.compile("分别(?:为|是|达)?$")
_SUMMED = {"元", "人次"}
_SPENT = re.compile("共(?:发放|资助|投入|支出|安排|拨付|下达|筹集|减免|补助)[一-鿿]{0,4}$")
_OPENS_OTHERS = re.compile("其中|包括|另有|不含")
_JOINED = re.compile("(?:、[\u4e00-\u9fff]{0,6})?")


def find_totals(level: Level) -> Iterator[Claim]:
    """Yield the claims about totals that the text calls so: 甲20人、乙30人，共50人.

    The total follows its parts, or precedes them without a word between. Whether they add up is not examined.
    """
    numbers = level.between(0, len(level.text))
    total_words, place = "", 0  # of the total that the number before this one is
    for last, total in zip([None, *numbers], numbers, strict=False):
        # Of 合计70人、资金3.5万元, both are totals.
        with_last = last and last.kind != total.kind and _JOINED.fullmatch(level.text, last.end, total.start)
        if TOTAL.search(total.noun):
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
            for first in (max(start, level.text.rfind("。", 0, total.start) + 1), 0)
        ]
        readings = [run for run in before if run and not _has_total(run)]
        counted = _COUNTS_ITEMS.search(total_words)
        listed = [
            run
            for run in (_of_one_name(total, before[1]), *readings)
            if counted and len(run) == COUNTS_OF.get(counted["count"])
        ]
        listed += [run for run in (_named_by(total, before[1]), _ordered(before[0])) if run]
        readings = [*listed, *(run for run in readings if run not in listed)]
        after = list_parts(level, total.end, end, total)
        subtotals = tuple(number for number in before[0] if "小计" in number.noun)
        if len(subtotals) > 1:
            listed.append(subtotals)
            readings = [subtotals, *(run for run in readings if run != subtotals)]
        is_pure = bool(listed) or (bool(readings) and _is_plain_list(level, readings[0], total))
        if not readings and len(after) > 1 and not INTRODUCED.search(level.text, total.end, end):
            readings = [after]
        yield Claim(Form.COLON, place, total, (), alternatives=(after,))
        yield Claim(
            Form.TOTAL,
            place,
            total,
            tuple(readings),
            alternatives=tuple(before),
            is_pure=is_pure,
            says_so=_SAYS_SO.search(total_words) is not None
            or _PLAIN_TOTAL.search(total_words) is not None
            or (bool(readings) and _EACH.search(readings[0][0].noun) is not None)
            or (bool(readings) and all("小计" in part.noun for part in readings[0]))
            or (total.kind in _SUMMED and _SPENT.search(total_words) is not None),
        )


def _of_one_name(total: NumberToken, before: Sequence[NumberToken]) -> tuple[NumberToken, ...]:
    """Return the numbers that have the name of a total, where others between have another: 甲校参考312人，及格281人；…两校合计参考580人."""
    match = _NAME_OF_TOTAL.search(total.noun)
    run = tuple(number for number in before if match and match["name"] in number.noun)
    return run if 1 < len(run) < len(before) else ()


def _named_by(total: NumberToken, before: Sequence[NumberToken]) -> tuple[NumberToken, ...]:
    """Return the numbers that a total names as its parts: 在编4286名…聘用312名，在编与聘用共4598名."""
    match = _NAMES_PARTS.search(total.noun)
    names = match.group(1, 2) if match else ()
    parts = [
        [number for number in before if name in number.noun and not TOTAL.search(number.noun)][-1:]
        for name in names
    ]
    run = tuple(part for named in parts for part in named)
    return run if len(set(run)) == len(names) == 2 else ()


def _ordered(before: Sequence[NumberToken]) -> tuple[NumberToken, ...]:
    """Return the last numbers before a total that the text counts from the first on: 第一批420万元，第二批380万元，累计800万元."""
    orders = [_ORDER.search(number.noun) for number in before]
    names = ["".join(match.group(1) for match in orders if match)]
    run = tuple(number for number, match in zip(before, orders, strict=True) if match)
    return run if len(run) > 1 and names[0] == "一二三四五六七八九"[: len(run)] else ()


def _is_plain_list(level: Level, parts: Sequence[NumberToken], total: NumberToken) -> bool:
    """Whether nothing but words and the signs of one list stands between the parts and before their total."""
    between = [
        number
        for number in level.numbers
        if parts[0].start <= number.start < total.start
        and not _COUNTS_PARTS.match(number.tail)
        and number.kind != "%"
    ]
    places = {part.start for part in parts}
    others = [number for number in between if number.start not in places]
    is_paired = len(others) == len(parts) - 1 and len({number.kind for number in others}) == 1
    return len(parts) > 1 and (not others or is_paired) and len({part.tail[:1] for part in parts[:-1]}) == 1


def _has_total(numbers: Sequence[NumberToken]) -> bool:
    """Whether one of the numbers is the total of others; the first of 共接待甲20人、乙30人 is not."""
    sums = [number for number in numbers if TOTAL.search(number.noun)]
    if len(sums) == len(numbers) > 1:
        return False  # each the total of an item of its own
    return any(
        number is not numbers[0] or number.value * 2 >= sum(each.value for each in numbers) for number in sums
    )


def _may_add(part: NumberToken, total: NumberToken) -> bool:
    is_mixed = part.kind != total.kind and any({part.kind, total.kind} <= mixed for mixed in MIXED)
    return is_mixed or alike_things(part, total)


def find_complements(level: Level) -> Iterator[Claim]:
    """Yield the claims that complementary parts, such as 男 and 女, add up to a number before them.

    An example is 学生98人，男生52人，女生46人. Whether they add up is not examined.
    """
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


def find_plain_lists(level: Level) -> Iterator[Claim]:
    """Yield the claims that a number followed by a list without a word between is the total of the list.

    An example is 留守儿童959名，学前315名，小学259名，初中385名. The items exclude each other, and the total is the first
    number of its kind. Whether they add up is not examined.
    """
    numbers = level.between(0, len(level.text))
    for place, total in enumerate(numbers):
        if total.kind in ("", "%") or any(before.kind == total.kind for before in numbers[:place]):
            continue
        run: list[NumberToken] = []
        for number in numbers[place + 1 :]:
            if number.kind == "%":
                continue
            between = level.text[total.end : number.start]
            if "；" in between or (run and number.kind != total.kind) or _OPENS_OTHERS.search(between):
                break
            if number.kind == total.kind and TOTAL.search(number.noun):
                run = []  # the list is that of a total after it
                break
            if number.kind == total.kind:
                run.append(number)
        is_within = sum(part.value >= total.value for part in run) < 2  # one may be wrong
        if len(run) > 2 and is_within and count_kinds(run) == len(run) and not count_kinds([total, *run]):
            yield Claim(Form.NAMED, total.start, total, (tuple(run),))
        elif len(run) > 1 and all(_is_named(part) for part in run) and not _is_alike(total, run):
            yield Claim(
                Form.LIST,
                total.start,
                total,
                (tuple(run),),
                is_pure=_is_one_list(level, total, run),
            )


def _is_alike(total: NumberToken, run: Sequence[NumberToken]) -> bool:
    """Whether a number is itself one of the kinds that follow it: 小学46所，初中17所，高中5所."""
    return count_kinds([total, *run]) > 1 and "共" not in total.noun


def _is_named(part: NumberToken) -> bool:
    """Whether words of its own say what a part is, before it or, where a clause begins with it, after it."""
    return bool(part.noun.strip() or re.match("[一-鿿]{2}", part.tail))


def _is_one_list(level: Level, total: NumberToken, run: Sequence[NumberToken]) -> bool:
    """Whether nothing but the parts, and their shares, stands between a total and the last of them, and one sign divides them."""
    between = [
        number
        for number in level.numbers
        if total.end <= number.start < run[-1].end and number.kind != "%" and number not in run
    ]
    return not between and len({part.tail[:1] for part in run[:-1]}) == 1


def _stretches(signs: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each run of true values."""
    place = 0
    for is_true, run in groupby(signs):
        length = len(list(run))
        if is_true:
            yield place, place + length
        place += length
