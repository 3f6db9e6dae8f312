"""Plants errors in the numbers of labelled texts and tables, and counts which of them the audit finds.

Every number that stands in a labelled relation is made wrong, one at a time: an error is found where a finding names the wrong number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from benchmarks.relations import Grid, read_cells, read_relation

if TYPE_CHECKING:
    from xuezheng.proofing import Audit, Discrepancy

#: Kinds of planted errors by their Chinese name; those that change a number by a third or more are gross.
_FACTORS = {"多六个百分点": Decimal("1.06"), "多三成": Decimal("1.3"), "少四成": Decimal("0.6")}
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
GROSS = {"多一个零", "多三成", "少四成"}


@dataclass
class Score:
    """What was counted over the examples of a file: planted errors by kind, findings, and what of them was right."""

    examples: int = 0
    signs: int = 0
    relations: int = 0
    checked: int = 0
    planted: Counter[str] = field(default_factory=Counter)
    noticed: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    findings: int = 0
    right: int = 0
    certain: int = 0
    certain_right: int = 0
    false_alarms: int = 0
    missed: list[str] = field(default_factory=list)
    misleading: list[str] = field(default_factory=list)

    def count(self, findings: Sequence[Discrepancy], wrong: Sequence[str], text: str) -> bool:
        """Count findings on a text in which some numbers, any of which may be named, are wrong; return whether one is named."""
        hits = [_names(finding, wrong) for finding in findings]
        self.findings += len(hits)
        self.right += sum(hits)
        certain = [
            hit for hit, finding in zip(hits, findings, strict=True) if finding.certainty.name == "CERTAIN"
        ]
        self.certain += len(certain)
        self.certain_right += sum(certain)
        self.misleading += [
            f"{text}：{finding.message}" for hit, finding in zip(hits, findings, strict=True) if not hit
        ]
        return any(hits)

    def found(self, kinds: set[str] | None = None) -> str:
        """Return how many percent of the planted errors of some kinds, or of all, were found."""
        return percent(_of(self.noticed, kinds), _of(self.planted, kinds))

    def pointed_at(self) -> str:
        """Return how many percent of the planted errors were found, and the wrong cell itself named."""
        return percent(_of(self.named, None), _of(self.planted, None))


def percent(part: int, total: int) -> str:
    """Return a share with one decimal place; — of nothing."""
    return f"{100 * part / total:.1f} %" if total else "—"


def _of(counts: Counter[str], kinds: set[str] | None) -> int:
    return sum(count for kind, count in counts.items() if kinds is None or kind in kinds)


def _names(finding: Discrepancy, wrong: Sequence[str]) -> bool:
    named = {digits for number in finding.numbers for digits in _digits(number)}
    return any(digits in named for text in wrong for digits in _digits(text))


def _digits(text: str) -> list[str]:
    return _NUMBER.findall(text.replace(",", ""))


def score_texts(examples: Sequence[Mapping[str, Any]]) -> Score:
    """Plant errors in paragraphs whose relations are labelled, and audit each."""
    score = Score(examples=len(examples))
    for example in examples:
        text = example["text"]
        score.signs += len(text)
        _count_untouched(score, _audit(text).discrepancies, example.get("wrong", ()), text)
        outcomes: dict[int, list[bool]] = {}
        relations = [read_relation(text, label) for label in example.get("relations", ())]
        for span in {span.start: span for relation in relations for span in relation.spans}.values():
            for kind, wrong in errors(text[span.start : span.end].replace(",", "")):
                changed = f"{text[: span.start]}【{wrong}】{text[span.end :]}"
                findings = _audit(changed.replace("【", "").replace("】", "")).discrepancies
                is_found = score.count(findings, [wrong], changed)
                score.planted[kind] += 1
                score.noticed[kind] += is_found
                score.missed += [] if is_found else [f"{kind}：{changed}"]
                outcomes.setdefault(span.start, []).append(is_found)
        score.relations += len(relations)
        score.checked += sum(
            all(any(outcomes.get(span.start, [False])) for span in relation.spans) for relation in relations
        )
    return score


def score_tables(examples: Sequence[Mapping[str, Any]]) -> Score:
    """Plant errors in tables whose relations are labelled, and audit each."""
    score = Score(examples=len(examples))
    for example in examples:
        grid = read_grid(example["grid"])
        title = example["title"]
        score.signs += sum(len(cell) for line in grid for cell in line)
        wrong_cells = [each["cell"] for each in example.get("wrong", ())]
        _count_untouched(score, _audit_table(title, grid).discrepancies, wrong_cells, title)
        relations = list(read_cells(grid, example.get("relations", {})))
        outcomes: dict[tuple[int, int], list[bool]] = {}
        for cell in sorted({cell for relation in relations for cell in relation.cells}):
            for kind, wrong in _cell_errors(grid, cell):
                findings = _audit_table(title, _with_cell(grid, cell, wrong)).discrepancies
                place = f"{title}第{cell[0] + 1}行第{cell[1] + 1}列{grid[cell[0]][cell[1]]}→{wrong}"
                is_found = score.count(findings, [wrong], place)
                is_named = any(_is_at(finding, grid, cell, wrong) for finding in findings[:1])
                score.planted[kind] += 1
                score.noticed[kind] += is_found
                score.named[kind] += is_named
                score.missed += [] if is_named else [f"{kind}：{place}：{[each.where for each in findings]}"]
                outcomes.setdefault(cell, []).append(is_found)
        score.relations += len(relations)
        score.checked += sum(
            all(any(outcomes.get(cell, [False])) for cell in relation.cells) for relation in relations
        )
    return score


def _count_untouched(score: Score, findings: Sequence[Discrepancy], wrong: Sequence[str], text: str) -> None:
    """Count the findings on an example as it is: right where they name what its author got wrong."""
    score.count(findings, wrong, text)
    score.false_alarms += sum(not _names(finding, wrong) for finding in findings)


def _is_at(finding: Discrepancy, grid: Grid, cell: tuple[int, int], wrong: str) -> bool:
    """Whether a finding names the row and the column of a cell, or shows its number as the wrong one."""
    row, column = cell
    heads = [line[column] for line in grid[:row] if column < len(line) and line[column]]
    named_row = any(text and text in finding.where for text in (*grid[row][:2], f"第{row + 1}行"))
    return named_row and any(head and f"{head}”列" in finding.where for head in heads)


def read_grid(text: str) -> Grid:
    """Read a table written as lines with bars between the cells."""
    return tuple(tuple(cell.strip() for cell in line.split("|")) for line in text.strip("\n").split("\n"))


def _with_cell(grid: Grid, cell: tuple[int, int], text: str) -> Grid:
    lines = [list(line) for line in grid]
    lines[cell[0]][cell[1]] = text
    return tuple(map(tuple, lines))


def _cell_errors(grid: Grid, cell: tuple[int, int]) -> Iterator[tuple[str, str]]:
    shown = grid[cell[0]][cell[1]].replace(",", "")
    sign = "-" if shown.startswith("-") else ""
    tail = "%" if shown.endswith("%") else ""
    for kind, wrong in errors(shown.strip("-%")):
        yield kind, f"{sign}{wrong}{tail}"


def errors(number: str) -> Iterator[tuple[str, str]]:
    """Yield the kinds of error of a number, and the number with each."""
    value = Decimal(number)
    last = Decimal(1).scaleb(int(value.as_tuple().exponent))
    if value:
        yield "多一个零", f"{value * 10}" if "." in number else f"{number}0"
    for kind, factor in _FACTORS.items():
        wrong = (value * factor).quantize(last)
        if wrong != value:
            yield kind, f"{wrong}"
    for place in range(len(number) - 1):
        pair = number[place : place + 2]
        if pair.isdigit() and pair[0] != pair[1] and (place or pair[1] != "0"):
            yield "两位颠倒", f"{number[:place]}{pair[::-1]}{number[place + 2 :]}"
            return


def _audit(text: str) -> Audit:
    # Models load only once Django is set up.
    from xuezheng.proofing import audit
    from xuezheng.proofing.reading import pasted

    return audit(pasted(text))


def _audit_table(title: str, grid: Grid) -> Audit:
    from xuezheng.proofing import Source, audit

    return audit(Source((), ((title, grid),)))
