"""What keeps an installation running for years: backup, restore, upgrade, keys, and the examination of all of it."""

from __future__ import annotations

from collections.abc import Callable

#: Takes what is being done in Chinese words, the steps done and the steps in all.
Progress = Callable[[str, int, int], None]


class OperationRefused(Exception):
    """An operation that cannot be carried out; the text is a Chinese sentence with the remedy. Nothing was changed."""


def no_progress(words: str, done: int, total: int) -> None:
    """Report progress to nobody."""
