"""Slices: parts of a figure, as a mapping from dimension to value, both text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

Slice = Mapping[str, str]


class FigureError(ValueError):
    """A slice or dimension that a figure does not have, or that cannot be read.

    The exception's text is a Chinese sentence.
    """


class Divisible(Protocol):
    """The attributes of a figure or ratio that :func:`check_dimensions` reads."""

    label: str

    @property
    def key(self) -> str:
        """The key of the declaration, ``<area>.<name>``."""

    @property
    def by(self) -> Sequence[str]:
        """The names of the dimensions."""


def parse_slice(text: str, separator: str = ",") -> dict[str, str]:
    """Return the slice in a text such as ``stage=primary,sex=female``; {} for an empty text.

    An empty value (``stage=``) selects rows in which the column is empty. Raises :class:`FigureError` if a
    part has no name or no ``=``, or a dimension occurs twice. The dimensions themselves are not checked.
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
    """Return the slice of (dimension, value) pairs.

    Raises :class:`FigureError` if a dimension occurs twice or a text contains NUL.
    """
    slice_: dict[str, str] = {}
    for name, value in pairs:
        if name in slice_:
            raise FigureError(f"范围里“{name}”写了不止一次。请只留一个。")
        if "\0" in name + value:
            raise FigureError("范围里有看不见的字符。请重新输入。")
        slice_[name] = value
    return slice_


def check_dimensions(figure: Divisible, names: Iterable[str]) -> None:
    """Raise :class:`FigureError` if ``figure`` cannot be divided by one of the named dimensions."""
    for name in names:
        if name not in figure.by:
            offered = "、".join(figure.by) or "（不分）"
            raise FigureError(f"“{figure.label}”（{figure.key}）不能按“{name}”分。可用：{offered}。")
