"""Cuts a paragraph into passages whose numbers belong together, and separates the text in brackets from the text around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from xuezheng.proofing.number_tokens import NumberToken, Role, alike, find_number_tokens

_SENTENCE = re.compile(r"[^。！？]+[。！？]?")
#: A sentence that begins so goes on with the numbers of the one before it.
_GOES_ON = re.compile(
    r"\s*(?:其中|以上|合计|共计|总计|三项|分别|按[^，。：]{1,8}分|[与比较同][^，。]{0,4}(?:上年|去年|同期|上一年)|同比|[^。]{0,6}[0-9]{4}年[^。]*[0-9][^。]*[0-9]{4}年[^。]*[0-9][^。]*[0-9]{4}年)"
)
_LONGEST = 800  # signs: what has no full stop for so long is no sentence
#: Brackets that name a unit or a scope, or number a heading, hold no parts.
_COUNTED = re.compile(r"[\u4e00-\u9fff]{1,4}")


@dataclass(frozen=True)
class Level:
    """A text without its brackets: its numbers, and the contents of its brackets, each with the offset where it was."""

    text: str
    numbers: tuple[NumberToken, ...]
    brackets: tuple[tuple[int, Level], ...]

    @classmethod
    def parse(cls, text: str) -> Level:
        """Parse a text; a bracket without its counterpart is an ordinary character."""
        open_ = [_Opened()]
        for sign, original in zip(alike(text), text, strict=True):
            if sign == "（":
                open_.append(_Opened())
            elif sign == "）" and len(open_) > 1:
                inner = open_.pop().level()
                open_[-1].brackets.append((len(open_[-1].signs), inner))
            else:
                open_[-1].signs.append(original)
        for unclosed in open_[1:]:
            place = len(open_[0].signs)
            open_[0].brackets += [(place + offset, inner) for offset, inner in unclosed.brackets]
            open_[0].signs += unclosed.signs
        return open_[0].level()

    def all(self) -> Iterator[Level]:
        """Yield this level and those in its brackets, and in theirs."""
        waiting = [self]
        while waiting:
            level = waiting.pop()
            yield level
            waiting += [inner for _, inner in level.brackets]

    def between(self, start: int, end: int, role: Role = Role.LEVEL) -> list[NumberToken]:
        """Return the numbers between two offsets that have a role."""
        return [
            number
            for number in self.numbers
            if start <= number.start and number.end <= end and number.role is role
        ]

    def item(self, place: int) -> tuple[int, int]:
        """Return the start and end of the item, in a list divided by semicolons, that holds the offset ``place``."""
        end = self.text.find("；", place)
        return self.text.rfind("；", 0, place) + 1, len(self.text) if end < 0 else end


@dataclass
class _Opened:
    """A level that is being parsed."""

    signs: list[str] = field(default_factory=list)
    brackets: list[tuple[int, Level]] = field(default_factory=list)

    def level(self) -> Level:
        text = "".join(self.signs)
        return Level(alike(text), tuple(find_number_tokens(text)), tuple(self.brackets))


def passages(paragraph: str) -> list[str]:
    """Return the passages of a paragraph: its sentences, each joined to the one before where it continues its numbers."""
    sentences: list[str] = []
    for match in _SENTENCE.finditer(paragraph):
        for part in _cut(match.group()):
            if sentences and _GOES_ON.match(part) and len(sentences[-1]) + len(part) <= _LONGEST:
                sentences[-1] += part
            else:
                sentences.append(part)
    return [passage.strip() for passage in sentences]


def _cut(sentence: str) -> Iterator[str]:
    """Cut an overlong sentence at the ends of clauses."""
    while len(sentence) > _LONGEST:
        end = max(sentence.rfind(sign, 0, _LONGEST) for sign in "；，、;,") + 1
        yield sentence[: end or _LONGEST]
        sentence = sentence[end or _LONGEST :]
    yield sentence


def alike_things(token: NumberToken, reference: NumberToken) -> bool:
    """Whether two numbers may count the same things; for the generic unit 个 the words after it must agree too."""
    if token.kind != reference.kind or not token.kind:
        return False
    if token.kind != "个":
        return True
    first, second = (_leading(number.tail) for number in (token, reference))
    return not first or not second or bool(set(first) & set(second))


def _leading(tail: str) -> str:
    match = _COUNTED.match(tail)
    return match.group() if match else ""


def lists(level: Level, start: int, end: int, like: NumberToken) -> Sequence[NumberToken]:
    """Return the numbers between two offsets that count the same things as the number ``like``."""
    return [number for number in level.between(start, end, like.role) if alike_things(number, like)]
