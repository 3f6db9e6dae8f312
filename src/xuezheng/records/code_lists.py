"""Code lists (代码表): the codes that a field of a register offers for choice.

Each code has dated versions and properties for rules. A property is a named value of a code, such as
``stages: [primary, junior]``. The lists themselves are content of :mod:`xuezheng.policy`, which sets the
function that reads them by :func:`read_codes_by`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class CodeVersion:
    """A version of a code, in force from the day ``first`` until the next version begins.

    ``label`` is Chinese; ``properties`` are the values that rules read, by name. In a version with ``ended``
    the code is no longer used; ``successors`` are then the codes that replace it.
    """

    first: date
    label: str
    ended: bool
    successors: tuple[str, ...]
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Code:
    """One code of a list with its versions, in order of their first days.

    A code that has ended can still be read.
    """

    code: str
    versions: tuple[CodeVersion, ...]

    @property
    def label(self) -> str:
        """The Chinese label of the latest version."""
        return self.versions[-1].label

    def properties(self, day: date | None = None) -> Mapping[str, Any]:
        """Return the code's properties on ``day``, by name.

        Without a day, and for a day on which the code is not in force, they are those of the latest version
        in which the code is used.
        """
        version = self.on(day) if day else None
        used = [known for known in self.versions if not known.ended]
        return (version or (used or self.versions)[-1]).properties

    def on(self, day: date) -> CodeVersion | None:
        """Return the version in force on a day; None before the code's first day and after it has ended."""
        version = next((version for version in reversed(self.versions) if version.first <= day), None)
        return None if version is None or version.ended else version


@dataclass(frozen=True)
class CodeList:
    """A code list: its ``key`` (``policy.hardship``), Chinese ``title``, and ``codes``.

    ``codes`` has the :class:`Code` objects by code, in display order.
    """

    key: str
    title: str
    codes: Mapping[str, Code]

    @cached_property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """(code, latest label) of all codes, those that have ended included, to read values written in any year."""
        return tuple((code.code, code.label) for code in self.codes.values())

    @cached_property
    def by_label(self) -> Mapping[str, str]:
        """The code for every label that any version of a code has.

        If several codes have had the same label, it belongs to the one whose latest label it is.
        """
        earlier = {version.label: code.code for code in self.codes.values() for version in code.versions}
        return {**earlier, **{label: code for code, label in self.choices}}

    def in_force(self, day: date) -> list[tuple[str, str]]:
        """Return (code, label on that day) of the codes in force on a day, in display order, as a drop-down offers them."""
        current = ((code.code, code.on(day)) for code in self.codes.values())
        return [(code, version.label) for code, version in current if version]

    @cached_property
    def _answers(self) -> dict[tuple[Any, ...], Any]:
        """What was asked before: rows of a workbook ask the same thousands of times."""
        return {}

    def having(self, name: str, value: Any = True, day: date | None = None) -> tuple[str, ...]:
        """Return the codes that have a property on ``day``, or without a day in any of their versions.

        They are in the order of the list. ``value`` is the required value of the property ``name``; for a
        property that is a list, it is required as a member.
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
        """Return a Chinese sentence that says why a code cannot be used on a day and what to choose instead.

        Returns "" if it can be used.
        """
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
    """Return whether the property ``name`` of a version equals ``value`` or, if it is a list, contains it.

    Returns False without the property.
    """
    content = version.properties.get(name)
    return value in content if isinstance(content, list | tuple) else content == value


def members(version: CodeVersion, name: str) -> tuple[Any, ...]:
    """Return the values of the property ``name`` of a version: those of a list, or the single value.

    Returns () without the property.
    """
    content = version.properties.get(name, ())
    return tuple(content) if isinstance(content, list | tuple) else (content,)


def allows(version: CodeVersion, name: str, value: Any) -> bool:
    """Return whether a version of a code is compatible with a value of the property ``name``.

    A version with the property is compatible if the property equals or contains ``value``; one without it is
    compatible with every value.
    """
    return name not in version.properties or has(version, name, value)


Reader = Callable[[str], CodeList]
_readers: list[Reader] = []


def read_codes_by(reader: Reader) -> None:
    """Set the function that returns a code list by its key; called once, when the program starts."""
    _readers[:] = [reader]


def code_list(key: str) -> CodeList:
    """Return the code list with a key such as ``policy.hardship``.

    Its codes are those of today's policy or, while a snapshot or scenario is being read, those of the
    snapshot or scenario.
    """
    return _readers[0](key)
