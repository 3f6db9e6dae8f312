"""Judging whether the parts that a text states add up to their total, and how sure it is that they should.

Any reading of a sentence in which its numbers agree is taken as the right one. Where none does, the wording
decides: parts that surely make up their total are reported however far off they are; others only where a part
or all parts exceed the total, where little is missing, or where one typing error explains the difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.number_tokens import NumberToken
from xuezheng.proofing.prose.claim import Claim, Form
from xuezheng.proofing.prose.claims import find_claims
from xuezheng.proofing.prose.kinds import REST, count_kinds, have_one_trait, is_complete
from xuezheng.proofing.prose.passages import Level
from xuezheng.proofing.relations import Relation
from xuezheng.proofing.rounding import plain, slack_of_sum
from xuezheng.proofing.typing_errors import is_displaced, is_mistyped

_WAN = 10**4
_HALF, _FAR, _NEAR, _LESS_NEAR, _NEARER, _NEAREST = (
    Decimal(share) for share in ("0.5", "0.25", "0.1", "0.07", "0.05", "0.01")
)
_ABSURD = 1000
_LONGEST = 40
_MOST_LISTED = 12  # parts of a list without a word before it
_COMPLETE = 4  # kinds of one partition: a list of so many leaves none out
_DIFFERENCE = re.compile("(?:小于|大于|低于|高于|少于|多于)[^，。；：]{0,10}$")
_TELLING = 3  # digits: that a number of so many is one typing error from the right one is no chance


def check_sums(passage: str, level: Level) -> Iterator[Relation]:
    """Yield the relation of each total of a passage to its parts, whether it holds or not.

    ``level`` is the passage parsed by :meth:`Level.parse`. Parts that do not add up have a discrepancy;
    nothing is yielded where the wording does not say that they must.
    """
    for each in level.all():
        claims = list(find_claims(each))
        proven = {
            (claim.place, len(parts))
            for claim in claims
            for parts in claim.readings
            if len(parts) > 1 and _agreeing(claim.total, parts, claim.form) == parts
        }
        totals: dict[int, list[Claim]] = {}
        for claim in claims:
            if _is_difference(claim) and any(
                _agreeing(number, parts, claim.form) == parts
                for number in each.between(0, claim.total.start, claim.total.role)
                for parts in claim.readings
            ):
                continue
            totals.setdefault(claim.total.start, []).append(claim)
        for group in totals.values():
            yield from _relation(passage, group, proven)


def _is_difference(claim: Claim) -> bool:
    """Whether the number before the parts says by how much another differs: 决算数小于预算数7.17万元。其中…."""
    return _DIFFERENCE.search(claim.total.noun) is not None


def _relation(passage: str, claims: Sequence[Claim], proven: set[tuple[int, int]]) -> Iterator[Relation]:
    """Yield how a total relates to its parts: by a claim that agrees, or else by the first that surely does not."""
    sure: list[tuple[Claim, Sequence[NumberToken]]] = [
        (claim, parts)
        for claim in claims
        for parts in claim.readings
        if (claim.place, len(parts)) in proven or _must_add_up(claim, parts)
    ]
    compared: set[int] = set()
    for claim, parts in sure:
        least = len(parts) if count_kinds(parts) else 2 if claim.form is Form.NAMED else len(parts) - 1
        totals = (claim.total, *(claim.rivals if claim.form is Form.NAMED else ()))
        agreeing = [
            (total, *run) for total in totals if (run := _agreeing(total, parts, claim.form, least=least))
        ]
        if agreeing and compared.isdisjoint(part.start for part in parts):
            yield Relation(agreeing[0])
            compared |= {part.start for part in parts}
    for claim in claims:
        if sure and (compared or claim not in [each for each, _ in sure]):
            continue
        if run := _first_agreeing(claim, is_sure=bool(sure)):
            yield Relation(run)
            compared |= {part.start for parts in (run, *claim.readings) for part in parts}
            break
    others = [(claim, _likeliest(claim)) for claim in claims if not sure or compared]
    for claim, parts in [*sure, *others]:
        if not compared.isdisjoint(part.start for part in parts) or (
            compared and not _is_of_its_own(claim) and (claim, parts) not in sure
        ):
            continue
        relation = _judge(
            passage,
            claim,
            parts,
            is_sure=(claim, parts) in sure,
            is_proven=(claim.place, len(parts)) in proven,
        )
        if relation:
            yield relation
            return


def _first_agreeing(claim: Claim, *, is_sure: bool) -> tuple[NumberToken, ...] | None:
    """Return a total and the parts that add up to it, of those that a claim may mean; None if none do. With ``is_sure`` all parts of a reading do."""
    for parts in claim.readings if is_sure else (*claim.readings, *claim.alternatives):
        for total in (claim.total, *claim.rivals):
            if run := _agreeing(total, parts, claim.form, least=len(parts) if is_sure else 2):
                return (total, *run)
    return None


def _is_of_its_own(claim: Claim) -> bool:
    """Whether a claim holds also where the total is that of another list of parts: 合计70人，其中…."""
    return claim.form in (Form.NAMED, Form.GROUP) or (claim.form is Form.TOTAL and claim.is_pure)


def _likeliest(claim: Claim) -> Sequence[NumberToken]:
    """Return the reading of a claim whose sum is nearest to the total, of those with more than one part if there are any."""
    readings = [parts for parts in claim.readings if len(parts) > 1] or [
        parts for parts in claim.readings if parts
    ]
    return min(readings, key=lambda parts: abs(_sum(parts) - claim.total.value), default=())


def _judge(
    passage: str, claim: Claim, parts: Sequence[NumberToken], *, is_sure: bool, is_proven: bool
) -> Relation | None:
    """Return the relation of parts that do not add up; None where they need not."""
    total = claim.total
    numbers = (total, *parts)
    if not parts or not total.value or not all(number.exact for number in numbers):
        return None
    if claim.form is Form.LIST and not is_sure:
        return _judge_plain_list(passage, claim, parts)
    if len(parts) == 1:
        return _judge_lone_part(passage, claim, parts[0])
    off = _sum(parts) - total.value
    if not is_sure and not _may_be_wrong(claim, parts, off):
        largest = max(parts, key=lambda part: part.value)
        is_larger = largest.value > total.value + total.slack + largest.slack
        lists_parts = claim.form in (Form.NAMED, Form.BRACKET)
        return Relation(numbers, _exceeds(passage, total, largest)) if lists_parts and is_larger else None
    is_certain = is_proven or (claim.form is Form.BRACKET and count_kinds(parts) == len(parts))
    return _disagreement(passage, claim, parts, Certainty.CERTAIN if is_certain else Certainty.LIKELY)


def _disagreement(passage: str, claim: Claim, parts: Sequence[NumberToken], certainty: Certainty) -> Relation:
    total, numbers = claim.total, (claim.total, *parts)
    off = _sum(parts) - total.value
    return Relation(numbers, Discrepancy(
        Rule.SUM, certainty, passage, tuple(number.text for number in numbers),
        f"各部分之和是{plain(_sum(parts), total)}（{'＋'.join(part.text for part in parts)}），比总数{total.text}"
        f"{'多' if off > 0 else '少'}{plain(abs(off), total)}。",
    ))  # fmt: skip


def _judge_plain_list(passage: str, claim: Claim, parts: Sequence[NumberToken]) -> Relation | None:
    """Return the relation of numbers that follow another without a word: only where they are done, under way and not done of it, or one is mistyped."""
    for length in range(min(len(parts), _MOST_LISTED), 1, -1):
        listed = parts[:length]
        is_typed = claim.is_pure and _is_one_error(
            claim.total, listed, _sum(listed) - claim.total.value, telling=_TELLING - 1
        )
        is_within = all(part.value < claim.total.value for part in listed)
        is_near = claim.is_pure and len(listed) > 2 and _is_near(claim.total, listed)
        is_rest = length == 2 and REST.search(listed[-1].noun) is not None
        if is_near or (is_within and not is_rest and is_complete(listed, claim.total)) or is_typed:
            return _disagreement(passage, claim, listed, Certainty.LIKELY)
    return None


def _is_near(total: NumberToken, parts: Sequence[NumberToken]) -> bool:
    """Whether parts that differ by one trait are nearly as many as their total."""
    return have_one_trait(parts) and abs(_sum(parts) - total.value) <= total.value * _NEARER


def _judge_lone_part(passage: str, claim: Claim, part: NumberToken) -> Relation | None:
    """Return the relation of a single part: it may be less than the total, never more."""
    total = claim.total
    off = part.value - total.value
    if claim.form is not Form.NAMED:
        return None
    if off <= total.slack:
        return Relation((total, part))
    if claim.rivals or off > total.value * _ABSURD:
        return None
    return Relation((total, part), _exceeds(passage, total, part))


def _exceeds(passage: str, total: NumberToken, part: NumberToken) -> Discrepancy:
    return Discrepancy(
        Rule.SUM, Certainty.LIKELY, passage, (total.text, part.text),
        f"其中的{part.text}多于总数{total.text}，两个数至少有一个不对。",
    )  # fmt: skip


def _must_add_up(claim: Claim, parts: Sequence[NumberToken]) -> bool:
    """Whether the structure says that these parts, which do not overlap, are all of the total."""
    if claim.is_divided and len(parts) > 1 and parts == max(claim.readings, key=len):
        return True
    if claim.form is Form.TOTAL:
        excludes = len(parts) > 1 and count_kinds(parts) == len(parts)
        return claim.is_pure and (claim.says_so or excludes) and parts == claim.readings[0]
    if len(parts) < 2 or not have_one_trait(parts):
        return False
    if claim.form is Form.EACH:
        return claim.says_so
    if claim.form is Form.BRACKET:
        # Two parts of no known kinds may be some only: 助理医师504人（乡村全科162人、全科8人）.
        is_most = len(parts) > 2 or _sum(parts) > claim.total.value * _HALF
        return claim.is_pure and (is_most or is_complete(parts, claim.total))
    if claim.form is Form.COLON:
        return claim.is_pure and len(parts) > 2
    if claim.form in (Form.NAMED, Form.GROUP):
        least = _COMPLETE - claim.says_so
        return (
            is_complete(parts, claim.total)
            or count_kinds(parts) >= _COMPLETE
            or (claim.is_pure and len(parts) >= least)
        )
    return False


def _may_be_wrong(claim: Claim, parts: Sequence[NumberToken], off: Decimal) -> bool:
    """Whether parts that need not add up look as if they should: little is missing, they are too many, or one is mistyped."""
    total = claim.total
    if claim.is_partial and off < 0:
        return False
    if claim.form is Form.GROUP:
        return abs(off) <= total.value * _NEARER and have_one_trait(parts)
    near = _limit(claim, parts)
    if (
        off < 0
        and len(parts) == 2
        and not claim.says_so
        and not count_kinds(parts)
        and claim.form is not Form.TOTAL
    ):
        return _is_one_error(total, parts, off, telling=_TELLING)  # the largest two may be named only
    if abs(off) <= total.value * near:
        return True
    if near < _NEARER:
        return False
    excludes = count_kinds(parts) == len(parts) or (claim.is_pure and len(parts) > 2)
    if off > 0 and _one_list(parts):
        # Parts may be left out, but they cannot be more than the total.
        limit = _ABSURD if excludes and claim.form is not Form.TOTAL else _FAR if near < _FAR else _HALF
        if near >= _LESS_NEAR and off <= total.value * limit:
            return True
    if any(part.kind == "元" and off + part.value * (_WAN - 1) == 0 for part in parts):
        return True  # 万 is missing
    return _one_list(parts) and _is_one_error(total, parts, off, telling=_TELLING - excludes)


def _limit(claim: Claim, parts: Sequence[NumberToken]) -> Decimal:
    """Return the largest difference to report, as a fraction of the total."""
    if not claim.says_so and not have_one_trait(parts):
        return _NEAREST
    if claim.form is Form.COMPLEMENT and claim.is_pure:
        return _FAR
    is_unknown = len(parts) == 2 and not count_kinds(parts)
    return _NEARER if claim.form is Form.EACH else _LESS_NEAR if is_unknown else _NEAR


def _is_one_error(total: NumberToken, parts: Sequence[NumberToken], off: Decimal, *, telling: int) -> bool:
    """Whether one typing error, in the total or in one of the parts, explains the difference.

    A number of fewer than ``telling`` digits proves nothing by a displaced point.
    """
    if _digits(total) >= telling and is_displaced(total, total.value + off):
        return True
    if any(_digits(part) >= telling and is_displaced(part, part.value - off) for part in parts):
        return True
    # Parts that fall short may be all that the author names, so that one digit of a short number is no proof.
    least = _TELLING if off > 0 else _TELLING + 1
    return is_mistyped(total, total.value + off, least=least) or any(
        is_mistyped(part, part.value - off, least=least) for part in parts
    )


def _digits(number: NumberToken) -> int:
    """Return how many digits of a number say something: the zeros at its end do not."""
    return len(f"{number.value / number.quantum:.0f}".strip("0"))


def _one_list(parts: Sequence[NumberToken]) -> bool:
    """Whether the same punctuation separates all parts: after 8所、21所，48所 the last belongs to another list."""
    return len({part.tail[:1] for part in parts[:-1]} & set("、，；")) <= 1


def _sum(parts: Sequence[NumberToken]) -> Decimal:
    return sum((part.value for part in parts), Decimal(0))


def _agreeing(
    total: NumberToken, parts: Sequence[NumberToken], form: Form, *, least: int = 2
) -> Sequence[NumberToken] | None:
    """Return the parts that add up to the total, or nearly if they may be rounded; None if none do.

    After at least ``least`` parts another list may follow, and before a total another may precede them.
    """
    parts = parts[:_LONGEST]
    length = len(parts)
    for size in range(length, max(least, 2) - 1, -1):
        run = parts[length - size :] if form is Form.TOTAL else parts[:size]
        off = abs(_sum(run) - total.value)
        if not off or (_may_be_rounded(total, run) and off <= slack_of_sum(total, run)):
            return run
    return None


def _may_be_rounded(total: NumberToken, parts: Sequence[NumberToken]) -> bool:
    return any(number.rounded for number in (total, *parts))
