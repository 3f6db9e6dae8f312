"""What the sentences of a report rest on, and which were left out because nothing carries them.

A report states only what a record shows. A sentence rests on the numbers in it, on a note of work or on the plan; a sentence without any of these is the
office's own words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True)
class Source:
    """A record behind a sentence that has no number of its own: a note of work or an item of the plan.

    ``documented`` says whether the record names a document or a file.
    """

    title: str
    documented: bool = True


@dataclass(frozen=True)
class NoSource:
    """Stands where a template asks for the notes on ``topic`` and none was picked."""

    topic: str


@dataclass(frozen=True)
class Blank:
    """Stands where something has still to be filled in: ``text`` is what an adopted report had there."""

    text: str


class Reason(Enum):
    """Why a sentence was left out of a report."""

    NO_DATA = "其中的指标没有数据"
    NOTHING_TO_REPORT = "其中的数都是零"
    UNSUPPORTED = "所在段落没有数字和工作纪实作依据"
    TO_FILL = "有待填的内容"
    UNKNOWN_FIGURE = "工作纪实引用的指标不存在"


@dataclass(frozen=True)
class LeftOut:
    """A sentence, or a part of one, that was left out: its text with … for each missing number, the reason, and the labels of the missing figures."""

    heading: str
    text: str
    reason: Reason
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnWords:
    """A sentence under ``heading`` that rests on no record; ``note`` is the title of a note of work without document and file, or ""."""

    heading: str
    text: str
    note: str = ""


@dataclass
class Evidence:
    """The sentences of one report that were left out, its own words, and the topics without a note, in reading order."""

    left_out: list[LeftOut] = field(default_factory=list)
    own_words: list[OwnWords] = field(default_factory=list)
    missing_topics: list[str] = field(default_factory=list)
