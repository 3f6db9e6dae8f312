"""Relations between the numbers of a text: which must agree, and whether they do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from xuezheng.proofing.discrepancies import Discrepancy
from xuezheng.proofing.number_tokens import NumberToken


@dataclass(frozen=True)
class Relation:
    """Numbers of one passage that must agree by arithmetic, such as a total and its parts, and were compared.

    ``discrepancy`` says how they disagree; None where they agree.
    """

    numbers: tuple[NumberToken, ...]
    discrepancy: Discrepancy | None = None

    @cached_property
    def places(self) -> frozenset[int]:
        """The offsets in the passage at which the numbers begin."""
        return frozenset(number.start for number in self.numbers)
