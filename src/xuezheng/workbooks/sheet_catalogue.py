"""All Excel templates (sheets) that areas declare."""

from __future__ import annotations

from functools import cache

from xuezheng.registry import Unknown, declared
from xuezheng.workbooks.sheet import Sheet


@cache
def sheets() -> dict[str, Sheet]:
    """Return every template (an Excel sheet that people fill in for a register) by its Chinese title."""
    return {sheet.title: sheet for sheet in declared("workbook", Sheet)}


def sheet(title: str) -> Sheet:
    """Return the template with a Chinese title.

    Raises :class:`~xuezheng.registry.Unknown` if there is none.
    """
    try:
        return sheets()[title]
    except KeyError:
        raise Unknown("表", title, sheets()) from None
