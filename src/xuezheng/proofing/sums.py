"""Parts and their totals: brackets, 其中, 分别为, a colon, 共 and 合计.

Any reading of a sentence in which its numbers agree is taken as the right one. Only parts whose sum misses their total
by little, and that can make up a total, are reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.number_tokens import NumberToken, Role
from xuezheng.proofing.passages import Level, alike_things, lists
from xuezheng.proofing.rounding import mistyped, plain, slack_of_sum

#: Brackets that open so tell some parts only, or something else altogether.
_PARTIAL = re.compile(
    r"\s*(?:其中|含|包括|包含|不含|如|另|比|较|同比|环比|占|平均|人均|生均|每|截至|原|以|约|下降|增长|目标|已|不|现|注|按)"
)
#: What introduces parts of a number before it. In 124个党组织中，… the number stands in the same clause.
_INTRODUCED = re.compile(
    "(?P<named>其中|包括|包含|按[^，。；：]{1,8}分[，：]|(?:来源|构成|具体|明细)(?:为|是|如下)?：)|(?P<colon>：)|(?P<among>(?<![初高期集其途])中，)|(?P<each>分别)"
)
_TOTAL = re.compile("(?:共计|合计|总计|总共|一共|累计|共|总数|总额|总投入|总量)[^，。；：、]{0,14}$")
#: Traits that overlap: women and seniors are not parts of one whole, women and men are.
_TRAITS = tuple(
    re.compile(words)
    for words in (
        "女|男",
        "岁",
        "研究生|硕士|博士|本科|大专|学历",
        "职称|高级|中级|初级|特级|骨干|带头人|名师",
        "党员|团员",
        "民族",
        "等奖",
        "寄宿(?!制)|住校|走读",
        "留守|随迁|残疾|建档立卡|低保|贫困|困难|孤儿",
    )
)
#: Measure words that one list mixes: 小学16所、教学点27个, 94人、1281人次.
_MIXED = ({"所", "个", "家", "处"}, {"人", "人次"})
#: What is either the one or the other, and makes up the whole together.
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
#: These words always mean a sum; 共 may also be used of what overlaps.
_SAYS_SO = re.compile("合计|总计|共计|总共|一共")
_RISES, _FALLS = re.compile("增|升|提高|扩大"), re.compile("减|降|缩")
_JOINED = re.compile("(?:、[\u4e00-\u9fff]{0,6})?")
_WAN = 10**4
_HALF, _FAR, _NEAR, _NEARER, _NEAREST = (Decimal(share) for share in ("0.5", "0.25", "0.1", "0.05", "0.01"))
_ABSURD = 20
_LONGEST = 40


def check_sums(passage: str, level: Level) -> Iterator[Discrepancy]:
    """Check every total of a passage against its parts; each total is reported once."""
    reported = set()
    for each in level.all():
        for discrepancy in (
            *_bracketed(passage, each),
            *_introduced(passage, each),
            *_changes(passage, each),
            *_totalled(passage, each),
            *_complements(passage, each),
        ):
            if discrepancy.numbers[0] not in reported:
                reported.add(discrepancy.numbers[0])
                yield discrepancy


def _bracketed(passage: str, level: Level) -> Iterator[Discrepancy]:
    """Check 350人（高中26人，…）: the numbers in a bracket are parts of the number right before it."""
    for place, inner in level.brackets:
        partial = _PARTIAL.match(inner.text)
        if partial:
            continue  # 其中 in a bracket is looked at below
        for total in _right_before(level, place):
            parts = lists(inner, 0, len(inner.text), total)
            yield from _compare(passage, total, parts, certain=True)
    for place, inner in level.brackets:
        match = _INTRODUCED.match(inner.text)
        if match and match["named"]:
            for total in _right_before(level, place):
                parts = lists(inner, match.end(), len(inner.text), total)
                yield from _compare(passage, total, parts, single=True)


def _right_before(level: Level, place: int) -> Iterator[NumberToken]:
    """Yield the numbers right before an offset, one of each kind: both of 26人3.9万元（."""
    kinds = set()
    for number in reversed(level.numbers):
        if number.end > place:
            continue
        if number.kind in kinds or not re.fullmatch(
            r"[、，和]?[\u4e00-\u9fff]{0,6}", level.text[number.end : place]
        ):
            return
        kinds.add(number.kind)
        if number.kind and number.kind != "%" and number.role is not Role.PER:
            yield number
        place = number.start


def _introduced(passage: str, level: Level) -> Iterator[Discrepancy]:
    """Check 共350人，其中高中26人，…: the parts follow the total."""
    matches = list(_INTRODUCED.finditer(level.text))
    for order, match in enumerate(matches):
        start, item = level.item(match.start())
        if not match["named"]:
            start = _clause_start(level.text, match.start()) if not match["each"] else start
        following = [later.start() for later in matches[order + 1 :] if not later["colon"]]
        rest = min([*following, len(level.text)])
        totals = _nearest(level.between(0 if match["named"] else start, match.start()), match)
        for total in totals:
            runs = [lists(level, match.end(), end, total) for end in (min(item, rest), rest)]
            if match["each"]:
                runs = [_unbroken(level, runs[0])]
            others = [number for number in lists(level, 0, match.start(), total) if number is not total]
            if any(_agree(other_total, run) for other_total in others for run in runs):
                continue
            if match["named"] and _ends_there(level.text[match.end() :], total, *runs):
                runs = runs[:1]
            yield from _compare_runs(
                passage,
                total,
                runs,
                near=_NEARER if match["each"] else _NEAR,
                single=bool(match["named"])
                and sum((number.value for number in others), total.value) == total.value,
            )


def _ends_there(
    text: str, total: NumberToken, item: Sequence[NumberToken], rest: Sequence[NumberToken]
) -> bool:
    """Whether the list of parts ends at the semicolon: another list, or no list at all, follows."""
    if len(item) > 1:
        return not text.startswith("：") and not _agree(total, rest[: len(item) + 1])
    return len(rest) <= 2 and not text.startswith(("：", "，"))


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


def _unbroken(level: Level, numbers: Sequence[NumberToken]) -> Sequence[NumberToken]:
    """Return the leading numbers of a list that only 、 or 和 separates."""
    run = list(numbers[:1])
    for number in numbers[1:]:
        if not re.fullmatch(r"[、，和及与\s]*", level.text[run[-1].end : number.start]):
            break
        run.append(number)
    return run


def _totalled(passage: str, level: Level) -> Iterator[Discrepancy]:
    """Check 甲20人、乙30人，共50人: the total follows its parts, or precedes them without a word between."""
    numbers = level.between(0, len(level.text))
    total_words = ""  # the words of the total that the number before this one is
    for last, total in zip([None, *numbers], numbers, strict=False):
        # Of 合计70人、资金3.5万元, both are totals.
        with_last = last and last.kind != total.kind and _JOINED.fullmatch(level.text, last.end, total.start)
        total_words = total.noun if _TOTAL.search(total.noun) else total_words if with_last else ""
        if total.kind in ("", "%") or not total_words:
            continue
        start, end = level.item(total.start)
        before = [
            [number for number in numbers if first <= number.start < total.start and _may_add(number, total)]
            for first in (start, 0)
        ]
        after = lists(level, total.end, end, total)
        if any(_agree(total, run) for run in (*before, after)):
            continue
        summed = [run for run in before if not _has_total(run)]
        yield from _compare_runs(passage, total, summed, any_trait=_SAYS_SO.search(total_words) is not None)
        if len(after) > 2 and not _INTRODUCED.search(level.text, total.end, end):
            yield from _compare(passage, total, after, near=_NEARER)


def _has_total(numbers: Sequence[NumberToken]) -> bool:
    """Whether one of the numbers is the total of others; the first of 共接待甲20人、乙30人 is not."""
    sums = [number for number in numbers if _TOTAL.search(number.noun)]
    return any(
        number is not numbers[0] or number.value * 2 >= sum(each.value for each in numbers) for number in sums
    )


def _changes(passage: str, level: Level) -> Iterator[Discrepancy]:
    """Check 净增84人，其中小学净增52人、初中净增32人: changes in the same direction add up like other numbers."""
    for match in _INTRODUCED.finditer(level.text):
        changes = level.between(0, match.start(), Role.CHANGE)
        if (
            not match["named"]
            or not changes
            or match.start() - changes[-1].end > 1
            or changes[-1].kind in ("", "%")
        ):
            continue
        parts = lists(level, match.end(), level.item(match.start())[1], changes[-1])
        directions = {
            (bool(_RISES.search(part.noun)), bool(_FALLS.search(part.noun))) for part in (changes[-1], *parts)
        }
        if len(parts) > 1 and len(directions) == 1:
            yield from _compare(passage, changes[-1], parts)


def _complements(passage: str, level: Level) -> Iterator[Discrepancy]:
    """Check 学生98人，男生52人，女生46人: complementary parts add up to a number before them."""
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
                    yield from _complement(passage, level, like[:start], like[start:end])


def _complement(
    passage: str, level: Level, totals: Sequence[NumberToken], parts: Sequence[NumberToken]
) -> Iterator[Discrepancy]:
    if any(_agree(candidate, parts) for candidate in totals):
        return
    parts_total = sum((part.value for part in parts), Decimal(0))
    total = min(reversed(totals), key=lambda number: abs(number.value - parts_total))
    among = "其中" in level.text[total.end : parts[0].start]
    if among or all(part.value < total.value for part in parts):
        yield from _compare(passage, total, parts, near=_FAR if among else _NEAR, any_trait=True)


def _stretches(signs: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each run of true values."""
    place = 0
    for is_true, run in groupby(signs):
        length = len(list(run))
        if is_true:
            yield place, place + length
        place += length


