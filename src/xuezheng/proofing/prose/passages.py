"""Dividing a paragraph into passages whose numbers belong together, and the text of a passage by its brackets.

A passage is a sentence, or several of which the later ones go on with the numbers of the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from xuezheng.proofing.number_tokens import NumberToken, Role, alike, find_number_tokens

_SENTENCE = re.compile(r"[^。！？]+[。！？]?")
#: A sentence that begins so goes on with the numbers of the one before it.
_GOES_ON = re.compile(
    r"\s*(?:其中|分项|以上|决算数[大小与和]|[^。，]{0,12}的差[异额]|合计|共计|总计|[两二三四五六七八九](?:项|类|者)|资金来源|所需资金|分别|按[^，。：]{1,8}分|分[一-鿿]{1,6}看，|第[二三]产业|平均每|[与比较同][^，。]{0,4}(?:上年|去年|同期|上一年|[0-9]{4}年度?相?比)|同比|[^。]{0,6}[0-9]{4}年[^。]*[0-9][^。]*[0-9]{4}年[^。]*[0-9][^。]*[0-9]{4}年)"
)
#: 专业技术岗位中，高级1217个、…: about what the sentence before has counted.
_TOPIC = re.compile(r"\s*(?:在|上述)?(?P<name>[一-鿿]{2,10})中，")
_DEEPEST = 6  # brackets in brackets; what is deeper is read as plain text
_LONGEST = 800  # signs: what has no full stop for so long is no sentence
#: Brackets that name a unit or a scope, or number a heading, hold no parts.
_COUNTED = re.compile(r"[\u4e00-\u9fff]{1,4}")


@dataclass(frozen=True)
class Bracket:
    """A bracket in a passage: where it is, and the text inside it.

    ``start`` and ``end`` (excluded) are the offsets in the passage, including the bracket signs; ``level`` is
    its content.
    """

    start: int
    end: int
    level: Level


@dataclass(frozen=True)
class Level:
    """The text of a passage outside its brackets, or the text directly inside one of them.

    ``text`` is as long as the passage, with spaces for everything else, so that offsets in it are those of
    the passage. ``numbers`` are the numbers in ``text``, ``brackets`` the brackets that it contains, each
    with a level of its own.
    """

    text: str
    numbers: tuple[NumberToken, ...]
    brackets: tuple[Bracket, ...]

    @classmethod
    def parse(cls, text: str) -> Level:
        """Return the level of a passage outside all brackets, which leads to those inside them.

        A bracket sign without its counterpart, or deeper than five brackets, is an ordinary character.
        """
        open_ = [_Opened(0, [" "] * len(text))]
        for place, (sign, original) in enumerate(zip(alike(text), text, strict=True)):
            if sign in "（【" and len(open_) < _DEEPEST:
                open_.append(_Opened(place, [" "] * len(text)))
            elif sign in "）】" and len(open_) > 1:
                inner = open_.pop()
                open_[-1].brackets.append(Bracket(inner.start, place + 1, inner.level()))
            else:
                open_[-1].signs[place] = original
        for unclosed in open_[1:]:
            open_[0].brackets += unclosed.brackets
            for place, sign in enumerate(unclosed.signs):
                if sign != " ":
                    open_[0].signs[place] = sign
        return open_[0].level()

    def all(self) -> Iterator[Level]:
        """Yield this level and the levels of all brackets in it, at any depth, in no particular order."""
        waiting = [self]
        while waiting:
            level = waiting.pop()
            yield level
            waiting += [bracket.level for bracket in level.brackets]

    def between(self, start: int, end: int, role: Role = Role.LEVEL) -> list[NumberToken]:
        """Return the numbers of the level from the offset ``start`` to ``end`` (excluded) that have the role ``role``.

        By default these are numbers that say how much there is (not changes, earlier values or averages).
        """
        return [
            number
            for number in self.numbers
            if start <= number.start and number.end <= end and number.role is role
        ]

    def item(self, place: int) -> tuple[int, int]:
        """Return (start, end) of the part of the level between semicolons that contains the offset ``place``.

        Offsets are those of the passage and ``end`` is excluded; without semicolons it is the whole text.
        """
        end = self.text.find("；", place)
        return self.text.rfind("；", 0, place) + 1, len(self.text) if end < 0 else end


@dataclass
class _Opened:
    """A level that is being parsed."""

    start: int
    signs: list[str]
    brackets: list[Bracket] = field(default_factory=list)

    def level(self) -> Level:
        text = "".join(self.signs)
        return Level(alike(text), tuple(find_number_tokens(text)), tuple(self.brackets))


@dataclass(frozen=True)
class Passage:
    """A sentence of a paragraph, or several whose numbers belong together; ``start`` is the offset in the paragraph."""

    start: int
    text: str


def passages(paragraph: str) -> list[Passage]:
    """Divide a paragraph into passages, and return them in order.

    A passage is a sentence, together with the following ones that go on with its numbers (其中…, 同比…). A
    sentence of more than 800 characters is cut at the end of a clause.
    """
    sentences: list[Passage] = []
    for match in _SENTENCE.finditer(paragraph):
        start = match.start()
        for part in _cut(match.group()):
            last = sentences[-1] if sentences else None
            if last and _goes_on(part, last.text) and len(last.text) + len(part) <= _LONGEST:
                sentences[-1] = Passage(last.start, last.text + part)
            else:
                sentences.append(Passage(start, part))
            start += len(part)
    return sentences


def _goes_on(sentence: str, before: str) -> bool:
    """Whether a sentence goes on with the numbers of the one before: by its first words, or because it is about what that one counts."""
    topic = _TOPIC.match(sentence)
    return _GOES_ON.match(sentence) is not None or (topic is not None and f"{topic['name']}" in before)


def _cut(sentence: str) -> Iterator[str]:
    """Cut an overlong sentence at the ends of clauses."""
    while len(sentence) > _LONGEST:
        end = max(sentence.rfind(sign, 0, _LONGEST) for sign in "；，、;,") + 1
        yield sentence[: end or _LONGEST]
        sentence = sentence[end or _LONGEST :]
    yield sentence


def alike_things(token: NumberToken, reference: NumberToken) -> bool:
    """Return whether two numbers may count the same things: whether they have the same kind of unit.

    For the general unit 个 the words after it must agree as well. False if one has no unit.
    """
    if not token.kind or not reference.kind:
        return False
    if token.kind != reference.kind:
        return _is_a(token, reference.kind) or _is_a(reference, token.kind)
    if token.kind != "个":
        return True
    first, second = (_leading(number.tail) for number in (token, reference))
    return not first or not second or bool(set(first) & set(second))


def _is_a(number: NumberToken, kind: str) -> bool:
    """Whether a number counts by 个 what another counts by its name: 教学班15个 and 5个班."""
    return number.kind == "个" and kind == "班" and number.noun.endswith(kind)


def _leading(tail: str) -> str:
    match = _COUNTED.match(tail)
    return match.group() if match else ""


def lists(level: Level, start: int, end: int, like: NumberToken) -> Sequence[NumberToken]:
    """Return the numbers between two offsets of a level that have the role of ``like`` and may count the same things."""
    return [number for number in level.between(start, end, like.role) if alike_things(number, like)]
