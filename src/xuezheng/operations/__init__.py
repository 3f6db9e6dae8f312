"""The operation of an installation: backup, restore, upgrade, keys, and the examination of all of it."""

from __future__ import annotations

from collections.abc import Callable

#: Takes what is being done in Chinese words, the steps done and the steps in all.
Progress = Callable[[str, int, int], None]


class OperationRefused(Exception):
    """The operation is refused and nothing was changed; the message is a Chinese sentence with the remedy."""


def no_progress(words: str, done: int, total: int) -> None:
    """Do nothing: the default for ``progress``, which is called with a Chinese text, the steps done and the steps in all."""
