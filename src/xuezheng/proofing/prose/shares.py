"""Shares and rates: 120人，占应交流427人的28.1%; 应检427人，实检420人，受检率98.4%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.number_tokens import NumberToken, Role
from xuezheng.proofing.prose.passages import alike_things
from xuezheng.proofing.prose.series import check_series
from xuezheng.proofing.relations import Relation
from xuezheng.proofing.rounding import as_percent, follows

_SHARE_OF = re.compile(
    "占(?P<of>[^，。；]*)$|(?:完成|达到?|为)(?P<plan>[^，。；0-9]{0,12}(?:计划|任务|目标|预算)[^，。；]{0,12})的$"
)
#: Words around the name of a whole that do not name it.
_SCOPE = re.compile(
    "的|比例|比重|比|总数|总人数|总量|总|全部|全区|全县|全市|全国|全省|学校|人数|为|达到?|约|其|在校|当年|应"
)
_BRACKETED = re.compile("（[^（）]*）")
#: What may stand between a part and 占: a word of the same clause, or hardly any of the next, and how the part changed.
_ITS_SHARE = re.compile(
    "[^，。；：（]*(?:，(?:比|较|与|同比|环比|增|减|上升|下降|提高|降低)[^，。；：（]*){0,3}"
    "[，（]?(?:约|仅|只|已|其?(?:比例|比重|人数|数量|总数))?"
)
_PLAN = re.compile("计划|任务|目标|预算")
_AMONG = re.compile("其中")
_RATE = re.compile("(?P<done>[\u4e00-\u9fff]{2})(?P<rate>率)(?:已?达到?|为|是)?$")
_SHARES = re.compile("(?:占比|比例|比重)分别|各占")
_FAR_SHARE = Decimal(15)
_SHORTEST = 2  # signs of a name that tells one whole from another


def check_shares(
    passage: str, numbers: Sequence[NumberToken], earlier: Sequence[NumberToken] = ()
) -> Iterator[Relation]:
    """Yield the relation of every share and rate of a passage to the numbers that it follows from.

    ``earlier`` are the numbers of the preceding sentences, one of which may be the total of a share.
    """
    settled, relations = check_series(passage, numbers)
    yield from relations
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
            # 按期认定率 is a share of what was due in time, which the text need not tell.
            is_plain = len(share.noun) - len(rate.group()) <= 1
            yield from _rate(passage, share, here, before, rate["done"], is_plain=is_plain)
    yield from _hundred(passage, numbers)


def _share(
    passage: str,
    share: NumberToken,
    before: Sequence[NumberToken],
    place: int,
    named: str,
    earlier: Sequence[NumberToken],
) -> Iterator[Relation]:
    parts = [
        number
        for number in before
        if number.end <= place
        and number.role is Role.LEVEL
        and not _is_bracketed_off(passage[number.end : place])
    ]
    if not parts:
        return
    part = parts[-1]
    if named_totals := [number for number in before if number.start >= place]:
        if alike_things(part, named_totals[-1]):
            yield from _quotient(passage, share, [part], [named_totals[-1]], Certainty.CERTAIN, is_sure=True)
        return
    if not _ITS_SHARE.fullmatch(_BRACKETED.sub("", passage[part.end : place])):
        return  # something else stands between the part and its share
    if _PLAN.search(named) and _AMONG.search(passage, max(passage.rfind("。", 0, place), 0), place):
        return  # each of the parts has a plan of its own
    name = _SCOPE.sub("", named)
    if len(name) >= _SHORTEST and (total := _called(name, part, [*earlier, *parts[:-1]])):
        yield from _quotient(passage, share, [part], [total], Certainty.LIKELY, before, is_sure=True)
        return
    totals = [
        number
        for number in parts[:-1]
        if number.kind == part.kind
        and (number.value > part.value or _PLAN.search(named))
        and _names(number, name)
    ]
    item = passage.rfind("；", 0, part.start)
    totals = [number for number in totals if number.start > item] or totals
    is_sure = len({number.value for number in totals}) == 1
    yield from _quotient(passage, share, [part], totals, Certainty.LIKELY, before, is_sure=is_sure)


def _is_bracketed_off(text: str) -> bool:
    """Whether a bracket that was open before ``text`` ends in it: what stands in the bracket is no part of what follows it."""
    depth = 0
    for sign in text:
        depth += (sign == "（") - (sign == "）")
        if depth < 0:
            return True
    return False


def _called(name: str, part: NumberToken, numbers: Sequence[NumberToken]) -> NumberToken | None:
    """Return the last number of the part's kind whose noun ends with a name; None if none does."""
    return next(
        (
            number
            for number in reversed(numbers)
            if number.kind == part.kind
            and number.role is Role.LEVEL
            and number.exact
            and _SCOPE.sub("", number.noun).endswith(name)
        ),
        None,
    )


