"""The audit of a whole source: every sentence, every table, and what is told more than once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xuezheng.reports.audit.mentions import Mention, mentions
from xuezheng.reports.audit.prose import check
from xuezheng.reports.audit.reading import Source
from xuezheng.reports.audit.slips import Certainty, Rule, Slip
from xuezheng.reports.audit.tables import check_table

_SENTENCE = re.compile(r"[^。！？]+[。！？]?")
#: Words that make two mentions of one thing two things: another time, another part.
_ANOTHER = re.compile(
    "去年|上年|上期|同期|截至|其中|目标|计划|拟|力争|达到|左右|年底|新增|分别|[0-9]{4}年|[一二三四五六七八九十]月|[0-9]月"
)
_LEAD = re.compile(
    "^(?:目前|现|共|全区|我区|累计|已|共有|现有|拥有|共计|全年|上半年|本期|合计|总共|为|对|有)+"
)
_TAIL = re.compile("(?:共|共计|达|达到|为|有|约|是|计|总计|合计|到|的)+$")


def audit(source: Source) -> list[Slip]:
    """Return what does not agree, in reading order: the text's first, then the tables'."""
    slips: list[Slip] = []
    for paragraph in source.paragraphs:
        for sentence in sentences(paragraph):
            slips += check(sentence)
    slips += _repeats(source.paragraphs)
    for title, grid in source.tables:
        slips += check_table(title or "表", grid)
    return slips


def sentences(paragraph: str) -> Iterator[str]:
    """Yield the sentences of a paragraph."""
    for found in _SENTENCE.finditer(paragraph):
        yield found.group().strip()


def _repeats(paragraphs: tuple[str, ...]) -> Iterator[Slip]:
    """One thing told with two numbers in different sentences."""
    first: dict[tuple[str, str], tuple[Mention, str]] = {}
    told = set()
    for paragraph in paragraphs:
        for sentence in sentences(paragraph):
            if _ANOTHER.search(sentence):
                continue
            for mention in mentions(sentence):
                key = _thing(mention.noun), mention.kind
                if len(key[0]) < 5 or not mention.exact or not mention.unit or mention.kind == "%":
                    continue
                if key not in first:
                    first[key] = mention, sentence
                    continue
                before, where = first[key]
                if before.value != mention.value and where != sentence and key not in told:
                    told.add(key)
                    yield Slip(
                        Rule.REPEAT, Certainty.CHECK, f"{where} …… {sentence}", (before.text, mention.text),
                        f"“{key[0]}”前后说法不同：{before.text}，{mention.text}。",
                    )  # fmt: skip


def _thing(noun: str) -> str:
    """What a number counts, without the words around it."""
    return _TAIL.sub("", _LEAD.sub("", noun)).strip()
