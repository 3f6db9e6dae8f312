"""Shares and rates: 120人，占应交流427人的28.1%; 应检427人，实检420人，受检率98.4%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.number_tokens import NumberToken, Role
from xuezheng.proofing.prose.kinds import is_complete
from xuezheng.proofing.prose.parallel import check_parallel
from xuezheng.proofing.prose.passages import alike_things
from xuezheng.proofing.prose.quotients import check_bounds, check_quotient, is_displaced
from xuezheng.proofing.prose.rates import RATE, check_rate
from xuezheng.proofing.prose.series import check_series
from xuezheng.proofing.relations import Relation
from xuezheng.proofing.rounding import follows, percent_of

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
    "[，、（]?(?:约|仅|只|已|其?(?:比例|比重|人数|数量|总数))?"
)
_PLAN = re.compile("计划|任务|目标|预算")
_TOPIC = re.compile("(?:在|全[区县市校部])?(?P<topic>[一-鿿]{2,10})(?<!其)中，")
_AMONG = re.compile("其中")
#: 税收占比66.3%: the share names its part.
_NAMED_PART = re.compile("^(?P<part>[一-鿿]{2,6})(?:占比|比重)(?:达到?|为|是)?$")
_GENERIC = re.compile("^(?:总|全部|资金总|投资总)")
_SHARES = re.compile("(?:占比|比例|比重)分别|各占")
_OWN_SHARE, _NEXT_SHARE = (
    re.compile("[一-鿿]{2}占(?:比|比重)?为?$"),
    re.compile("[，、；][^，、；。0-9]{2,16}"),
)
_NEAR_HUNDRED = 3
_LEFT_OUT = Decimal("0.5")  # what belongs nowhere may be left out
_A_RATE = re.compile("(?:率|比例|占比|占)[为是达]?$")
_HUNDRED = Decimal(100)
_NEAR = 8  # numbers of the text before, one of which a share agrees with
_LAST = 3  # numbers of the text before, one of which a plain share may be of
_SHORTEST = 2  # signs of a name that tells one whole from another


def check_shares(
    passage: str, numbers: Sequence[NumberToken], earlier: Sequence[NumberToken] = ()
) -> Iterator[Relation]:
    """Yield the relation of every share and rate of a passage to the numbers from which it follows.

    ``numbers`` are the numbers of the passage in order, ``earlier`` those of the preceding sentences, one of
    which may be the total of a share. A share that does not follow, or is above 100 % where that is
    impossible, has a discrepancy.
    """
    wrong: set[NumberToken] = set()
    for relation in _relations(passage, numbers, earlier):
        wrong |= set(relation.numbers) if relation.discrepancy else set()
        yield relation
    yield from check_bounds(passage, [number for number in numbers if number not in wrong])


def _relations(
    passage: str, numbers: Sequence[NumberToken], earlier: Sequence[NumberToken]
) -> Iterator[Relation]:
    parallel = check_parallel(passage, numbers)
    yield from parallel
    compared = {number for relation in parallel for number in relation.numbers if number.kind == "%"}
    settled, relations = check_series(passage, numbers, compared)
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
        if clause and (pair := _named_parts(passage, clause, before, share)):
            yield from check_quotient(passage, share, *pair, Certainty.LIKELY, before)
        elif clause:
            total_name = clause["of"] if clause["plan"] is None else clause["plan"]
            yield from _share(passage, share, before, share.start - len(clause.group()), total_name, earlier)
        elif name := _NAMED_PART.search(share.noun):
            named = [number for number in before if name["part"] in number.noun]
            if named and (totals := [each for each in before if each.start < named[-1].start]):
                yield from check_quotient(
                    passage, share, named[-1:], [*totals[-1:], *totals[:1]], Certainty.LIKELY, before,
                    is_sure=len({total.start for total in (*totals[-1:], *totals[:1])}) == 1,
                )  # fmt: skip
        elif rate := RATE.search(share.noun):
            yield from check_rate(passage, share, numbers, rate, earlier)
    yield from _hundred(passage, numbers)
    yield from _all_kinds(passage, numbers)
    yield from _without_parts(passage, numbers)


def _named_parts(
    passage: str, clause: re.Match[str], before: Sequence[NumberToken], share: NumberToken
) -> tuple[list[NumberToken], list[NumberToken]] | None:
    """Return the part that a share names, and the totals it may be of: A级126所，B级158所…，A级食堂占40.4%; None where it names none."""
    place = share.start - len(clause.group())
    name = re.split("[，。；：、（）]", passage[:place])[-1].strip()
    if clause["of"] or clause["plan"] is not None or len(name) < _SHORTEST or re.search("[0-9]", name):
        return None
    parts = [
        number
        for number in before
        if number.role is Role.LEVEL
        and (own := _SCOPE.sub("", number.noun))
        and (name.startswith(own) or own.endswith(name))
    ]
    totals = [number for number in before if parts and number.start < parts[-1].start]
    totals = [number for number in totals if number.kind == parts[-1].kind and number.value > parts[-1].value]
    return (parts[-1:], totals[:1]) if len(parts) == 1 and totals else None


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
            yield from check_quotient(
                passage, share, [part], [named_totals[-1]], Certainty.CERTAIN, is_sure=True
            )
        return
    if not _ITS_SHARE.fullmatch(_BRACKETED.sub("", passage[part.end : place])):
        return  # something else stands between the part and its share
    if _PLAN.search(named) and _AMONG.search(passage, max(passage.rfind("。", 0, place), 0), place):
        return  # each of the parts has a plan of its own
    name = _SCOPE.sub("", named).removesuffix("数") or _topic(passage, place)
    others = [*earlier, *parts[:-1]]
    total = _called_so(named.removesuffix("的"), part, others) or _called(name, part, others)
    if len(name) >= _SHORTEST and total and not follows(share, percent_of, part, total):
        near = [*parts[:-1], *earlier[-_NEAR:]]
        total = next((each for each in reversed(near) if _is_of(part, each, share)), total)
    if len(name) >= _SHORTEST and total:
        yield from check_quotient(passage, share, [part], [total], Certainty.LIKELY, before, is_sure=True)
        return
    totals = [
        number
        for number in parts[:-1]
        if number.kind == part.kind
        and (number.value > part.value or _PLAN.search(named))
        and _names(number, name)
    ]
    among = _among(passage, parts)
    if among and (not name or (not totals and set(name) & set(among.noun))):
        yield from check_quotient(passage, share, [part], [among], Certainty.LIKELY, before, is_sure=True)
        return
    if not totals and _GENERIC.search(named):
        totals = [number for number in parts[:-1] if number.kind == part.kind and number.value > part.value]
    if not totals and not name and not any(number.kind == part.kind for number in parts[:-1]):
        # 全县教师4230人。高级职称1015人，占24%: the only larger number of the sentence before.
        like = [number for number in earlier if alike_things(number, part) and number.role is Role.LEVEL]
        totals = [number for number in like[-_LAST:] if number.value > part.value and number.exact]
    totals = totals or [
        number
        for number in parts[:-1]
        if name and number.kind == part.kind and number.value > part.value and set(name) & set(number.noun)
    ]
    is_larger = bool(totals)
    if not totals and not name:
        # One with a zero too many may be more than what it is a part of.
        like = [number for number in parts[:-1] if alike_things(number, part) and number.value]
        totals = [number for number in like[-1:] if is_displaced(percent_of(part.value, number.value), share)]
    item = passage.rfind("；", 0, part.start)
    totals = [number for number in totals if number.start > item] or totals
    if not name and item >= 0 and not any(number.start > item for number in totals):
        totals = totals[:1]  # an item with one part only is of what its sentence begins with
    is_sure = is_larger and len({number.value for number in totals}) == 1
    yield from check_quotient(passage, share, [part], totals, Certainty.LIKELY, before, is_sure=is_sure)


def _among(passage: str, parts: Sequence[NumberToken]) -> NumberToken | None:
    """Return the number right before 其中 where the part is the first after it: 结题58项，其中优秀17项，占29.3%."""
    if len(parts) < 2 or "其中" not in passage[parts[-2].end : parts[-1].start]:
        return None
    return parts[-2] if alike_things(*parts[-2:]) else None


def _topic(passage: str, place: int) -> str:
    """Return what an item or a sentence is about: 专任教师 of 专任教师中，小学652人、初中490人，女教师786人，占68.8%."""
    item = max(passage.rfind(sign, 0, place) for sign in "；。") + 1
    match = _TOPIC.match(passage, item, place)
    return _SCOPE.sub("", match["topic"]) if match else ""


def _is_bracketed_off(text: str) -> bool:
    """Whether a bracket that was open before ``text`` ends in it: what stands in the bracket is no part of what follows it."""
    depth = 0
    for sign in text:
        depth += (sign == "（") - (sign == "）")
        if depth < 0:
            return True
    return False


def _is_of(part: NumberToken, total: NumberToken, share: NumberToken) -> bool:
    """Whether a number is what a share is of, by their values."""
    return alike_things(part, total) and bool(total.value) and follows(share, percent_of, part, total)


def _called_so(name: str, part: NumberToken, numbers: Sequence[NumberToken]) -> NumberToken | None:
    """Return the last number of the part's kind whose noun ends with the very words of the text; None if none does."""
    called = [
        number
        for number in numbers
        if name and number.kind == part.kind and number.exact and number.noun.endswith(name)
    ]
    return called[-1] if called and called[-1].role is Role.LEVEL else None


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


