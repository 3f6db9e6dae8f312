"""The inserts of a template: numbers, charts and words whose digits are data, each as one private-use character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xuezheng.core.periods import Period
from xuezheng.figures import Answer, catalogue
from xuezheng.reports.model import AnswerKey, Chart, Members
from xuezheng.reports.templates.charts import drawn
from xuezheng.reports.templates.work_entries import Entries
from xuezheng.snapshots import Snapshot

_FIRST_TOKEN = 0xF0000
TOKEN = re.compile("[\U000f0000-\U000ffffd]")


class Member(str):
    """The value of a member of a dimension, which carries the figure and dimension it belongs to."""

    members: Members


@dataclass(frozen=True)
class Number:
    """A number used by a template; ``rows`` is that of :class:`~xuezheng.reports.model.Mark`."""

    style: str | None
    answer: Answer
    rows: Members | None = None

    @property
    def absent(self) -> bool:
        """Whether the number has no value."""
        return self.answer.absence is not None

    @property
    def is_zero(self) -> bool:
        """Whether the number is zero and its style does not write zero as a word."""
        return not self.absent and self.answer.value == 0 and self.style != "none"


class Inserts:
    """The values that the rendered text holds as tokens, by token; each answer is computed once."""

    def __init__(self, snapshot: Snapshot, period: Period) -> None:
        self.snapshot, self.period = snapshot, period
        self.entries = Entries(snapshot, period)
        self._values: list[Number | Chart | str] = []
        self._answers: dict[AnswerKey, Answer] = {}

    def __getitem__(self, token: str) -> Number | Chart | str:
        return self._values[ord(token) - _FIRST_TOKEN]

    def word(self, text: str) -> str:
        """Return a token for a text whose digits are data: a date, a period, a name."""
        return self._token(text)

    def number(self, key: str, style: str | None = None, **slice_: str) -> str:
        """Return a token for the figure ``key`` in the slice ``slice_``; raises ValueError if ``style`` does not fit its value."""
        rows = next((value.members for value in slice_.values() if isinstance(value, Member)), None)
        number = Number(style, self._answer(key, slice_), rows)
        if not number.absent:
            number.answer.text(style)  # refuses here, where the line is known, a style that does not fit
        return self._token(number)

    def chart(self, key: str, by: str, **slice_: str) -> str:
        """Return a token for a chart of the figure ``key`` by the dimension ``by``; the token needs a paragraph of its own."""
        return self._token(drawn(self.snapshot, self.period, key, by, slice_))

    def members(self, key: str, dimension: str) -> Iterator[tuple[Member, str]]:
        """Yield the members of a dimension that occur in a figure, each with its name."""
        names = catalogue.figure(key).dimensions(self.snapshot)
        for answer in catalogue.figure(key).per(self.snapshot, self.period, dimension):
            member = Member(answer.slice[dimension])
            member.members = Members(key, dimension)
            yield member, self.prose(names[dimension].member(member))

    def prose(self, text: str) -> str:
        """Return a text that users wrote, its digits replaced by tokens."""
        return re.sub("[0-9]+", lambda digits: self.word(digits.group()), text)

    def zero(self, key: str, **slice_: str) -> bool:
        """Whether a figure's value is known and zero."""
        return Number(None, self._answer(key, slice_)).is_zero

    def numbers_in(self, text: str) -> Iterator[Number]:
        """Yield the numbers whose tokens occur in a text."""
        for token in TOKEN.findall(text):
            if isinstance(value := self[token], Number):
                yield value

    def _token(self, value: Number | Chart | str) -> str:
        self._values.append(value)
        return chr(_FIRST_TOKEN + len(self._values) - 1)

    def _answer(self, key: str, slice_: dict[str, str]) -> Answer:
        slice_ = {name: str(value) for name, value in slice_.items()}
        answer_key = key, frozenset(slice_.items())
        if answer_key not in self._answers:
            self._answers[answer_key] = catalogue.figure(key).at(self.snapshot, self.period, **slice_)
        return self._answers[answer_key]
