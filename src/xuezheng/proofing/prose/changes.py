"""Changes: 由38所增加到40所，增加2所; 1200人，比上年增加200人，增长20%; 今年1200人，去年1000人，增长20%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, DivisionByZero, InvalidOperation

from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.number_tokens import NumberToken, Role
from xuezheng.proofing.prose.passages import alike_things
from xuezheng.proofing.relations import Relation
from xuezheng.proofing.rounding import Formula, as_percent, follows, plain
from xuezheng.proofing.typing_errors import is_displaced

_RISE = "增加|增长|提高|上升|提升|扩大|净增|新增|增"
_FALL = "减少|下降|降低|缩小|压减|减|降"
_FROM_TO = re.compile(
    rf"(?:由|从)[^。；]{{1,40}}?(?P<verb>{_RISE}|{_FALL}|整合|调整|撤并|合并|优化|压缩|发展|变|升|[增扩缩])(?:到|至|为|成)"
)
_NEUTRAL = re.compile("整合|调整|撤并|合并|优化|发展|变")
_FALLS = re.compile(f"(?:{_FALL}|少|低|节约|节省)[^，]*$")
_FROM = re.compile("[由从][^，。；]*$")
#: A clause that begins so goes on with the sentence before it.
_GOES_ON = re.compile(r"\s*(?:[与比较同][^，。；]{0,4}(?:上年|去年|同期|上一年|[0-9]{4}年度?)|同比)")
#: A number so introduced is the difference from a plan.
_COMPARED = re.compile(
    "(?:[比较][^，]*(?P<plan>预算|计划|目标)[^，]*(?:节省|节约|超|增|减|多|少|结余)[^，]{0,3}|(?:大于|小于|高于|低于|多于|少于)[^，]{0,4}(?P<plan2>预算|计划|目标)数?)$"
)
_IN_BRACKET = re.compile("[^，。；（]{0,4}（[^，。；（）0-9]{0,8}")
_NET = re.compile("净(?:增|减|流入|流出)(?:加|少)?$")
_CAME, _WENT = (
    re.compile("新增|增加|调入|转入|流入|招收|新进"),
    re.compile("去世|死亡|减少|调出|转出|流出|退休|离职|注销|撤"),
)
_PLANNED, _SAVED = (
    re.compile("(?:预算|计划|概算|招标)(?:数|额|金额|资金|价)?为?$"),
    re.compile("节约|节省|超支|结余"),
)
_THEN = re.compile("[，、；]?(?:今年|本年|本期|本学期|目前|现)[^，。；]{0,8}")
_BUDGET, _OUTCOME = re.compile("预算数?[为是]?$"), re.compile("(?:决算|执行|实际支出|支出)数?[为是]?$")
_BARE = re.compile("^(?:增加|减少|增|减)(?:了)?$")
_REACHES = re.compile("^(?:总数|总量)?(?:达到?|增至|升至|增加到|减少到|降至|减至)$")
#: What grows at constant prices, so that its rate does not follow from its amounts.
_REAL = re.compile("生产总值|增加值|GDP|产值")
_DOUBLED = re.compile("翻了?(?P<times>[一两])?番")
#: Between a value and its change: 比上年, with the word for the change.
_DIRECTLY = re.compile("[，、（]?(?:[比较与同]|同比|环比)[^，。；]{0,16}")
#: A misread sentence gives a change of another size altogether.
_FAR = 3


def check_changes(passage: str, numbers: Sequence[NumberToken]) -> Iterator[Relation]:
    """Yield the relation of each change to the values before and after it, whether it holds or not.

    A change is a difference or a rate (增加200人，增长20%). ``passage`` is a sentence, or several that belong
    together; ``numbers`` are its numbers in order. A change that does not follow has a discrepancy.
    """
    yield from _from_to(passage, numbers)
    yield from _net(passage, numbers)
    for place, number in enumerate(numbers):
        presents = _presents(passage, numbers[:place], number)
        later = numbers[place + 1 :]
        if (
            number.role is Role.BASE
            and place
            and _IN_BRACKET.fullmatch(passage, numbers[place - 1].end, number.start)
        ):
            yield from _base_after(passage, numbers[:place], number)
        elif number.role is Role.BASE and not re.search("[由从]", number.noun):
            presents += _averages(numbers[:place], number, later) or _after_base(passage, number, later)
            yield from _likeliest(
                [
                    _follow_ups(
                        passage,
                        number,
                        now,
                        later if now.start < number.start else later[1:],
                        is_sure=now.start > number.start
                        or _DIRECTLY.fullmatch(passage, now.end, number.start) is not None,
                    )
                    for now in presents
                ]
            )
        elif planned := _planned(number, numbers[:place]):
            done = [now for now in presents if now.start > planned.start]
            if done and number.exact and planned.exact and done[-1].exact:
                reading = _difference(passage, planned, done[-1], number, is_sure=False)
                yield from reading or ()
        elif number.role is Role.CHANGE and number.kind != "%":
            is_sure = len(presents) == 1
            yield from _from_budget(passage, numbers[:place], number)
            if reached := _reached(passage, numbers[:place], later):
                presents, later, is_sure = reached, later[1:], True
            yield from _likeliest(
                [_by_and_rate(passage, now, number, later, is_sure=is_sure) for now in presents]
            )


def _base_after(passage: str, before: Sequence[NumberToken], base: NumberToken) -> Iterator[Relation]:
    """Check 154件，同比下降11.5%（上年174件）: the value before stands in a bracket after the rate."""
    rate = before[-1]
    like = [number for number in before if number.role is Role.LEVEL and alike_things(number, base)]
    if like and rate.kind == "%" and rate.role is Role.CHANGE:
        agreeing = [number for number in like if number.value and follows(rate, _growth, base, number)]
        likeliest = like[:1] if _has_parts(passage, like[0], like[-1]) else like[-1:]
        yield from _rate(passage, rate, _growth, base, (agreeing or likeliest)[-1], is_sure=True) or ()


def _has_parts(passage: str, first: NumberToken, last: NumberToken) -> bool:
    """Whether a number begins a list of its parts, the last of which another is: 14起，其中食品2起、意外9起."""
    between = passage[first.end : last.start]
    return "其中" in between and "、" in between


def _growth(before: Decimal, after: Decimal) -> Decimal:
    """Return a change in percent of the value before, without its sign."""
    return abs(after - before) / before * 100


def _net(passage: str, numbers: Sequence[NumberToken]) -> Iterator[Relation]:
    """Check 净增97人，其中新增124人、去世27人: what came less what went."""
    for net, came, went in zip(numbers, numbers[1:], numbers[2:], strict=False):
        follow = _CAME.search(came.noun) and _WENT.search(went.noun) and not _CAME.search(went.noun)
        alike_all = alike_things(net, came) and alike_things(net, went)
        if not (_NET.search(net.noun) and follow and alike_all):
            continue
        expected = abs(came.value - went.value)
        related = (net, came, went)
        if expected == net.value:
            yield Relation(related)
        elif all(number.exact for number in related):
            yield Relation(related, Discrepancy(
                Rule.CHANGE, Certainty.LIKELY, passage, tuple(number.text for number in related),
                f"{came.text}与{went.text}相差{plain(expected, net)}，文中写的是{net.text}。",
            ))  # fmt: skip


def _planned(number: NumberToken, before: Sequence[NumberToken]) -> NumberToken | None:
    """Return the plan or budget that a number says it differs from: 支出2496万元，比预算节省17万元."""
    match = _COMPARED.search(number.noun)
    if not match:
        return None
    return next(
        (
            plan
            for plan in reversed(before)
            if (match["plan"] or match["plan2"]) in plan.noun
            and plan.kind == number.kind
            and plan.role is Role.LEVEL
        ),
        None,
    )


def _presents(passage: str, before: Sequence[NumberToken], number: NumberToken) -> list[NumberToken]:
    """Return the candidates for the value after a change: the first number of its sentence, and the last one before it."""
    start = max(passage.rfind(sign, 0, number.start) for sign in "。；") + 1
    if start and _GOES_ON.match(passage, start):
        start = passage.rfind("。", 0, start - 1) + 1
    like = [
        candidate
        for candidate in before
        if candidate.start >= start
        and candidate.role is Role.LEVEL
        and alike_things(candidate, number)
        and not _FROM.search(candidate.noun)
    ]
    if not like and number.role is Role.CHANGE:
        like = [each for each in before[-1:] if each.role is Role.PER and alike_things(each, number)]
    if len(like) > 1 and _has_parts(passage, like[0], like[-1]):
        like.reverse()
    return list(dict.fromkeys([*like[:1], *like[-1:]]))


def _from_budget(passage: str, before: Sequence[NumberToken], change: NumberToken) -> Iterator[Relation]:
    """Check 预算数3412万元，决算数3618万元，增加206万元."""
    if len(before) < 2 or not all(alike_things(each, change) and each.exact for each in before[-2:]):
        return
    planned, spent = before[-2:]
    if _BUDGET.search(planned.noun) and _OUTCOME.search(spent.noun) and _BARE.search(change.noun):
        yield from _difference(passage, planned, spent, change, is_sure=False) or ()


def _reached(passage: str, before: Sequence[NumberToken], later: Sequence[NumberToken]) -> list[NumberToken]:
    """Return the value that a change told before it leads to: 比上年增加212人，达到4358人，增长5.1%."""
    if len(later) < 2 or later[0].role is not Role.LEVEL or later[1].kind != "%":
        return []
    return [later[0]] if _REACHES.search(later[0].noun) else []


def _averages(
    before: Sequence[NumberToken], base: NumberToken, later: Sequence[NumberToken]
) -> list[NumberToken]:
    """Return the average right before an earlier one: 平均每户2.76人，比上次的3.08人减少0.32人; of rounded averages no rate follows."""
    if not later or later[0].kind != base.kind:
        return []
    return [number for number in before[-1:] if number.role is Role.PER and alike_things(number, base)]


def _after_base(passage: str, base: NumberToken, later: Sequence[NumberToken]) -> list[NumberToken]:
    """Return the value that follows an earlier one: 去年同期为1826万元，今年为2014万元，增加188万元."""
    return [
        number
        for number in later[:1]
        if number.role is Role.LEVEL
        and alike_things(number, base)
        and _THEN.fullmatch(passage, base.end, number.start)
    ]


#: The relations of a reading; None where its numbers are so far apart that it is a misreading.
_Reading = list[Relation] | None


def _likeliest(readings: Sequence[_Reading]) -> Sequence[Relation]:
    """Return the relations of a reading in which all numbers agree; where there is none, of the last one."""
    plausible = [reading for reading in readings if reading]
    agreeing = [reading for reading in plausible if not any(each.discrepancy for each in reading)]
    return (agreeing or plausible or [[]])[-1]


def _from_to(passage: str, numbers: Sequence[NumberToken]) -> Iterator[Relation]:
    for match in _FROM_TO.finditer(passage):
        inside = [number for number in numbers if match.start() <= number.start and number.end <= match.end()]
        after = [number for number in numbers if number.start >= match.end() - 1]
        if not inside or not after:
            continue
        first, second = inside[-1], after[0]
        if (
            not alike_things(first, second)
            or second.start - match.end() > 12
            or not (first.exact and second.exact)
        ):
            continue
        if _moves(first, second) == -_sign(match["verb"]) and not _NEUTRAL.fullmatch(match["verb"]):
            direction = "减少" if second.value < first.value else "增加"
            yield Relation((first, second), Discrepancy(
                Rule.CHANGE, Certainty.CERTAIN, passage, (first.text, second.text),
                f"从{first.text}到{second.text}是{direction}，文中写的是“{match['verb']}”。",
            ))  # fmt: skip
            continue
        yield from _follow_ups(passage, first, second, after[1:], is_sure=True) or ()
        yield from _doubled(passage, first, second)


def _moves(first: NumberToken, second: NumberToken) -> int:
    return (second.value > first.value) - (second.value < first.value)


def _sign(verb: str) -> int:
    return 1 if re.fullmatch(f"{_RISE}|升|扩", verb) else -1


def _doubled(passage: str, first: NumberToken, second: NumberToken) -> Iterator[Relation]:
    match = _DOUBLED.match(passage[second.end :].lstrip("，、"))
    if not match:
        return
    expected = first.value * (4 if match["times"] == "两" else 2)
    is_near = not first.value or abs(second.value / expected - 1) <= Decimal("0.1")
    if is_near or (second.value > expected and not match["times"]):
        yield Relation((first, second))
        return
    yield Relation((first, second), Discrepancy(
        Rule.CHANGE, Certainty.LIKELY, passage, (first.text, second.text),
        f"{first.text}{match.group()}应为{plain(expected, first)}，文中写的是{second.text}。",
    ))  # fmt: skip


def _follow_ups(
    passage: str,
    first: NumberToken,
    second: NumberToken,
    later: Sequence[NumberToken],
    *,
    is_sure: bool = False,
) -> _Reading:
    """Check the differences and rates that directly follow two numbers; None where none do.

    With ``is_sure`` the text says that it is the change between the two, and is wrong however far off.
    """
    readings: list[_Reading] = []
    for change in later:
        if (
            change.role is not Role.CHANGE
            or re.search("[。；]", passage[second.end : change.start])
            or re.search("同比|环比|比上年|较上年|年均|平均", change.noun)
        ):
            break
        if change.kind == ("个百分点" if first.kind == "%" else first.kind):
            readings.append(_difference(passage, first, second, change, is_sure=is_sure))
        elif change.kind == "%" and first.kind != "%":
            readings.append(
                _rate(
                    passage,
                    change,
                    _growth,
                    first,
                    second,
                    is_sure=is_sure,
                    is_certain=is_sure,
                )
            )
    outcomes = [reading for reading in readings if reading is not None]
    return [relation for reading in outcomes for relation in reading] if outcomes else None


def _difference(
    passage: str, first: NumberToken, second: NumberToken, change_number: NumberToken, *, is_sure: bool
) -> _Reading:
    change = abs(second.value - first.value)
    # The difference of what was rounded may be off by one in the last place.
    slack = max(number.quantum if number.rounded else 0 for number in (first, second, change_number))
    numbers = (first, second, change_number)
    if not change_number.exact:
        return []
    if abs(change - change_number.value) <= slack:
        return [Relation(numbers)]
    is_far = _far(change, change_number.value)
    if is_far and not is_sure and not is_displaced(change_number, change):
        return None
    shown = plain(change, first) if change_number.kind == first.kind else f"{change}个百分点"
    return [Relation(numbers, Discrepancy(
        Rule.CHANGE, Certainty.CERTAIN if is_sure and not is_far else Certainty.LIKELY, passage,
        tuple(number.text for number in numbers),
        f"{first.text}与{second.text}相差{shown}，文中写的是{change_number.text}。",
    ))]  # fmt: skip


def _by_and_rate(
    passage: str, present: NumberToken, by: NumberToken, later: Sequence[NumberToken], *, is_sure: bool
) -> _Reading:
    """Check 1200人，比上年增加200人，增长20%: the value before is the present one less the change. None for other sentences."""
    if not later or later[0].kind != "%" or later[0].role is not Role.CHANGE:
        return None
    if _REAL.search(present.noun):
        return None
    if not re.fullmatch("[，、]?[^，。；]{0,8}", passage[max(by.end, present.end) : later[0].start]):
        return None
    falls = _FALLS.search(by.noun) is not None
    is_direct = _DIRECTLY.fullmatch(passage, present.end, by.start) is not None
    is_planned = _PLANNED.search(present.noun) is not None and _SAVED.search(later[0].noun) is not None
    return _rate(
        passage,
        later[0],
        lambda now, change: change / (now if is_planned else now + change if falls else now - change) * 100,
        present,
        by,
        is_sure=is_sure or is_direct,
        is_certain=is_direct,
    )


def _rate(
    passage: str,
    rate: NumberToken,
    formula: Formula,
    first: NumberToken,
    second: NumberToken,
    *,
    is_sure: bool = False,
    is_certain: bool = False,
) -> _Reading:
    """Check a rate of change; with ``is_sure`` it is wrong however far off it is, with ``is_certain`` nothing else can be meant."""
    numbers = (first, second, rate)
    if not all(number.exact and number.value for number in numbers) or _REAL.search(first.noun):
        return None
    if follows(rate, formula, first, second):
        return [Relation(numbers)]
    try:
        expected = formula(first.value, second.value)
    except (DivisionByZero, InvalidOperation):
        return None
    if not is_sure and (expected <= 0 or _far(expected, rate.value)):
        return None
    if expected <= 0:
        texts = tuple(number.text for number in numbers)
        message = f"{second.text}的变化比{first.text}还多，与{rate.text}对不上。"
        return [Relation(numbers, Discrepancy(Rule.CHANGE, Certainty.LIKELY, passage, texts, message))]
    is_certain = is_certain and not _far(expected, rate.value)
    certainty = Certainty.CERTAIN if is_certain else Certainty.LIKELY
    return [Relation(numbers, Discrepancy(
        Rule.CHANGE, certainty, passage, tuple(number.text for number in numbers),
        f"按{first.text}和{second.text}算，应为{as_percent(expected, rate)}，文中写的是{rate.text}。",
    ))]  # fmt: skip


def _far(expected: Decimal, stated: Decimal) -> bool:
    return expected <= 0 or stated <= 0 or not Decimal(1) / _FAR <= stated / expected <= _FAR
