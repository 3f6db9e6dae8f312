"""The audit of a whole source: every passage, every table, and what is told more than once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from xuezheng.proofing.changes import check_changes
from xuezheng.proofing.discrepancies import Certainty, Rule, Slip
from xuezheng.proofing.number_tokens import Mention, Role, alike, mentions
from xuezheng.proofing.passages import Level, passages
from xuezheng.proofing.reading import Source
from xuezheng.proofing.shares import check_averages, check_shares
from xuezheng.proofing.sums import check_sums
from xuezheng.proofing.tables import check_table

#: Words that make two mentions of one thing two things: another time, another part, an aim.
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


def audit(source: Source) -> list[Slip]:
    """Return what does not agree, in reading order: the text's first, then the tables'."""
    slips: list[Slip] = []
    for paragraph in source.paragraphs:
        earlier: list[Mention] = []
        for passage in passages(paragraph):
            slips += check(passage, earlier)
            earlier += mentions(passage)
            del earlier[:-_MOST]
    slips += _repeats(source.paragraphs)
    for title, grid in source.tables:
        slips += check_table(title or "表", grid)
    return slips


def check(passage: str, earlier: Sequence[Mention] = ()) -> Iterator[Slip]:
    """Hold every rule against one passage; ``earlier`` are the numbers before it."""
    numbers = mentions(passage)
    if not 2 <= len(numbers) <= _MOST:
        return
    plain = alike(passage)
    yield from check_sums(passage, Level.of(passage))
    for slip in (
        *check_shares(plain, numbers, earlier),
        *check_averages(plain, numbers),
        *check_changes(plain, numbers),
    ):
        yield slip.at(passage)


def _repeats(paragraphs: tuple[str, ...]) -> Iterator[Slip]:
    """One thing told with two numbers that are nearly alike: one of them was not brought up to date."""
    first: dict[tuple[str, str], tuple[Mention, str]] = {}
    told = set()
    for passage in (passage for paragraph in paragraphs for passage in passages(paragraph)):
        for mention in mentions(passage):
            thing = _thing(mention)
            if thing is None:
                continue
            before, where = first.setdefault(thing, (mention, passage))
            if thing not in told and where != passage and _nearly(before, mention):
                told.add(thing)
                yield Slip(
                    Rule.REPEAT, Certainty.CHECK, f"{where} …… {passage}", (before.text, mention.text),
                    f"“{thing[0]}”前后说法不同：{before.text}，{mention.text}。",
                )  # fmt: skip


def _thing(mention: Mention) -> tuple[str, str] | None:
    """What a number counts, without the words around it; None where that cannot be told."""
    if not mention.exact or not mention.unit or mention.kind == "%" or mention.role is not Role.LEVEL:
        return None
    if _ANOTHER.search(mention.noun):
        return None
    name = _TAIL.sub("", _LEAD.sub("", mention.noun))
    return (name, mention.kind) if len(name) >= _SHORTEST else None


def _nearly(one: Mention, other: Mention) -> bool:
    off = abs(one.value - other.value)
    return max(one.slack, other.slack) < off <= max(one.value, other.value) * _NEAR