def _may_add(part: NumberToken, total: NumberToken) -> bool:
    return alike_things(part, total) or any({part.kind, total.kind} <= mixed for mixed in _MIXED)


def _agree(total: NumberToken, parts: Sequence[NumberToken]) -> bool:
    """Whether some consecutive parts add up to the total, or nearly if they may be rounded."""
    parts = parts[:_LONGEST]
    coarsest = max(part.quantum for part in (total, *parts))
    exact = not any(part.rounded for part in (total, *parts))
    for start in range(len(parts)):
        running = parts[start].value
        for end in range(start + 1, len(parts)):
            running += parts[end].value
            off = running - total.value
            if off > coarsest * len(parts):
                break
            if not off:
                return True
            if (
                not exact
                and abs(off) <= coarsest * len(parts)
                and abs(off) <= slack_of_sum(total, parts[start : end + 1])
            ):
                return True
    return False


def _compare_runs(
    passage: str,
    total: NumberToken,
    runs: Sequence[Sequence[NumberToken]],
    *,
    near: Decimal = _NEAR,
    single: bool = False,
    any_trait: bool = False,
) -> Iterator[Discrepancy]:
    """Compare a total with the reading of its parts (``runs``) whose sum is nearest to it, unless one agrees."""
    runs = [run for run in runs if run]
    if not runs or any(_agree(total, run) for run in runs):
        return
    run = min(runs, key=lambda run: abs(sum(part.value for part in run) - total.value))
    yield from _compare(passage, total, run, near=near, single=single, any_trait=any_trait)


