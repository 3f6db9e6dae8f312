"""What a sheet declares its numbers to be near; :mod:`xuezheng.intake.expectations` compares."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Steady:
    """A number that keeps near the one before it: ``within`` names the policy entry with the share, in percent.

    The one before is what the register holds of the same thing for the latest earlier period, for a month the same
    month of a year before; in a register without periods, what the row changes.
    """

    path: str
    within: str
    check = "与上期比"


@dataclass(frozen=True)
class Peers:
    """A number that keeps near that of its peers: the rows of the same period with the same ``among``.

    With ``per``, the name of another number of the row, what one has for each of those is compared. It may lie from the
    median as far as the greater of two policy entries allows: ``within``, so many times the spread (the median absolute
    deviation, which outliers do not move), and ``beyond``, a share of the median in percent, which counts where peers
    hardly differ.
    """

    path: str
    within: str
    beyond: str
    per: str = ""
    among: tuple[str, ...] = ("stage", "school__kind")
    check = "与同类学校比"


Expectation = Steady | Peers
