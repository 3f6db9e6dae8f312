"""The values that template functions insert, such as numbers, charts and dates, each as one private-use character.

This character is called a token. It takes the place of the value in the rendered text, so that any digit in
it was typed by hand; :class:`Inserts` has the values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xuezheng import registry
from xuezheng.core.periods import Period
from xuezheng.figures import Answer, catalogue, is_reported
from xuezheng.reports.model import AnswerKey, Chart, Members, answer_key
from xuezheng.reports.templates.charts import drawn
from xuezheng.reports.templates.evidence import Blank, NoSource, Source
from xuezheng.reports.templates.work_entries import FIGURE_PLACE, Entries, Note
from xuezheng.snapshots import Snapshot

_FIRST_TOKEN = 0xF0000
TOKEN = re.compile("[\U000f0000-\U000ffffd]")


class Member(str):
    """The code of a member of a dimension, which also knows the figure and dimension that it belongs to (``members``)."""

    members: Members


@dataclass(frozen=True)
class Number:
    """A number that a template inserts: the value of a figure, and how it is to be written.

    ``style`` is a style of ``xuezheng.core.number_text``, None for the usual one. ``rows`` is set where the
    template has a table row for each member of a dimension.
    """

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
        return not self.absent and self.answer.value == 0 and not (self.style or "").startswith("none")


Value = Number | Chart | Source | NoSource | Blank | str
_MOST = 20_000  # values in one report; the half-year report has a fiftieth of it


class Inserts:
    """The values of one rendered template by the tokens that stand for them: ``inserts[token]`` is the value of a token.

    A token is one private-use character of the rendered text. Templates call several of the methods. The
    answer of a figure in a slice is computed once. Raises ``ValueError`` where a report inserts more than
    20,000 values.
    """

    def __init__(self, snapshot: Snapshot, period: Period) -> None:
        self.snapshot, self.period = snapshot, period
        self.entries = Entries(snapshot, period)
        #: The keys of the answers that picked work notes state, so that no sentence of the template repeats them.
        self.in_notes: set[AnswerKey] = set()
        #: The work notes that refer to a figure or slice which does not exist, each with the Chinese error.
        self.unknown_in_notes: list[tuple[Note, str]] = []
        self._values: list[Value] = []
        self._answers: dict[AnswerKey, Answer] = {}

    def __getitem__(self, token: str) -> Value:
        return self._values[ord(token) - _FIRST_TOKEN]

    def word(self, text: str) -> str:
        """Return a token, the character that stands for it, for a text that may have digits (a date, a period, a name).

        The text replaces the token when the report is composed, so that its digits are not taken for typed
        ones.
        """
        return self._token(text)

    def number(self, key: str, style: str | None = None, **slice_: str) -> str:
        """Return a token, the character that stands for it, for the value of the figure ``key`` in the slice ``slice_``.

        ``style`` is a style of ``xuezheng.core.number_text``. Raises ``ValueError`` where it does not fit the
        value, ``registry.Unknown`` for an unknown figure, and ``FigureError`` for an unknown slice.
        """
        rows = next((value.members for value in slice_.values() if isinstance(value, Member)), None)
        answer = self._answer(key, slice_)
        if answer.is_money and style in (None, "none"):
            style = "short" if style is None else "none short"
        number = Number(style, answer, rows)
        if not number.absent:
            number.answer.text(style)  # refuses here, where the line is known, a style that does not fit
        return self._token(number)

    def has_unused(self, text: str) -> bool:
        """Return whether a text with tokens has a number from an area or a register that was switched off.

        That is judged by the switches as the snapshot recorded them; such a sentence is left out of the
        report.
        """
        unused = self.snapshot.unused
        return bool(unused) and any(
            not is_reported(catalogue.figure(number.answer.figure), unused)
            for number in self.numbers_in(text)
        )

    def notes(self, topic: str) -> str:
        """Return the sentences of the work notes picked on a topic, with their numbers as tokens (one character each).

        Where none was picked, it is a single token that stands for the missing notes.
        """
        return "".join(map(self._note, self.entries.on(topic))) or self._token(NoSource(topic))

    def blank(self, text: str) -> str:
        """Return a token for a number or words that have still to be filled in; its sentence is left out until then.

        ``text`` is what the report from which the template was drafted had there.
        """
        return self._token(Blank(text))

    def blanks_in(self, text: str) -> tuple[str, ...]:
        """Return what the drafted report had in the place of each blank (:meth:`blank`) that occurs in a rendered text."""
        return tuple(value.text for token in TOKEN.findall(text) if isinstance(value := self[token], Blank))

    def noted(self, topic: str) -> bool:
        """Return whether the office picked a work note on a topic for the period of the report."""
        return bool(self.entries.on(topic))

    def recorded(self, text: str, title: str, documented: bool = True) -> str:
        """Return a text in which each sentence begins with a token, a character that stands for the record behind it.

        ``title`` is the title of the record, ``documented`` whether it names a document or file.
        """
        source = Source(title, documented)
        return re.sub(r"[^。！？]+", lambda sentence: self._token(source) + sentence.group(), text)

    def chart(self, key: str, by: str, **slice_: str) -> str:
        """Return a token, the character that stands for it, for a chart of the figure ``key`` by the dimension ``by``.

        The token must be a paragraph of its own.
        """
        return self._token(drawn(self.snapshot, self.period, key, by, slice_))

    def members(self, key: str, dimension: str) -> Iterator[tuple[Member, str]]:
        """Yield (member, Chinese name) for each member of a dimension that occurs in the figure ``key``, for a loop.

        The member is its code, to be used in a slice. Digits of the name are replaced by tokens.
        """
        names = catalogue.figure(key).dimensions(self.snapshot)
        for answer in catalogue.figure(key).per(self.snapshot, self.period, dimension):
            member = Member(answer.slice[dimension])
            member.members = Members(key, dimension)
            yield member, self.prose(names[dimension].member(member))

    def prose(self, text: str) -> str:
        """Return a text that users wrote, with a token in place of each sequence of digits.

        A token is a character that stands for them, so that they are not taken for numbers typed into the
        template.
        """
        return re.sub("[0-9]+", lambda digits: self.word(digits.group()), text)

    def zero(self, key: str, **slice_: str) -> bool:
        """Return whether the value of the figure ``key`` in a slice is zero; False where it has no value."""
        return Number(None, self._answer(key, slice_)).is_zero

    def _note(self, note: Note) -> str:
        """Return a note's text, each sentence with the token of its source; "" for one that refers to a figure which does not exist."""
        text = ""
        try:
            for place, piece in enumerate(FIGURE_PLACE.split(note.text)):
                text += self._noted_number(piece) if place % 2 else self.prose(piece)
        except (registry.Unknown, ValueError, LookupError) as error:
            self.unknown_in_notes.append((note, str(error)))
            return ""
        return self.recorded(text, note.title, note.documented)

    def _noted_number(self, reference: str) -> str:
        key, *parts = reference.split()
        slice_ = dict(part.split("=", 1) for part in parts)
        style = slice_.pop("style", None)
        token = self.number(key, style, **slice_)
        self.in_notes.add(answer_key(self._answer(key, slice_)))
        return token

    def sources_in(self, text: str) -> Iterator[Source | NoSource]:
        """Yield the records on which the sentences of a rendered text are based, in reading order.

        A :class:`Source` is a work note or plan item, a :class:`NoSource` stands for the missing work notes
        on a topic. Both are represented in the text by tokens; tokens of other values are passed over.
        """
        for token in TOKEN.findall(text):
            if isinstance(value := self[token], Source | NoSource):
                yield value

    def readable(self, text: str) -> str:
        """Return a text with its tokens written out as readers see them, and … for each number without data.

        Charts and sources vanish; surrounding blanks are removed.
        """

        def written(match: re.Match[str]) -> str:
            value = self[match.group()]
            if isinstance(value, Number):
                return "…" if value.absent else value.answer.text(value.style)
            if isinstance(value, Blank):
                return f"〔待填：{value.text}〕"
            return value if isinstance(value, str) else ""

        return TOKEN.sub(written, text).strip()

    def numbers_in(self, text: str) -> Iterator[Number]:
        """Yield the numbers of a rendered text, in which each is represented by a token, in reading order."""
        for token in TOKEN.findall(text):
            if isinstance(value := self[token], Number):
                yield value

    def _token(self, value: Value) -> str:
        if len(self._values) >= _MOST:
            raise ValueError(f"一份报告最多写{_MOST}个数和词，请减少循环。")
        self._values.append(value)
        return chr(_FIRST_TOKEN + len(self._values) - 1)

    def _answer(self, key: str, slice_: dict[str, str]) -> Answer:
        slice_ = {name: str(value) for name, value in slice_.items()}
        answer_key = key, frozenset(slice_.items())
        if answer_key not in self._answers:
            self._answers[answer_key] = catalogue.figure(key).at(self.snapshot, self.period, **slice_)
        return self._answers[answer_key]
