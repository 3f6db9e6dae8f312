"""Matching the numbers of a text to figures by their values, their units, and the words around each number."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from xuezheng.figures import AnyFigure, Figure, Ratio, catalogue
from xuezheng.proofing.number_tokens import NumberToken, Precision
from xuezheng.reports.living.surroundings import AWAY, NEAR, Surroundings, surroundings, words

if TYPE_CHECKING:
    from xuezheng.core.periods import Period
    from xuezheng.figures import Answer, Figure
    from xuezheng.snapshots import Snapshot

#: Measure words that are used for one another.
_LIKE_UNITS = (
    {"人", "人次", "个", "户"},
    {"所", "个", "家", "处"},
    {"项", "个", "件", "次"},
    {"次", "场", "场次", "期", "批次", "项次"},
    {"份", "篇", "件", "个", "条"},
)
_MOST_FITTING = 16  # figures whose values are looked up for a number: those that its words fit best
_WEAK, _MOST_UNNAMED = (
    6.0,
    4,
)  # below that score, those of which slices are looked up that the text does not name
_HOPELESS = 3.0  # so far behind one that has the value, a figure is not looked up
_NAMED, _FEW, _TEXTS = 5, 20, 200  # members: named of a figure, of no register, of free texts
_BEFORE, _SHOWN = 6, 3  # numbers before that are remembered, candidates that are shown

# What evidence counts. A word of the label counts the more the fewer labels have it: from 1 to about 6.
_MISSED, _DEFINED = 0.3, 0.12  # a word of the label that is missing, a word of the definition
_MEMBER, _NEAR_ENOUGH = 5.0, 0.5  # a word of a member's name, and how near it must be to speak for the member
_AGAIN, _PART, _INSIDE = (
    0.4,
    3.0,
    2.0,
)  # the figure of numbers before; of the whole of a part; and in its slice
_UNNAMED = -1.0  # a slice that the text does not name


class Sureness(Enum):
    """How sure the match of a number with a figure is; the values are shown to users."""

    SURE = "确定"
    LIKELY = "很可能"
    POSSIBLE = "可能"


@dataclass(frozen=True)
class Candidate:
    """A figure in a slice whose value a number of a text may state; a higher ``score`` is likelier.

    ``answer`` is the value of the figure in this slice. ``named`` is the share of the words of the figure's
    label that the text around the number has, from 0 to 1.
    """

    answer: Answer
    score: float
    named: float  # how much of the figure's label the text covers, from 0 to 1


@dataclass(frozen=True)
class Match:
    """A number of a text with the figures whose values it may state, the likeliest first, at most three.

    ``paragraph`` is the index of its paragraph, from 0.
    """

    paragraph: int
    token: NumberToken
    candidates: tuple[Candidate, ...]

    @property
    def sureness(self) -> Sureness | None:
        """How sure it is that the first candidate is what the number states; None where there is no candidate.

        It depends on how much of the figure's label the text has and on the lead over the second candidate.
        """
        if not self.candidates:
            return None
        first, *others = self.candidates
        lead = first.score - others[0].score if others else first.score
        if first.named >= 0.6 and lead >= 0.5:
            return Sureness.SURE
        return Sureness.LIKELY if first.named >= 0.4 and lead >= 0.1 else Sureness.POSSIBLE

    def as_object(self) -> dict[str, object]:
        """Return a JSON-serializable dict with ``number``, ``paragraph``, ``sure`` and ``candidates``.

        ``paragraph`` counts from 1; ``sure`` is the Chinese value of the sureness, None without candidates. A
        candidate is a dict with ``figure``, ``label``, ``slice``, ``slice_label`` and ``value`` (as text).
        """
        return {
            "number": self.token.text,
            "paragraph": self.paragraph + 1,
            "sure": self.sureness.value if self.sureness else None,
            "candidates": [
                {
                    "figure": candidate.answer.figure,
                    "label": candidate.answer.label,
                    "slice": dict(candidate.answer.slice),
                    "slice_label": candidate.answer.slice_label,
                    "value": candidate.answer.text(),
                }
                for candidate in self.candidates
            ],
        }


def match(paragraphs: Sequence[str], snapshot: Snapshot, period: Period) -> list[Match]:
    """Match every number of ``paragraphs`` with the figures whose values it may state in a snapshot and period.

    Returns the matches in reading order. A number without a matching figure gets a match without candidates.
    """
    names = Names(snapshot, period)
    matches = []
    for place, paragraph in enumerate(paragraphs):
        before: list[MatchedNumber] = []
        for around in surroundings(paragraph):
            candidates = _candidates(around, names, before)
            matches.append(Match(place, around.token, tuple(candidates[:_SHOWN])))
            if candidates:
                before = [*before[-_BEFORE:], MatchedNumber(around.token, candidates[0].answer)]
    return matches


class MatchedNumber(NamedTuple):
    """An earlier number of the same paragraph, with the answer of the figure that it most likely states."""

    token: NumberToken
    answer: Answer


class Named(NamedTuple):
    """A member of a dimension, such as one school, that the text around a number names.

    ``value`` is the code of the member in the ``dimension``; ``near`` is the weight of the nearest occurrence
    of its name (up to 1.0, beside the number), ``words`` the length of its name in pairs of characters.
    """

    dimension: str
    value: str
    near: float
    words: int

    @property
    def score(self) -> float:
        """The points that a slice by this member gains or loses: most for a long name beside the number."""
        over = self.near - _NEAR_ENOUGH
        return _MEMBER * over * (max(self.words, 1) if over > 0 else 1)


Slices = Sequence[tuple[dict[str, str], float]]


class Names:
    """The labels and definitions of all figures and the names of their members, to compare with the words around a number.

    ``snapshot`` and ``period`` decide which members occur. ``rarity`` has the weight of each word of a label
    (a pair of characters): the fewer labels have it, the higher.
    """

    def __init__(self, snapshot: Snapshot, period: Period) -> None:
        self.snapshot, self.period = snapshot, period
        self.texts: dict[tuple[str, str], dict[str, str]] = {}
        self.figures = list(catalogue.figures().values())
        counts = Counter(word for figure in self.figures for word in set(words(figure.label)))
        self.rarity = {word: math.log(1 + len(self.figures) / count) for word, count in counts.items()}

    def score(self, figure: AnyFigure, around: Surroundings) -> tuple[float, float]:
        """Return how well a figure fits the words around a number, and the share of its label that they cover (0 to 1).

        The first value is in points, with no bounds: each word of the label adds more the nearer it is and
        the rarer.
        """
        label = set(words(figure.label))
        matching_weight = sum(self.rarity[word] * around.words.get(word, 0.0) for word in label)
        named = sum(self.rarity[word] for word in label if word in around.words)
        all_ = sum(self.rarity[word] for word in label) or 1.0
        if not named and around.near_signs & set(figure.label):
            return 0.0, 0.1  # 教学班 shares one sign with 班级
        defined = set(words(figure.definition)) - label
        further = sum(self.rarity.get(word, 1.0) * around.words.get(word, 0.0) for word in defined)
        return matching_weight - _MISSED * (all_ - named) + _DEFINED * further, named / all_

    def named(self, figure: AnyFigure, around: Surroundings) -> list[Named]:
        """Return the members of the figure's dimensions that the text around a number names, the highest score first.

        There is at most one for each dimension; a dimension with several equally near members has none.
        """
        nearest: list[Named] = []
        for name, dimension in figure.dimensions(self.snapshot).items():
            members = dimension.members or self._occurring(figure, name)
            near = [
                Named(name, value, weight, len(words(label)))
                for value, label in members.items()
                if (weight := around.names(label)) > AWAY
            ]
            near.sort(key=lambda member: -member.near)
            # Two that are named side by side, neither beside the number, are named together.
            if near and (near[0].near == NEAR or len(near) == 1 or near[0].near - near[1].near > 0.1):
                nearest.append(near[0])
        return sorted(nearest, key=lambda member: -member.score)[:_NAMED]

    def unnamed(self, figure: AnyFigure) -> Slices:
        """Return the slices to try for a number whose text names no member, as (slice, one low score for all).

        A slice is a dict from dimensions to members. They are the breakdown by the first two of the figure's
        dimensions with at most 20 members: the empty slice, each member of the first, and each of the second
        within it.
        """
        by = [
            name
            for name, dimension in figure.dimensions(self.snapshot).items()
            if 0 < len(dimension.members) <= _FEW
        ][:2]
        return [(dict(answer.slice), _UNNAMED) for answer in figure.breakdown(self.snapshot, self.period, by)]

    def _occurring(self, figure: AnyFigure, dimension: str) -> dict[str, str]:
        """Return the members of a dimension of free texts, such as the titles of targets; each text is its own label."""
        while isinstance(figure, Ratio):
            figure = figure.top
        if not isinstance(figure, Figure):
            return {}  # the parts of an assessment are no free texts
        name = figure.table.table_name()
        if (name, dimension) not in self.texts:
            column = self.snapshot.table(name)[dimension]
            distinct = (
                column.as_table().distinct().limit(_TEXTS).to_pyarrow() if column.type().is_string() else ()
            )
            values = [str(value) for value in distinct[dimension].to_pylist()] if distinct else []
            self.texts[name, dimension] = {value: value for value in values if len(words(value)) > 2}
        return self.texts[name, dimension]


def _candidates(around: Surroundings, names: Names, before: Sequence[MatchedNumber]) -> list[Candidate]:
    """Return the figures and slices whose value a number may state, the likeliest first."""
    total = _find_total(around, before)
    fitting = []
    for figure in names.figures:
        unit = _unit_fits(around.token, figure)
        if unit is not None:
            score, named = names.score(figure, around)
            again = _AGAIN * sum(number.answer.figure == figure.key for number in before) ** 0.5
            again += _PART if total and total.figure == figure.key else 0.0
            if named or again:
                fitting.append((score + unit + again, named, figure))
    fitting.sort(key=lambda each: -each[0])
    candidates: list[Candidate] = []
    for score, named, figure in fitting[:_MOST_FITTING]:
        slices = _named_slices(names.named(figure, around), total, figure)
        best = max((candidate.score for candidate in candidates), default=-math.inf)
        if score + max(near for _, near in slices) >= best - _HOPELESS:
            candidates += _score_slices(around, names, figure, score, named, slices)
    if max((candidate.score for candidate in candidates), default=0.0) < _WEAK:
        # No slice that the text names has the value: it may be named in other words.
        for score, named, figure in fitting[:_MOST_UNNAMED]:
            candidates += _score_slices(around, names, figure, score, named, names.unnamed(figure))
    return sorted(candidates, key=lambda candidate: -candidate.score)


def _find_total(around: Surroundings, before: Sequence[MatchedNumber]) -> Answer | None:
    """Return the answer matched to the number before a bracket, of which the numbers in the bracket may be parts; None if there is none."""
    for number in reversed(before):
        if number.token.end <= around.bracket and number.token.unit == around.token.unit:
            return number.answer
    return None


def _score_slices(
    around: Surroundings, names: Names, figure: AnyFigure, score: float, named: float, slices: Slices
) -> Iterator[Candidate]:
    """Yield a candidate for each slice whose value the number may state; of two slices with the same rows, the one with fewer members."""
    answers: list[Answer] = []
    for slice_, near in sorted(slices, key=lambda each: (len(each[0]), -each[1])):
        answer = figure.at(names.snapshot, names.period, **slice_)
        value_fit = _value_fits(around.token, answer)
        if value_fit and not any(_same_rows(less, answer) for less in answers):
            answers.append(answer)
            yield Candidate(answer, score + near + value_fit, named)


def _same_rows(less: Answer, more: Answer) -> bool:
    """Whether ``more``, whose slice adds members to that of ``less``, has as many rows, so that the added members exclude none."""
    return less.slice.items() <= more.slice.items() and less.row_count == more.row_count


def _named_slices(named: Sequence[Named], total: Answer | None, figure: AnyFigure) -> Slices:
    """Return the slices that a text names with their scores; parts of ``total`` rather lie in the slice of the total."""
    slices = list(_slices(named))
    if total is None or total.figure != figure.key:
        return slices
    return [
        each
        for slice_, near in slices
        for each in ((slice_, near - _INSIDE), ({**total.slice, **slice_}, near + _INSIDE))
    ]


def _slices(named: Sequence[Named]) -> Iterator[tuple[dict[str, str], float]]:
    """Yield the empty slice, each named member, and each pair of members of different dimensions, with the score of each."""
    yield {}, 0.0
    for size in (1, 2):
        for members in combinations(named, size):
            slice_ = {member.dimension: member.value for member in members}
            if len(slice_) == size:
                yield slice_, sum(member.score for member in members)


def _unit_fits(token: NumberToken, figure: AnyFigure) -> float | None:
    """Return how well a number's unit fits a figure's unit, as points; None if not at all."""
    if figure.unit == token.unit:
        return 4.0
    kind = {"位": "人", "名": "人"}.get(figure.unit, figure.unit)
    if kind == token.kind or not figure.unit or not token.unit:
        return 3.5
    return -4.0 if any({kind, token.kind} <= like for like in _LIKE_UNITS) else None


def _value_fits(token: NumberToken, answer: Answer) -> float:
    """Return how well a number fits a figure's value, given its precision: 1.0, 0.6, or 0.0 if not at all."""
    number = answer.number()
    if number is None:
        return 0.0
    value, off = Decimal(number), Decimal(number) - token.value
    if token.precision is Precision.EXACT:
        # Reports write amounts with two decimals of 万元: the nearest such number states the amount.
        if not off or (answer.is_money and token.rounded and abs(off) * 2 <= token.quantum):
            return 1.0
        return 0.6 if token.rounded and abs(off) < token.quantum else 0.0
    step = Decimal(10) ** max(token.value.adjusted() - (token.value >= 1000), 0)
    fits = {
        Precision.OVER: 0 <= off < step,
        Precision.NEAR: 0 <= -off <= token.value / 10,
        Precision.ABOUT: abs(off) * 20 <= max(value, token.value),
    }
    return 0.6 if fits[token.precision] else 0.0
