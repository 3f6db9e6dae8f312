"""Paragraphs and tables in the style of education reports, and what an audit makes of them."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from xuezheng.reports.audit import Source, audit
from xuezheng.reports.audit.reading import pasted

HERE = Path(__file__).parent


@dataclass
class Score:
    """How many of the planted errors were found, and what was told besides."""

    planted: int = 0
    found: int = 0
    told: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    @property
    def recall(self):
        return self.found / self.planted

    @property
    def precision(self):
        return self.right / self.told

    def add(self, name, slips, planted):
        """Count an example: ``planted`` holds each wrong number with the words, one of which names its place."""
        hits = [[plant for plant in planted if hit(slip, *plant)] for slip in slips]
        found = [plant for plant in planted if any(plant in plants for plants in hits)]
        self.planted += len(planted)
        self.found += len(found)
        self.told += len(slips)
        self.right += sum(bool(plants) for plants in hits)
        self.missed += [f"{name}：{number}" for number, _ in planted if number not in dict(found)]
        self.false += [
            f"{name}：{slip.message}" for slip, plants in zip(slips, hits, strict=True) if not plants
        ]


def hit(slip, number, places):
    return number in slip.numbers and any(place in slip.where for place in places)


def paragraphs(name):
    """Score the paragraphs of a file; the place of a slip is the sentence that holds the wrong number."""
    score = Score()
    for example in examples(name):
        planted = [(number, [number]) for number in example.get("wrong", ())]
        score.add(example["text"], audit(pasted(example["text"])), planted)
    return score


def tables(name):
    """Score the tables of a file; the place of a slip names the row or the column."""
    score = Score()
    for example in examples(name):
        planted = [(wrong["cell"], wrong["at"]) for wrong in example.get("wrong", ())]
        table = example["title"], grid(example["grid"])
        score.add(example["title"], audit(Source((), (table,))), planted)
    return score


def examples(name):
    return yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))


def grid(text):
    """Read a table written as lines with bars between the cells."""
    return tuple(tuple(cell.strip() for cell in line.split("|")) for line in text.strip("\n").split("\n"))