def _names(number: NumberToken, name: str) -> bool:
    """Whether a number's noun contains words of ``name``, the total that a share names; always for a plain 占, which names none."""
    return not name or any(name[place : place + 2] in number.noun for place in range(max(len(name) - 1, 1)))


def _rate(
    passage: str,
    share: NumberToken,
    here: Sequence[NumberToken],
    before: Sequence[NumberToken],
    done: str,
    *,
    is_plain: bool,
) -> Iterator[Relation]:
    """Check a rate: 受检率 is 实检 in percent of 应检. The part is the number, of this item, named with a word of the rate (``done``).

    ``is_plain`` says that no other word stands before the rate.
    """
    parts = [number for number in here if set(done) & set(number.noun[-6:])]
    part = next((number for number in reversed(parts) if done in number.noun), None) or next(
        reversed(parts), None
    )
    if part is None:
        return
    like = [number for number in before if alike_things(number, part) and number.end <= part.start]
    here_before = [number for number in like if number in here]
    if here_before and set(done) <= set(part.noun) and part.start == parts[-1].start:
        # 发现隐患213处，已整改208处，整改率97.7%: nothing else can be meant.
        is_adjacent = not any(part.end <= number.start < share.start for number in before)
        yield from _quotient(
            passage, share, parts, here_before, Certainty.LIKELY, before, is_sure=is_adjacent and is_plain
        )
        return
    totals = [number for number in like if number.value >= part.value]
    totals = [number for number in totals if number in here] or totals[:1]
    if totals:
        is_sure = is_plain and len(like) == 1 and set(done) <= set(part.noun)
        yield from _quotient(passage, share, parts, totals, Certainty.LIKELY, before, is_sure=is_sure)


def _quotient(
    passage: str,
    share: NumberToken,
    parts: Sequence[NumberToken],
    totals: Sequence[NumberToken],
    certainty: Certainty,
    before: Sequence[NumberToken] = (),
    *,
    is_sure: bool = False,
) -> Iterator[Relation]:
    """Yield the relation of a share to the part and total that it follows from, or else to the likeliest pair if it is near.

    With ``is_sure`` the text names the total: the share is wrong however far off it is.
    """
    pairs = [
        (part, total) for part in parts for total in totals if part.kind == total.kind and total.value > 0
    ]
    if not pairs:
        return
    for part, total in pairs:
        if follows(share, _percent, part, total):
            yield Relation((part, total, share))
            return
    # 空编 or 临聘 may stand beside what they are a part of the sum of.
    if follows(share, lambda part, total: part / (part + total) * 100, *pairs[-1]):
        yield Relation((*pairs[-1], share))
        return
    for _, total in pairs:
        for run in _runs(before, total):
            if follows(share, _of_sum, *run, total):
                yield Relation((*run, total, share))
                return
    # The whole is what the sentence begins with, or what stands nearest.
    part, denominator = (
        pairs[-1]
        if is_sure
        else min(
            (pairs[0], pairs[-1]), key=lambda pair: abs(_percent(pair[0].value, pair[1].value) - share.value)
        )
    )
    exact = _percent(part.value, denominator.value)
    if not (part.exact and denominator.exact) or (not is_sure and abs(exact - share.value) > _FAR_SHARE):
        return
    yield Relation((part, denominator, share), Discrepancy(
        Rule.SHARE, certainty, passage, (part.text, denominator.text, share.text),
        f"{part.text}占{denominator.text}的{as_percent(exact, share)}，文中写的是{share.text}。",
    ))  # fmt: skip


def _percent(part: Decimal, total: Decimal) -> Decimal:
    return part / total * 100


def _of_sum(*numbers: Decimal) -> Decimal:
    """Return the sum of all numbers but the last in percent of the last."""
    return sum(numbers[:-1], Decimal(0)) / numbers[-1] * 100


def _runs(numbers: Sequence[NumberToken], total: NumberToken) -> Iterator[Sequence[NumberToken]]:
    """Return the last two, three and four numbers of a kind: a share may be of their sum."""
    like = [number for number in numbers if number.kind == total.kind and number is not total]
    return (like[-length:] for length in (2, 3, 4) if length <= len(like))


def _hundred(passage: str, numbers: Sequence[NumberToken]) -> Iterator[Relation]:
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
        if abs(total - 100) <= slack:
            yield Relation(tuple(run))
        elif abs(total - 100) <= 5:
            yield Relation(tuple(run), Discrepancy(
                Rule.SHARE, Certainty.CHECK, passage, tuple(number.text for number in run),
                f"{'、'.join(number.text for number in run)}相加是{total}%，不是100%。",
            ))  # fmt: skip
