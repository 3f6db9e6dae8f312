"""Shares of one whole that are told one after another: 优秀32所，占22.2%；良好78所，占54.2%; 分别占5.8%、75.6%、18.6%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from xuezheng.proofing.discrepancies import Certainty, Rule, Slip
from xuezheng.proofing.number_tokens import Mention, Role
from xuezheng.proofing.rounding import as_percent, plain

#: Between a part and its share, where no whole is named: 32所，占22.2%; 32所（占总数的22.2%）.
_PLAINLY = re.compile("的?[，（]?占比?(?:[全其总][^，。；：、]{0,3})?(?:总数|总人数|总量|总额)?的?[为约]?")
_EACH = re.compile("分别(?:占|为|是|达到?)?$")
_JOINED = re.compile("[、，和及与]")
_FINE = Decimal("0.004")  # a share that is rounded by more does not tell its whole
_FAR = Decimal(25)  # percent: a share so far off is one of something else


@dataclass(frozen=True)
class _Share:
    """A part and its share of a whole that need not be told."""

    part: Mention
    share: Mention

    def of(self, whole: Decimal) -> Decimal:
        """The share, in percent, that the part has of a whole."""
        return self.part.value / whole * 100

    def fits(self, whole: Decimal, slack: Decimal) -> bool:
        """Whether the share follows from a whole that may be off by ``slack``, rounded or cut off."""
        margin = self.share.quantum + self.part.slack / whole * 100 + self.share.value * slack / whole
        return abs(self.of(whole) - self.share.value) <= margin


def check_series(passage: str, numbers: Sequence[Mention]) -> tuple[set[Mention], list[Slip]]:
    """Return the shares whose whole is known because they agree, and the one odd out of those that nearly do."""
    settled: set[Mention] = set()
    slips = []
    for series in (*_one_by_one(passage, numbers), *_each(passage, numbers)):
        wholes = list(_wholes(series, numbers))
        if not wholes:
            continue
        whole, slack = max(wholes, key=lambda each: sum(one.fits(*each) for one in series))
        odd = [one for one in series if not one.fits(whole, slack)]
        if len(odd) > 1 or (odd and _of_another(odd[0], numbers)):
            continue
        settled |= {one.share for one in series}
        slips += [_slip(passage, one, whole) for one in odd if abs(one.of(whole) - one.share.value) <= _FAR]
    return settled, slips


def _one_by_one(passage: str, numbers: Sequence[Mention]) -> Iterator[list[_Share]]:
    """Each part is followed by its share."""
    series: dict[str, list[_Share]] = {}
    for part, share in pairwise(numbers):
        counts = part.kind not in ("", "%") and part.role is Role.LEVEL and part.exact
        told = share.kind == "%" and share.value and share.exact
        if counts and told and _PLAINLY.fullmatch(passage[part.end : share.start].replace(" ", "")):
            series.setdefault(part.kind, []).append(_Share(part, share))
    yield from (shares for shares in series.values() if len(shares) > 1)


def _each(passage: str, numbers: Sequence[Mention]) -> Iterator[list[_Share]]:
    """All parts are told first, then all shares."""
    for place, first in enumerate(numbers):
        if first.kind != "%" or not _EACH.search(first.noun):
            continue
        shares = [first]
        for share in numbers[place + 1 :]:
            if share.kind != "%" or not _JOINED.fullmatch(passage[shares[-1].end : share.start].strip()):
                break
            shares.append(share)
        of = passage.rfind("占", 0, first.start)
        parts = [number for number in numbers[:place] if number.role is Role.LEVEL and number.end <= of]
        parts = parts[-len(shares) :]
        kinds = {part.kind for part in parts}
        certain = all(number.exact and number.value for number in (*parts, *shares))
        if certain and len(parts) == len(shares) > 1 and len(kinds) == 1 and not kinds & {"", "%"}:
            yield [_Share(*pair) for pair in zip(parts, shares, strict=True)]


def _wholes(series: Sequence[_Share], numbers: Sequence[Mention]) -> Iterator[tuple[Decimal, Decimal]]:
    """What the shares may be of, the likeliest first: a number of the passage, all parts, what most of them imply."""
    parts = [one.part for one in series]
    most = max(part.value for part in parts)
    for number in numbers:
        counts = number.kind == parts[0].kind and number.role in (Role.LEVEL, Role.BASE)
        if counts and number not in parts and number.value >= most > 0:
            yield number.value, number.slack
    if most:
        yield sum((part.value for part in parts), Decimal(0)), sum((part.slack for part in parts), Decimal(0))
    if len(series) > 2:
        for one in sorted(series, key=lambda one: one.share.value, reverse=True):
            rounding = one.share.quantum / one.share.value / 2
            if rounding <= _FINE:
                implied = one.part.value / one.share.value * 100
                yield implied, implied * rounding


def _of_another(one: _Share, numbers: Sequence[Mention]) -> bool:
    """Whether the odd one is a share of some other number of the passage."""
    return any(
        one.fits(number.value, number.slack)
        for number in numbers
        if number.kind == one.part.kind and number.value
    )


def _slip(passage: str, one: _Share, whole: Decimal) -> Slip:
    quantum = one.part.quantum
    told = plain((whole / quantum).quantize(Decimal(1)) * quantum, one.part)
    return Slip(
        Rule.SHARE, Certainty.LIKELY, passage, (one.part.text, one.share.text),
        f"与其他占比同按{told}算，{one.part.text}应占{as_percent(one.of(whole), one.share)}，"
        f"文中写的是{one.share.text}。",
    )  # fmt: skip
