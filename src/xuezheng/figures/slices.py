"""Slices: parts of a figure, as values of its dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

Slice = Mapping[str, str]


class FigureError(ValueError):
    """A slice or dimension that a figure does not have; the text is a Chinese sentence with the remedy."""


class Divisible(Protocol):
    """The attributes of a figure or ratio that its dimensions are checked by."""

    label: str

    @property
    def key(self) -> str:
        """The path of the declaration, ``<area>.<name>``."""

    @property
    def by(self) -> Sequence[str]:
        """The names of the dimensions."""


def parse_slice(text: str, separator: str = ",") -> dict[str, str]:
    """Read a slice from a text such as ``stage=primary,sex=female``; raises :class:`FigureError`.

    An empty value selects rows in which the column is not filled in.
    """
    parts = [part.partition("=") for part in text.split(separator) if part.strip()]
    for name, sign, value in parts:
        if not name.strip() or not sign:
            raise FigureError(
                f"“{name}{sign}{value}”无法识别。范围应写作“名称=值”，多个用“{separator}”隔开，"
                f"如stage=primary{separator}sex=female。"
            )
    return read_slice((name.strip(), value.strip()) for name, _, value in parts)


def read_slice(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return a slice from pairs of dimension and value; raises :class:`FigureError` for a dimension that occurs twice."""
    slice_: dict[str, str] = {}
    for name, value in pairs:
        if name in slice_:
            raise FigureError(f"范围里“{name}”写了不止一次。请只留一个。")
        if "\0" in name + value:
            raise FigureError("范围里有看不见的字符。请重新输入。")
        slice_[name] = value
    return slice_


def check_dimensions(figure: Divisible, names: Iterable[str]) -> None:
    """Raise :class:`FigureError` unless a figure can be divided by all of the named dimensions."""
    for name in names:
        if name not in figure.by:
            offered = "、".join(figure.by) or "（不分）"
            raise FigureError(f"“{figure.label}”（{figure.key}）不能按“{name}”分。可用：{offered}。")
