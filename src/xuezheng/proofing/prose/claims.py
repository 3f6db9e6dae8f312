"""Finding what a text states as a total and its parts, by wording alone: brackets, 其中, 分别为, a colon, 共 and 合计.

Whether the numbers add up is judged in :mod:`xuezheng.proofing.prose.sums`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from xuezheng.proofing.number_tokens import NumberToken, Role
from xuezheng.proofing.prose.claim import COUNTS_OF, INTRODUCED, TOTAL, Claim, Form, list_parts
from xuezheng.proofing.prose.kinds import REST, choose_complete, count_kinds, is_complete
from xuezheng.proofing.prose.passages import Level, alike_things
from xuezheng.proofing.prose.totals import find_complements, find_plain_lists, find_totals

#: Brackets that open so hold some parts only, or something else altogether.
_PARTIAL = re.compile(
    r"\s*(?:含|包括|包含|不含|如|另|比|较|同比|环比|占|平均|人均|生均|每|截至|原|以|约|下降|增长|目标|已(?:超|完成)|不|现|注|按|去年|上年|计划|应|达|为)"
)
_HOW_MANY = re.compile("(?P<count>[两二三四五六七八九])[一-鿿]{1,10}$")
_RISES, _FALLS = re.compile("增|升|提高|扩大"), re.compile("减|降|缩")
_BETWEEN_TOTAL_AND_BRACKET = re.compile(r"[、，和]?[\u4e00-\u9fff]{0,6}")
_ITEM = re.compile("[^，；、。]+")
#: A sentence that so begins divides what the one before begins with.
_DIVIDES_FIRST = re.compile(
    "。[^。，；]{0,4}(?:来源|构成|组成)|[。；]\\s*(?:按[^，。；：]{1,8}分|分[一-鿿]{1,6}看)"
)
_LEAD = 6
_COUNTED_CHANGES = re.compile("(?P<count>[两二三四五六七八九])(?:项|类|者)(?:共|合计)")
#: An item of a list so told is no part: a share, another time, an aside.
_ASIDE = re.compile("占|比|较|同期|去年|上年|平均|人均|生均|标准|每")


def find_claims(level: Level) -> Iterator[Claim]:
    """Yield the totals and parts that a passage states, outside its brackets or, for the level of a bracket, inside it.

    Whether the numbers add up is not examined. Of the brackets in the level, only the claim that they list
    parts of the number before them is considered.
    """
    for claim in _find_all(level):
        beyond = (
            _beyond_all(level, claim.readings) if claim.readings and claim.form is not Form.TOTAL else None
        )
        yield claim if beyond is None else replace(claim, is_divided=not beyond, is_partial=beyond < 0)


def _beyond_all(level: Level, readings: Sequence[Sequence[NumberToken]]) -> Decimal | None:
    """Return by how much the shares that follow each part of the longest reading are more or less than 100 %; zero within their rounding, None without them."""
    parts = max(readings, key=len)
    numbers = sorted(
        (number for each in level.all() for number in each.numbers), key=lambda number: number.start
    )
    places = {number.start: place for place, number in enumerate(numbers)}
    shares = [
        numbers[places[part.start] + 1]
        for part in parts
        if part.start in places and places[part.start] + 1 < len(numbers)
    ]
    if len(parts) < 2 or len(shares) < len(parts) or any(share.kind != "%" for share in shares):
        return None
    slack = sum((share.quantum for share in shares), Decimal(0)) / 2
    beyond = sum((share.value for share in shares), Decimal(0)) - 100
    return beyond if abs(beyond) > slack else Decimal(0)


def _find_all(level: Level) -> Iterator[Claim]:
    yield from _bracketed(level)
    introduced = list(_introduced(level))
    yield from introduced
    yield from _grouped(level, [claim for claim in introduced if claim.form is not Form.EACH])
    yield from _changes(level)
    yield from find_totals(level)
    yield from find_complements(level)
    yield from find_plain_lists(level)


def _bracketed(level: Level) -> Iterator[Claim]:
    """Find 350人（高中26人，…）: the numbers in a bracket are parts of the number right before it."""
    for bracket in level.brackets:
        inner = bracket.level
        introduced = INTRODUCED.search(inner.text, bracket.start + 1)
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
    if len(parts) > 2:
        ends = [place for sign in "，；。" if (place := level.text.find(sign, parts[-1].end)) >= 0]
        end = min([*ends, end])  # what follows the list is no item of it
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
    matches = list(INTRODUCED.finditer(level.text))
    for order, match in enumerate(matches):
        start, item = level.item(match.start())
        if not match["named"]:
            start = start if match["each"] else _clause_start(level.text, match.start())
        following = [later.start() for later in matches[order + 1 :] if not later["colon"]]
        rest = min(
            [
                *following,
                *([level.text.find("。", match.end())] if "。" in level.text[match.end() :] else []),
                len(level.text),
            ]
        )
        for total in _totals_of(level, match, start):
            runs = [list_parts(level, match.end(), end, total) for end in (min(item, rest), rest)]
            if match["each"]:
                runs = [_unbroken(level, runs[0])]
            is_pure = _is_pure(level, match.end(), min(item, rest), runs[0])
            rivals = [
                rival for rival in list_parts(level, 0, match.start(), total) if rival.start != total.start
            ]
            firsts = _heads_of_items(level, match.end(), total) if match["named"] else ()
            if match["named"] and not _goes_on(level.text[match.end() :], runs[0], runs[1]):
                runs = runs[:1]
            runs += [firsts] if len(firsts) > 1 and firsts not in runs else []
            runs = [_before_total(run) for run in runs] if match["named"] else runs
            runs += _enumerated(runs[0])
            runs += _complete_first(runs[0], total) if match["named"] else []
            is_nested = bool(match["named"]) and any(later["named"] for later in matches[order + 1 :])
            if is_nested and (
                chosen := choose_complete(list_parts(level, match.end(), len(level.text), total))
            ):
                runs = [chosen]
            if match["named"] and _is_itemized(level, match.end(), rest, runs):
                is_pure = True
            yield Claim(
                Form.EACH if match["each"] else Form.NAMED if match["named"] else Form.COLON,
                match.start(),
                total,
                tuple(runs),
                rivals=tuple(rivals),
                is_pure=is_pure and not match["each"],
                says_so=_counts_parts(level.text[: match.start()], runs[0])
                if match["each"]
                else level.text.startswith("：", match.end()) or match["named"] is None,
            )


def _totals_of(level: Level, match: re.Match[str], start: int) -> Iterator[NumberToken]:
    """Yield what the parts after a word may be of: 专任教师中，… are of what was called so before, 资金来源为… of what the sentence before begins with."""
    before = level.between(0 if match["named"] else start, match.start())
    if match["among"] and not before:
        name = level.text[start : match.start()].strip()
        called = [number for number in level.between(0, start) if name and number.noun.endswith(name)]
        yield from called[-1:]
    elif match["named"] and _DIVIDES_FIRST.search(level.text, max(match.start() - _LEAD, 0), match.end()):
        yield from _nearest(before[::-1], match)
    else:
        yield from _nearest(before, match)


def _enumerated(parts: Sequence[NumberToken]) -> list[tuple[NumberToken, ...]]:
    """Return the parts that 、 divides, where others follow them after a comma: 小学652人、初中490人，女教师786人."""
    signs = [part.tail[:1] for part in parts]
    length = next((place for place, sign in enumerate(signs, start=1) if sign != "、"), 0)
    return [tuple(parts[:length])] if 1 < length < len(parts) else []


def _sums_of_changes(level: Level) -> Iterator[Claim]:
    changes = level.between(0, len(level.text), Role.CHANGE)
    for place, total in enumerate(changes):
        counted = _COUNTED_CHANGES.search(level.text, max(total.start - _LEAD, 0), total.start)
        parts = tuple(part for part in changes[:place] if alike_things(part, total))
        if (
            counted
            and len(parts) == COUNTS_OF[counted["count"]]
            and _direction(total) == _direction(parts[0])
        ):
            yield Claim(Form.TOTAL, total.start, total, (parts,), is_pure=True, says_so=True)


def _direction(change: NumberToken) -> tuple[bool, bool]:
    return bool(_RISES.search(change.noun)), bool(_FALLS.search(change.noun))


def _before_total(parts: Sequence[NumberToken]) -> tuple[NumberToken, ...]:
    """Return the parts before one that the text calls a total: 其中本县623人，县外286人，高中阶段共招生2305人."""
    length = next((place for place, part in enumerate(parts) if TOTAL.search(part.noun)), len(parts))
    return tuple(parts[:length]) if length > 1 else tuple(parts)


def _complete_first(parts: Sequence[NumberToken], total: NumberToken) -> list[tuple[NumberToken, ...]]:
    """Return the first parts that leave nothing out, where others follow them: 立行立改256条，限期整改112条，已整改96条."""
    return [tuple(parts[:length]) for length in range(2, len(parts)) if is_complete(parts[:length], total)][
        :1
    ]


def _is_itemized(level: Level, start: int, end: int, runs: Sequence[Sequence[NumberToken]]) -> bool:
    """Whether semicolons divide the longest of some runs of parts, and each item holds one part: 购置图书3万册，投入72万元；更新电脑420台，投入189万元."""
    parts = max(runs, key=len)
    if len(parts) < 2 or "；" not in level.text[start:end]:
        return False
    items = [text for text in level.text[start : parts[-1].end].split("；") if text]
    signs = [level.text[first.end : second.start] for first, second in pairwise(parts)]
    return len(items) == len(parts) and all(text.count("；") == 1 for text in signs)


def _grouped(level: Level, claims: Sequence[Claim]) -> Iterator[Claim]:
    """Find further lists of the parts of one total: 教师44人，其中本科31人、专科13人；高级20人、中级24人；…."""
    for claim in claims:
        end = level.text.find("。", claim.place)
        end = len(level.text) if end < 0 else end
        start = level.item(claim.place)[1]
        while start < end and len(claim.readings[0]) > 1:
            stop = min(level.item(start + 1)[1], end)
            parts = list_parts(level, start, stop, claim.total)
            others = [
                number
                for number in level.between(start, stop)
                if number.kind != "%" and not any(number.start == part.start for part in parts)
            ]
            exceeding = sum(part.value >= claim.total.value for part in parts)
            is_new = any(TOTAL.search(part.noun) for part in parts)
            is_nested = INTRODUCED.search(level.text, start + 1, stop) is not None
            if len(parts) > 1 and not others and exceeding < 2 and not is_new and not is_nested:
                yield replace(
                    claim,
                    form=Form.GROUP,
                    place=start,
                    readings=(parts,),
                    alternatives=(),
                    rivals=(),
                    is_pure=False,
                    says_so=False,
                )
            start = stop


def _counts_parts(text: str, parts: Sequence[NumberToken]) -> bool:
    """Whether the clause before 分别 says how many parts there are: 三次产业增加值分别为."""
    match = _HOW_MANY.search(text)
    return match is not None and COUNTS_OF.get(match["count"]) == len(parts)


def _heads_of_items(level: Level, start: int, total: NumberToken) -> tuple[NumberToken, ...]:
    """Return the parts of a list whose items list parts of their own, without these: 上级480万元，包括…；县级282万元，包括…."""
    ends = [place for place in range(start, len(level.text)) if level.text[place] in "；。"] or [
        len(level.text)
    ]
    items = list(zip([start, *ends], [*ends, len(level.text)], strict=True))
    nested = [match.start() for match in INTRODUCED.finditer(level.text, start) if match["named"]]
    if not nested or not (nested[0] < ends[0] or level.text.startswith("：", start)):
        return ()
    first_parts = [
        list_parts(level, first, min([place for place in nested if place > first] + [last]), total)
        for first, last in items
    ]
    return tuple(part for head in first_parts for part in head)


def _goes_on(text: str, item: Sequence[NumberToken], rest: Sequence[NumberToken]) -> bool:
    """Whether the list of parts goes on after the first semicolon, where another list, or none at all, may begin."""
    if text.startswith("：") or (len(rest) > 1 and count_kinds(rest) == len(rest)):
        return True
    between = text[: text.find(rest[-1].text)] if rest else ""
    if len(item) == 1 and len(rest) > 2 and REST.search(rest[-1].noun):
        return True
    return len(item) == 1 and len(rest) > 2 and between.count("；") == len(rest) - 1


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


def _changes(level: Level) -> Iterator[Claim]:
    """Find 净增84人，其中小学净增52人、初中净增32人, and 两项共压减525万元: changes in the same direction add up like other numbers."""
    yield from _sums_of_changes(level)
    for match in INTRODUCED.finditer(level.text):
        all_changes = level.between(0, match.start(), Role.CHANGE)
        if not match["named"] or not all_changes or match.start() - all_changes[-1].end > 1:
            continue
        changes = [change for change in all_changes if change.kind not in ("", "%")][-1:]
        if not changes or any(
            number.start > changes[0].end and number.kind != "%" and number.end <= match.start()
            for number in level.numbers
        ):
            continue
        item = list_parts(level, match.end(), level.item(match.start())[1], changes[-1])
        parts = item if len(item) > 1 else list_parts(level, match.end(), len(level.text), changes[-1])
        directions = {_direction(part) for part in (changes[-1], *parts)}
        if len(parts) > 1 and len(directions) == 1:
            yield Claim(Form.CHANGE, match.start(), changes[-1], (parts,))