def _compare(
    passage: str,
    total: NumberToken,
    parts: Sequence[NumberToken],
    *,
    near: Decimal = _NEAR,
    single: bool = False,
    certain: bool = False,
    any_trait: bool = False,
) -> Iterator[Discrepancy]:
    """Compare a total with its parts.

    ``near`` is the largest difference to report, as a fraction of the total; a ``single`` part may be less than the total, never
    more; ``certain`` parts surely belong to it, and ``any_trait`` allows parts that differ by several traits.
    """
    if not parts or not total.value or not all(number.exact for number in (total, *parts)):
        return
    parts_total = sum((part.value for part in parts), Decimal(0))
    off = parts_total - total.value
    if len(parts) == 1:
        if single and 0 < off < total.value * _ABSURD and off > total.slack:
            yield Discrepancy(
                Rule.SUM, Certainty.LIKELY, passage, (total.text, parts[0].text),
                f"其中的{parts[0].text}多于总数{total.text}，两个数至少有一个不对。",
            )  # fmt: skip
        return
    if _agree(total, parts):
        return
    if not _near_miss(total, parts, off, near if any_trait or _one_trait(parts) else _NEAREST):
        return
    yield Discrepancy(
        Rule.SUM, Certainty.CERTAIN if certain else Certainty.LIKELY, passage,
        (total.text, *(part.text for part in parts)),
        f"各部分之和是{plain(parts_total, total)}（{'＋'.join(part.text for part in parts)}），比总数{total.text}"
        f"{'多' if off > 0 else '少'}{plain(abs(off), total)}。",
    )  # fmt: skip


def _near_miss(total: NumberToken, parts: Sequence[NumberToken], off: Decimal, near: Decimal) -> bool:
    """Whether a total misses the sum of its parts by little (``near``, a fraction of it), or by one typing error."""
    if abs(off) <= total.value * near:
        return True
    if near >= _NEAR and _one_list(parts) and 0 < off <= total.value * (_FAR if near < _FAR else _HALF):
        return True  # parts may be left out, but they cannot be more than the whole
    if near < _NEARER:
        return False
    if any(part.kind == "元" and off + part.value * (_WAN - 1) == 0 for part in parts):
        return True  # 万 is missing
    return (
        abs(off) <= total.value * _FAR
        and _one_list(parts)
        and (
            mistyped(total, total.value + off, least=2)
            or any(mistyped(part, part.value - off, least=3) for part in parts)
        )
    )


def _one_list(parts: Sequence[NumberToken]) -> bool:
    """Whether the same punctuation separates all parts: after 8所、21所，48所 the last belongs to another list."""
    return len({part.tail[:1] for part in parts[:-1]} & set("、，；")) <= 1


def _one_trait(parts: Sequence[NumberToken]) -> bool:
    """Whether parts differ by one trait: only such parts make up a total."""
    return (
        len({tuple(bool(trait.search(part.noun)) for trait in _TRAITS) for part in parts if part.noun}) <= 1
    )
