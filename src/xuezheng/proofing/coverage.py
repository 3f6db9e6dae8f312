"""What an audit covers: which numbers were compared with others, which were not, and what of the file was not read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from xuezheng.proofing.discrepancies import Discrepancy


class Status(Enum):
    """The result of an audit for one number; the values are shown to users."""

    AGREES = "已核对"
    UNCHECKED = "没有可核对的关系"
    WRONG = "对不上"


@dataclass(frozen=True)
class CheckedNumber:
    """A number of a text with its status.

    ``paragraph`` is the index of its paragraph from 0; the number is from ``start`` to ``end`` (excluded) in
    it.
    """

    paragraph: int
    start: int
    end: int
    status: Status


@dataclass(frozen=True)
class Coverage:
    """How much an audit covers.

    ``numbers`` is how many numbers were read, ``relations`` how many relations between them were checked,
    ``unchecked`` how many numbers are in no relation. ``unread`` are Chinese names of what the file has and
    was not read, such as 图片.
    """

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
    """The result of an audit: the discrepancies in reading order, those of the text first, and the coverage.

    ``numbers`` are those of the text with their status, not those of the tables.
    """

    discrepancies: tuple[Discrepancy, ...]
    coverage: Coverage
    numbers: tuple[CheckedNumber, ...]
