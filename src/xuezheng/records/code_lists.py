"""Code lists (代码表): the dated codes that a field of a register offers for choice, with what rules ask of them.

The codes are content, kept by :mod:`xuezheng.policy`, which announces here how they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class CodeVersion:
    """A code from the day ``first`` on: its Chinese label and properties; ``ended`` where it is no longer used, with the codes that succeed it."""

    first: date
    label: str
    ended: bool
    successors: tuple[str, ...]
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Code:
    """One code of a list with its versions, in order of their first days; a code that ended stays readable."""

    code: str
    versions: tuple[CodeVersion, ...]

    @property
    def label(self) -> str:
        """The latest label."""
        return self.versions[-1].label

    def properties(self, day: date | None = None) -> Mapping[str, Any]:
        """Return the properties on a day, by default and for a code that has ended those that it had last."""
        version = self.on(day) if day else None
        used = [known for known in self.versions if not known.ended]
        return (version or (used or self.versions)[-1]).properties

    def on(self, day: date) -> CodeVersion | None:
        """Return the version in force on a day; None before the code begins and after it has ended."""
        version = next((version for version in reversed(self.versions) if version.first <= day), None)
        return None if version is None or version.ended else version


@dataclass(frozen=True)
class CodeList:
    """A list of codes: its key (``policy.hardship``), Chinese title, and codes by code, in their order."""

    key: str
    title: str
    codes: Mapping[str, Code]

    @cached_property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """(code, label) of all codes that there ever were: for reading what was written in any year."""
        return tuple((code.code, code.label) for code in self.codes.values())

    @cached_property
    def by_label(self) -> Mapping[str, str]:
        """The codes by every label that they ever had; a label of today wins over an earlier one."""
        earlier = {version.label: code.code for code in self.codes.values() for version in code.versions}
        return {**earlier, **{label: code for code, label in self.choices}}

    def in_force(self, day: date) -> list[tuple[str, str]]:
        """Return (code, label) of the codes in force on a day: what a drop-down offers."""
        current = ((code.code, code.on(day)) for code in self.codes.values())
        return [(code, version.label) for code, version in current if version]

    @cached_property
    def _answers(self) -> dict[tuple[Any, ...], Any]:
        """What was asked before: rows of a workbook ask the same thousands of times."""
        return {}

    def having(self, name: str, value: Any = True, day: date | None = None) -> tuple[str, ...]:
        """Return the codes with a property on a day, or at any time without a day, in their order.

        ``value`` is that of the property, or one member of it where it is a list.
        """
        question = ("having", name, value, day)
        if question not in self._answers:
            self._answers[question] = tuple(self._having(name, value, day))
        answer: tuple[str, ...] = self._answers[question]
        return answer

    def _having(self, name: str, value: Any, day: date | None) -> Iterator[str]:
        for code in self.codes.values():
            current = code.on(day) if day else None
            versions = code.versions if day is None else (current,) if current else ()
            if any(has(version, name, value) for version in versions):
                yield code.code

    def why_unusable(self, code: str, day: date) -> str:
        """Return a Chinese sentence that says why a code cannot be used on a day and which can; "" where it can."""
        question = ("why_unusable", code, day)
        if question not in self._answers:
            self._answers[question] = self._why_unusable(code, day)
        answer: str = self._answers[question]
        return answer

    def _why_unusable(self, code: str, day: date) -> str:
        known = self.codes.get(code)
        if known is None:
            return f"没有这个{self.title}。请从可选项中选择。"
        if known.on(day):
            return ""
        later = next(
            (version for version in known.versions if version.first > day and not version.ended), None
        )
        if later:
            return f"{self.title}“{later.label}”自{later.first}起使用，{day}还没有。请核对日期或改选。"
        ended = next(version for version in reversed(known.versions) if version.first <= day)
        follows = [self.codes[successor].label for successor in ended.successors if successor in self.codes]
        remedy = f"请改选“{'”或“'.join(follows)}”" if follows else "请改选现行的一项"
        return f"{self.title}“{ended.label}”自{ended.first}起不再使用。{remedy}。"


def has(version: CodeVersion, name: str, value: Any = True) -> bool:
    """Return whether a version of a code has a property with a value, or with a list that contains it."""
    content = version.properties.get(name)
    return value in content if isinstance(content, list | tuple) else content == value


def members(version: CodeVersion, name: str) -> tuple[Any, ...]:
    """Return the values that a version of a code states for a property, one or a list of them; () where it states none."""
    content = version.properties.get(name, ())
    return tuple(content) if isinstance(content, list | tuple) else (content,)


def allows(version: CodeVersion, name: str, value: Any) -> bool:
    """Return whether a version of a code is compatible with a value of a property: it states this value, or says nothing of the property at all."""
    return name not in version.properties or has(version, name, value)


Reader = Callable[[str], CodeList]
_readers: list[Reader] = []


def read_codes_by(reader: Reader) -> None:
    """Set the function that returns a list by its key, when the program starts."""
    _readers[:] = [reader]


def code_list(key: str) -> CodeList:
    """Return a list with the codes of the present context: of now, or of the snapshot or scenario that is being read."""
    return _readers[0](key)
