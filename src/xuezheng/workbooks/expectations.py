"""The declarations of what a sheet's numbers should be near; :mod:`xuezheng.intake.expectations` compares."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Steady:
    """A number expected to be near the one before it.

    ``path`` is the field; ``within`` names the policy entry with the largest share, in percent, by which it may differ. The number before is that of
    the same thing in the register for the latest earlier period, for a month the same month of a year before; in a register without periods, the
    value that the row changes.
    """

    path: str
    within: str
    check = "与上期比"


@dataclass(frozen=True)
class Peers:
    """A number expected to be near those of its peers: the rows of the same period that agree in the look-up paths ``among``.

    With ``per``, the name of another number of the row, the quotient ``path`` ÷ ``per`` is compared. It may differ from the median by the greater of
    two policy entries: ``within``, a multiple of the spread (the median absolute deviation, which outliers do not move), and ``beyond``, a share of
    the median in percent, which matters where peers hardly differ.
    """

    path: str
    within: str
    beyond: str
    per: str = ""
    among: tuple[str, ...] = ("stage", "school__kind")
    check = "与同类学校比"


Expectation = Steady | Peers
