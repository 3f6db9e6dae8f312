"""The words around each number of a text: the nearer a word is, the higher its weight in deciding what the number counts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from xuezheng.proofing.number_tokens import NumberToken, alike, find_number_tokens, find_other_tokens

NEAR, _HERE, AWAY = 1.0, 0.8, 0.3  # what a word counts: beside the number, in its sentence, before that
_HALF_LIFE = 120.0  # signs
_SHORT = 4  # words of a name of which half suffice to know it
_FILLER = 3  # signs: so short a text in a bracket does not say what its number counts
_BREAK = re.compile(r"[，。；：、！？（）]")
_PAIR = re.compile("[\u4e00-\u9fff]{2}")


@dataclass(frozen=True)
class Surroundings:
    """A number of a paragraph, and how much each word around it says about what the number counts.

    ``text`` is the paragraph with uniform digits and punctuation, in which all offsets are. ``near`` are the
    (start, end) ranges beside the number, whose words weigh most; its sentence begins at ``sentence``, the
    words that describe it end at ``end``, and the bracket around it opens at ``bracket`` (-1 without one).
    """

    token: NumberToken
    text: str
    near: tuple[tuple[int, int], ...]
    sentence: int
    end: int
    bracket: int

    @cached_property
    def words(self) -> dict[str, float]:
        """The pairs of adjacent characters before the offset ``end`` of the text, each with its weight (0.3 to 1.0).

        The weight says how near the pair is to the number, see :meth:`weight`; a repeated pair has its highest.
        """
        weights: dict[str, float] = {}
        for place in range(self.end - 1):
            word = self.text[place : place + 2]
            weights[word] = max(weights.get(word, 0.0), self.weight(place))
        return weights

    @cached_property
    def near_signs(self) -> set[str]:
        """The characters that occur in the ranges beside the number (``near``)."""
        return {sign for start, end in self.near for sign in self.text[start:end]}

    def weight(self, place: int) -> float:
        """Return the weight of a word at the offset ``place``.

        It is 1.0 beside the number, 0.3 before its sentence, and in its sentence between 0.3 and 0.8, by the
        distance.
        """
        if any(start <= place < end for start, end in self.near):
            return NEAR
        if place < self.sentence:
            return AWAY
        return AWAY + (_HERE - AWAY) * math.pow(0.5, abs(self.token.start - place) / _HALF_LIFE)

    def names(self, label: str) -> float:
        """Return the weight with which the text names ``label``, such as the name of a school: 0.0 (not at all) to 1.0.

        The weight is that of the nearest occurrence (see :meth:`weight`). A label of which the text has only
        most pairs of characters, or the last pair beside the number, has a lower weight.
        """
        pairs = words(label)
        if pairs and label in self.text[: self.end]:
            occurrences = re.finditer(re.escape(label), self.text[: self.end])
            return max(self.weight(match.start()) for match in occurrences)
        weights = [self.words[word] for word in pairs if word in self.words]
        if len(weights) >= len(pairs) * (0.5 if len(pairs) <= _SHORT else 0.75) > 0:
            return 0.9 * sum(weights) / len(pairs)
        # 普通高中 is written as 高中, 已交付 as 交付.
        return 0.7 if pairs and self.words.get(pairs[-1]) == NEAR else 0.0


def surroundings(paragraph: str) -> Iterator[Surroundings]:
    """Yield the surroundings of each number of a paragraph, in reading order."""
    text = alike(paragraph)
    numbers = sorted(
        [*find_number_tokens(paragraph), *find_other_tokens(paragraph)], key=lambda number: number.start
    )
    before: tuple[tuple[int, int], ...] = ()
    for order, number in enumerate(numbers):
        since = numbers[order - 1].end if order else 0
        until = numbers[order + 1].start if order + 1 < len(numbers) else len(text)
        start = max([since, *(match.end() for match in _BREAK.finditer(text, since, number.start))])
        stop = _BREAK.search(text, number.end, until)
        end = stop.start() if stop else until
        near: tuple[tuple[int, int], ...] = ((start, number.start), (number.end, end))
        if start == number.start and before:
            near = before  # of 26人3.9万元, the second number is described by the words of the first
        elif text[start - 1 : start] == "（" and number.start - start <= _FILLER:
            clauses = [match.end() for match in _BREAK.finditer(text, 0, start - 1)]
            near = ((max(clauses, default=0), start - 1), *near)  # 学生数（现为687人）
        before = near
        yield Surroundings(
            number, text, near, text.rfind("。", 0, number.start) + 1, end, _opened(text, number.start)
        )


def _opened(text: str, place: int) -> int:
    """Return the offset of the bracket that encloses ``place``; -1 where none does."""
    closed = 0
    for at in range(place - 1, -1, -1):
        if text[at] == "（" and not closed:
            return at
        closed += (text[at] == "）") - (text[at] == "（")
    return -1


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Return the pairs of adjacent Chinese characters of a text, in order, which serve as its words.

    Chinese puts no spaces between words.
    """
    return tuple(
        text[place : place + 2] for place in range(len(text) - 1) if _PAIR.fullmatch(text, place, place + 2)
    )
