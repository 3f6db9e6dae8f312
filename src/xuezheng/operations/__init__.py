"""The long-term operation of an installation: backup, restore, upgrade, keys, and the examination of all of it."""

from __future__ import annotations

from collections.abc import Callable

#: Takes what is being done in Chinese words, the steps done and the steps in all.
Progress = Callable[[str, int, int], None]


class OperationRefused(Exception):
    """An operation that is refused, with nothing changed; the text is a Chinese sentence with the remedy."""


def no_progress(words: str, done: int, total: int) -> None:
    """Do nothing: the default for ``progress``, which gets a Chinese step, the number done and the total."""
