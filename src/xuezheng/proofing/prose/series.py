"""Series of shares of one total: 优秀32所，占22.2%；良好78所，占54.2%; 分别占5.8%、75.6%、18.6%."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.number_tokens import NumberToken, Role
from xuezheng.proofing.relations import Relation
from xuezheng.proofing.rounding import as_percent, percent_of, plain

#: Between a part and its share, where no total is named: 32所，占22.2%; 32所（占总数的22.2%）.
_PLAINLY = re.compile("的?[，、（]?占比?(?:[全其总][^，。；：、]{0,3})?(?:总数|总人数|总量|总额)?的?[为约]?")
#: 22件，占承办提案总数的23.9%: the total is named.
_NAMED = re.compile("[，、（]?占(?P<name>[^，。；：、（）0-9]{2,12})的[为约]?")
_EACH = re.compile("分别(?:占|为|是|达到?)?$")
_JOINED = re.compile("[、，和及与]")
_FINE = Decimal("0.004")  # a share that is rounded by more does not determine its total


@dataclass(frozen=True)
class _Share:
    """A part and its share of a total that need not be stated."""

    part: NumberToken
    share: NumberToken

    def percent_of(self, total: Decimal) -> Decimal:
        """Return the number that the share belongs to as a percentage of ``total``, not rounded; ``total`` must not be zero."""
        return percent_of(self.part.value, total)

    def fits(self, total: Decimal, slack: Decimal) -> bool:
        """Whether the stated share, rounded or cut off, follows from a total that may be off by ``slack``."""
        margin = self.share.quantum + self.part.slack / total * 100 + self.share.value * slack / total
        return abs(self.percent_of(total) - self.share.value) <= margin


def check_series(
    passage: str, numbers: Sequence[NumberToken], compared: Collection[NumberToken] = ()
) -> tuple[set[NumberToken], list[Relation]]:
    """Check series of shares of one total, and return (shares that need no further check, relations of these shares).

    ``numbers`` are the numbers of the passage in order; ``compared`` are shares that were checked before:
    they are in the first result, but not checked again. A share that does not fit the others has a
    discrepancy.
    """
    settled: set[NumberToken] = set(compared)
    relations: list[Relation] = []
    for series in (*_one_by_one(passage, numbers), *_each(passage, numbers)):
        if any(entry.share in settled for entry in series):
            continue
        totals = list(_wholes(series, numbers))
        if not totals:
            continue
        if divided := _divided(series):
            settled |= {entry.share for entry in series}
            wrong = any(not entry.fits(*divided) for entry in series)
            relations += (
                [_hundred(passage, series, divided[0])]
                if wrong
                else [Relation((entry.part, entry.share)) for entry in series]
            )
            continue
        total, slack = max(totals, key=lambda each: sum(entry.fits(*each) for entry in series))
        odd = [entry for entry in series if not entry.fits(total, slack)]
        if len(odd) > 1 or (odd and _of_another(odd[0], numbers)):
            continue
        settled |= {entry.share for entry in series}
        relations += [
            Relation((entry.part, entry.share), _discrepancy(passage, entry, total) if entry in odd else None)
            for entry in series
        ]
    return settled, relations


def _one_by_one(passage: str, numbers: Sequence[NumberToken]) -> Iterator[list[_Share]]:
    """Yield the series in which each part is followed by its share."""
    series: dict[tuple[str, str], list[_Share]] = {}
    for part, share in pairwise(numbers):
        counts = part.kind not in ("", "%") and part.role is Role.LEVEL and part.exact
        if not (counts and share.kind == "%" and share.value and share.exact):
            continue
        named = _NAMED.fullmatch(passage[part.end : share.start].replace(" ", ""))
        if _is_its_share(passage, part, share):
            series.setdefault((part.kind, ""), []).append(_Share(part, share))
        elif named:
            series.setdefault((part.kind, named["name"]), []).append(_Share(part, share))
    for (_, name), shares in series.items():
        # What shares name may stand anywhere; they are of one total where together they are all of it.
        if len(shares) > 1 and (not name or (len(shares) > 2 and _divided(shares))):
            yield shares


def _is_its_share(passage: str, part: NumberToken, share: NumberToken) -> bool:
    """Whether a percentage is the share of the number right before it: 32所，占22.2%; 32所（22.2%）."""
    between = passage[part.end : share.start].replace(" ", "")
    is_bracketed = between == "（" and passage.startswith("）", share.end)
    return is_bracketed or _PLAINLY.fullmatch(between) is not None


def _each(passage: str, numbers: Sequence[NumberToken]) -> Iterator[list[_Share]]:
    """Yield the series in which all parts come first, then all shares."""
    for place, first in enumerate(numbers):
        if first.kind != "%" or not _EACH.search(first.noun):
            continue
        shares = [first]
        for share in numbers[place + 1 :]:
            if share.kind != "%" or not _JOINED.fullmatch(passage[shares[-1].end : share.start].strip()):
                break
            shares.append(share)
        share_sign = passage.rfind("占", 0, first.start)
        parts = [
            number for number in numbers[:place] if number.role is Role.LEVEL and number.end <= share_sign
        ]
        parts = parts[-len(shares) :]
        kinds = {part.kind for part in parts}
        certain = all(number.exact and number.value for number in (*parts, *shares))
        if certain and len(parts) == len(shares) > 1 and len(kinds) == 1 and not kinds & {"", "%"}:
            yield [_Share(*pair) for pair in zip(parts, shares, strict=True)]


def _wholes(series: Sequence[_Share], numbers: Sequence[NumberToken]) -> Iterator[tuple[Decimal, Decimal]]:
    """Yield possible totals with their slack, the likeliest first: a number of the passage, the sum of the parts, or a total implied by a share."""
    parts = [entry.part for entry in series]
    # One of the parts may be wrong, and more than the total.
    most = sorted(part.value for part in parts)[-2]
    for number in numbers:
        counts = number.kind == parts[0].kind and number.role in (Role.LEVEL, Role.BASE)
        if counts and number not in parts and number.value >= most > 0:
            yield number.value, number.slack
    if most:
        yield sum((part.value for part in parts), Decimal(0)), sum((part.slack for part in parts), Decimal(0))
    if len(series) > 2:
        for entry in sorted(series, key=lambda entry: entry.share.value, reverse=True):
            rounding = entry.share.quantum / entry.share.value / 2
            if rounding <= _FINE:
                implied = entry.part.value / entry.share.value * 100
                yield implied, implied * rounding


def _divided(series: Sequence[_Share]) -> tuple[Decimal, Decimal] | None:
    """Return the sum of the parts, with its slack, where the shares divide a total between them; None where they do not add up to 100 %."""
    total = sum((entry.share.value for entry in series), Decimal(0))
    if abs(total - 100) > sum((entry.share.quantum for entry in series), Decimal(0)) / 2:
        return None
    parts = [entry.part for entry in series]
    return sum((part.value for part in parts), Decimal(0)), sum((part.slack for part in parts), Decimal(0))


def _hundred(passage: str, series: Sequence[_Share], total: Decimal) -> Relation:
    """Return the relation of parts whose shares add up to 100 %, but are not their shares of the sum."""
    expected = "、".join(as_percent(entry.percent_of(total), entry.share) for entry in series)
    parts = "、".join(entry.part.text for entry in series)
    shown = "、".join(entry.share.text for entry in series)
    numbers = tuple(number for entry in series for number in (entry.part, entry.share))
    message = f"占比合计100%，但{parts}各占其和的{expected}，文中写的是{shown}。"
    texts = tuple(number.text for number in numbers)
    return Relation(numbers, Discrepancy(Rule.SHARE, Certainty.LIKELY, passage, texts, message))


def _of_another(odd: _Share, numbers: Sequence[NumberToken]) -> bool:
    """Whether the share that does not fit is a share of some other number of the passage."""
    return any(
        odd.fits(number.value, number.slack)
        for number in numbers
        if number.kind == odd.part.kind and number.value
    )


def _discrepancy(passage: str, odd: _Share, total: Decimal) -> Discrepancy:
    quantum = odd.part.quantum
    total_text = plain((total / quantum).quantize(Decimal(1)) * quantum, odd.part)
    return Discrepancy(
        Rule.SHARE, Certainty.LIKELY, passage, (odd.part.text, odd.share.text),
        f"与其他占比同按{total_text}算，{odd.part.text}应占{as_percent(odd.percent_of(total), odd.share)}，"
        f"文中写的是{odd.share.text}。",
    )  # fmt: skip
