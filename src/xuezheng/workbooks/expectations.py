"""Declarations of what the numbers of a sheet are expected to be.

The comparison is in :mod:`xuezheng.intake.expectations`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Steady:
    """A number expected to be near its previous value.

    ``path`` is the field; ``within`` is the key of the policy entry with the largest permitted change in
    percent. The previous value is that of the latest earlier period in the register (for a month, the same
    month of the latest earlier year); in a register without periods it is the value that the row changes.
    """

    path: str
    within: str
    check = "与上期比"


@dataclass(frozen=True)
class Peers:
    """A number expected to be near those of its peers.

    Peers are the rows of the same period with the same values of the look-up paths ``among``. With ``per``,
    another number of the row, the quotient ``path`` ÷ ``per`` is compared. It may differ from the median of
    the peers by the greater of two limits, given as keys of policy entries: ``within``, a multiple of the
    spread (the scaled median absolute deviation), and ``beyond``, a share of the median in percent.
    """

    path: str
    within: str
    beyond: str
    per: str = ""
    among: tuple[str, ...] = ("stage", "school__kind")
    check = "与同类学校比"


Expectation = Steady | Peers
