"""The declaration of checks of ``xuezheng doctor``, and their findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import DatabaseError

from xuezheng.registry import Declaration, declared_anywhere


@dataclass(frozen=True)
class Finding:
    """A problem found: a Chinese sentence with the remedy.

    ``repair`` is a function without arguments that fixes it without losing anything, None where there is no
    such way. It is called by ``xuezheng doctor --repair``.
    """

    message: str
    repair: Callable[[], Any] | None = None


@dataclass(frozen=True)
class Examined:
    """The result of a check: its Chinese title, a Chinese sentence on what was examined, and the findings."""

    title: str
    summary: str
    findings: tuple[Finding, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether there are no findings."""
        return not self.findings

    def as_object(self) -> dict[str, Any]:
        """Return a JSON-serializable dict: ``check`` (title), ``ok``, ``text`` (summary) and ``findings`` (messages)."""
        messages = [finding.message for finding in self.findings]
        return {
            "check": self.title,
            "ok": self.is_sound,
            "text": self.summary,
            "findings": messages,
        }


@dataclass
class Notes:
    """Collects the findings of one check while it runs; the check's function takes it as its argument."""

    findings: list[Finding] = field(default_factory=list)

    def find(self, message: str, repair: Callable[[], Any] | None = None) -> None:
        """Add a finding: a Chinese sentence with the remedy, and a function without arguments that fixes it, if there is one.

        ``repair`` must not lose anything.
        """
        self.findings.append(Finding(message, repair))


class Check(Declaration):
    """A declared check with a Chinese title.

    Its function takes :class:`Notes`, to which it adds findings, and returns a Chinese sentence on what it
    examined.
    """

    def __init__(self, title: str, function: Callable[[Notes], str]) -> None:
        self.title = title
        self.function = function

    def run(self) -> Examined:
        """Run the check and return its result; an exception that stops it becomes a finding."""
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
    """Decorator that declares a function as a check of ``xuezheng doctor``, under a Chinese title.

    The function takes :class:`Notes`, to which it adds findings, and returns a Chinese sentence on what it
    examined. The decorator replaces it by the :class:`Check`.
    """
    return lambda function: Check(title, function)


@cache
def doctor_checks() -> list[Check]:
    """Return every declared check: those of the installation first, then those of other packages and the areas."""
    return sorted(
        declared_anywhere("doctor", Check),
        key=lambda check: not check.function.__module__.startswith("xuezheng.operations."),
    )