def _without_parts(passage: str, numbers: Sequence[NumberToken]) -> Iterator[Relation]:
    """Check shares without their parts that nearly make 100 %: 东部占39.9%，中部占25.8%，西部占27.1%，东北占7.2%."""
    run: list[NumberToken] = []
    for number in [*numbers, None]:
        follows_run = run and number and _NEXT_SHARE.fullmatch(passage, run[-1].end, number.start)
        if (
            number
            and number.kind == "%"
            and number.exact
            and _OWN_SHARE.search(number.noun)
            and (follows_run or not run)
        ):
            run.append(number)
            continue
        total = sum((each.value for each in run), Decimal(0))
        slack = sum((each.quantum for each in run), Decimal(0)) / 2
        if len(run) > 2 and abs(total - _HUNDRED) <= slack:
            yield Relation(tuple(run))
        elif len(run) > 2 and _LEFT_OUT < abs(total - _HUNDRED) <= _NEAR_HUNDRED:
            yield Relation(tuple(run), Discrepancy(
                Rule.SHARE, Certainty.CHECK, passage, tuple(each.text for each in run),
                f"{'、'.join(each.text for each in run)}相加是{total}%，不是100%。",
            ))  # fmt: skip
        run = []


def _all_kinds(passage: str, numbers: Sequence[NumberToken]) -> Iterator[Relation]:
    """Check rates of kinds that are all there are: 优秀率13.2%，良好率32.1%，及格率49.8%，不及格率4.9% make 100 %."""
    rates = [number for number in numbers if number.kind == "%" and number.role is Role.LEVEL]
    for place, first in enumerate(rates):
        run = [first]
        for rate in rates[place + 1 :]:
            between = [number for number in numbers if run[-1].end <= number.start < rate.start]
            if between or re.search("[。；]", passage[run[-1].end : rate.start]):
                break
            run.append(rate)
        if not all(_A_RATE.search(rate.noun) for rate in run):
            continue
        if len(run) < 3 or not is_complete(run, first) or not all(rate.exact for rate in run):
            continue
        total = sum((rate.value for rate in run), Decimal(0))
        is_cumulative = abs(run[-1].value + run[-2].value - _HUNDRED) <= run[-1].quantum
        is_right = abs(total - _HUNDRED) <= sum((rate.quantum for rate in run), Decimal(0)) / 2
        yield Relation(tuple(run), None if is_right or is_cumulative else Discrepancy(
            Rule.SHARE, Certainty.LIKELY, passage, tuple(rate.text for rate in run),
            f"{'、'.join(rate.text for rate in run)}相加是{total}%，不是100%。",
        ))  # fmt: skip
        return


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
