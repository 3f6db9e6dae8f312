"""What the sentences of a report are based on, and which sentences were left out because nothing supports them.

A report states only what a record shows. A sentence is based on the numbers in it, on a work note or on the
plan; a sentence without any of these is called the office's own words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True)
class Source:
    """A record on which a sentence without a number is based: a work note or a plan item.

    ``documented`` is True where the record names a document or a file.
    """

    title: str
    documented: bool = True


@dataclass(frozen=True)
class NoSource:
    """Stands in rendered text where a template uses the work notes on ``topic`` and the office picked none."""

    topic: str


@dataclass(frozen=True)
class Blank:
    """Stands in rendered text for a number or words that have still to be filled in (待填).

    Its sentence is left out of the report until then. ``text`` is what the Word report from which the
    template was drafted had in its place.
    """

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
    """A sentence, or a part of one, that was left out of a report.

    ``heading`` is the heading above it, ``text`` has … for each missing number, and ``labels`` are the
    Chinese labels of the figures without data, or what else is missing.
    """

    heading: str
    text: str
    reason: Reason
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnWords:
    """A sentence under ``heading`` that is based on no record or number.

    ``note`` is the title of the work note on which it is based, if that names neither document nor file; else
    "".
    """

    heading: str
    text: str
    note: str = ""


@dataclass
class Evidence:
    """What was left out of one report, its sentences without a record, and the topics without a work note, in reading order."""

    left_out: list[LeftOut] = field(default_factory=list)
    own_words: list[OwnWords] = field(default_factory=list)
    missing_topics: list[str] = field(default_factory=list)
