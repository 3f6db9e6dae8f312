"""The audit of a whole source: every passage, every table, and things stated more than once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from xuezheng.proofing.changes import check_changes
from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.number_tokens import NumberToken, Role, alike, find_number_tokens
from xuezheng.proofing.passages import Level, passages
from xuezheng.proofing.reading import Source
from xuezheng.proofing.shares import check_averages, check_shares
from xuezheng.proofing.sums import check_sums
from xuezheng.proofing.tables import check_table

#: Words that make two numbers of one thing two things: another time, another part, an aim.
_ANOTHER = re.compile(
    "去年|上年|上期|同期|截至|其中|目标|计划|拟|力争|达到|年底|新增|分别|春|秋|上半年|下半年|[0-9]{4}年|[一二三四五六七八九十0-9]月"
)
_LEAD = re.compile(
    "^(?:目前|现|共|全区|全县|全市|我区|累计|已|共有|现有|拥有|共计|全年|本期|合计|总共|为|对|有)+"
)
_TAIL = re.compile("(?:共|共计|达|达到|为|有|约|是|计|总计|合计|到|的)+$")
_MOST = 120  # numbers: a passage of more is no prose
_SHORTEST = 5  # signs: shorter names are given to more than one thing
_NEAR = Decimal("0.1")


def audit(source: Source) -> list[Discrepancy]:
    """Return the discrepancies in reading order: the text's first, then the tables'."""
    discrepancies: list[Discrepancy] = []
    for paragraph in source.paragraphs:
        earlier: list[NumberToken] = []
        for passage in passages(paragraph):
            discrepancies += check(passage, earlier)
            earlier += find_number_tokens(passage)
            del earlier[:-_MOST]
    discrepancies += _repeats(source.paragraphs)
    for title, grid in source.tables:
        discrepancies += check_table(title or "表", grid)
    return discrepancies


def check(passage: str, earlier: Sequence[NumberToken] = ()) -> Iterator[Discrepancy]:
    """Check every rule on one passage; ``earlier`` are the numbers of the paragraph before it."""
    numbers = find_number_tokens(passage)
    if not 2 <= len(numbers) <= _MOST:
        return
    plain = alike(passage)
    yield from check_sums(passage, Level.parse(passage))
    for discrepancy in (
        *check_shares(plain, numbers, earlier),
        *check_averages(plain, numbers),
        *check_changes(plain, numbers),
    ):
        yield discrepancy.at(passage)


def _repeats(paragraphs: tuple[str, ...]) -> Iterator[Discrepancy]:
    """Yield things stated with two numbers that are nearly alike: one of them was probably not updated."""
    first: dict[tuple[str, str], tuple[NumberToken, str]] = {}
    reported = set()
    for passage in (passage for paragraph in paragraphs for passage in passages(paragraph)):
        for number in find_number_tokens(passage):
            thing = _thing(number)
            if thing is None:
                continue
            before, where = first.setdefault(thing, (number, passage))
            if thing not in reported and where != passage and _nearly(before, number):
                reported.add(thing)
                yield Discrepancy(
                    Rule.REPEAT, Certainty.CHECK, f"{where} …… {passage}", (before.text, number.text),
                    f"“{thing[0]}”前后说法不同：{before.text}，{number.text}。",
                )  # fmt: skip


def _thing(number: NumberToken) -> tuple[str, str] | None:
    """Return the (name, kind of unit) that a number counts, without the words around the name; None where that is unclear."""
    if not number.exact or not number.unit or number.kind == "%" or number.role is not Role.LEVEL:
        return None
    if _ANOTHER.search(number.noun):
        return None
    name = _TAIL.sub("", _LEAD.sub("", number.noun))
    return (name, number.kind) if len(name) >= _SHORTEST else None


def _nearly(first: NumberToken, second: NumberToken) -> bool:
    off = abs(first.value - second.value)
    return max(first.slack, second.slack) < off <= max(first.value, second.value) * _NEAR
