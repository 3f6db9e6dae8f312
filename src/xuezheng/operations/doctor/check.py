"""What a check is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import DatabaseError

from xuezheng.registry import Declaration, declared_anywhere


@dataclass(frozen=True)
class Finding:
    """Something that is not in order: a Chinese sentence with the remedy; ``repair`` mends it where that loses nothing."""

    message: str
    repair: Callable[[], Any] | None = None


@dataclass(frozen=True)
class Examined:
    """What a check examined, in a Chinese sentence, and what it found."""

    title: str
    summary: str
    findings: tuple[Finding, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def as_object(self) -> dict[str, Any]:
        """Return what a program reads."""
        messages = [finding.message for finding in self.findings]
        return {
            "check": self.title,
            "ok": self.is_sound,
            "text": self.summary,
            "findings": messages,
        }


@dataclass
class Notes:
    """What a check writes down as it goes."""

    findings: list[Finding] = field(default_factory=list)

    def find(self, message: str, repair: Callable[[], Any] | None = None) -> None:
        """Note something that is not in order."""
        self.findings.append(Finding(message, repair))


class Check(Declaration):
    """A matter that is examined: the function notes what it finds and returns what it examined, in a Chinese sentence."""

    def __init__(self, title: str, function: Callable[[Notes], str]) -> None:
        self.title = title
        self.function = function

    def run(self) -> Examined:
        """Examine the matter. What cannot be examined is a finding like any other."""
        notes = Notes()
        try:
            summary = self.function(notes)
        except DatabaseError as error:
            notes.find(f"数据库读不出来：{str(error).splitlines()[0]}。请从备份恢复（xuezheng restore）。")
            summary = ""
        except Exception as error:  # a doctor reports whatever it meets
            notes.find(f"没有查完：{error or type(error).__name__}。")
            summary = ""
        return Examined(self.title, summary, tuple(notes.findings))


def check(title: str) -> Callable[[Callable[[Notes], str]], Check]:
    """Declare a function to be a check."""
    return lambda function: Check(title, function)


@cache
def doctor_checks() -> list[Check]:
    """Return every check of the doctor, those of the installation first."""
    return sorted(
        declared_anywhere("doctor", Check),
        key=lambda check: not check.function.__module__.startswith("xuezheng.operations."),
    )
