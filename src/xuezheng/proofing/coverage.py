"""What an audit looked at: which numbers were compared with others, which were not, and what of the file was not read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from xuezheng.proofing.discrepancies import Discrepancy


class Status(Enum):
    """What the audit knows of a number; the values are shown to users."""

    AGREES = "已核对"
    UNCHECKED = "没有可核对的关系"
    WRONG = "对不上"


@dataclass(frozen=True)
class CheckedNumber:
    """A number of a paragraph (counted from 0), where it stands in it, and what is known of it."""

    paragraph: int
    start: int
    end: int
    status: Status


@dataclass(frozen=True)
class Coverage:
    """How many numbers were read, how many relations between them were compared, how many numbers stand in none, and what was not read."""

    numbers: int
    relations: int
    unchecked: int
    unread: tuple[str, ...] = ()

    def describe(self) -> str:
        """Return the coverage as a Chinese sentence."""
        unread = f"，未读：{'、'.join(self.unread)}" if self.unread else ""
        return f"读到{self.numbers}个数，核对了{self.relations}条关系，{self.unchecked}个数没有可核对的关系{unread}。"

    def as_object(self) -> dict[str, object]:
        """Return a JSON-serializable dict of the fields."""
        return {
            "numbers": self.numbers,
            "relations": self.relations,
            "unchecked": self.unchecked,
            "unread": list(self.unread),
        }


@dataclass(frozen=True)
class Audit:
    """The outcome of an audit: the discrepancies in reading order, the text's first, the coverage, and each number of the text."""

    discrepancies: tuple[Discrepancy, ...]
    coverage: Coverage
    numbers: tuple[CheckedNumber, ...]
