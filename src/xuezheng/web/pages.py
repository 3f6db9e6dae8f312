"""What an area shows on the home page: its ``pages.py`` holds a list ``HOME`` of these."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Highlight:
    """A key figure: its number on a card that opens the figure's page."""

    figure: str
    slice: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Chart:
    """A figure by one of its dimensions, drawn with its table beside it."""

    figure: str
    by: str
    slice: Mapping[str, str] = field(default_factory=dict)
