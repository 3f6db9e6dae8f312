"""Words in prose: what counts as a number, as against a day, a document number or a name; and how many things are named."""

import re
from collections.abc import Sequence

_NO_COUNT = re.compile(
    r"《[^》]*》|“[^”]*”|〔[0-9]{4}〕[0-9]+号|[0-9]{4}-[0-9]{4}学年"
    r"|[0-9]{4}年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?|[0-9]{1,2}月(?:[0-9]{1,2}日)?"
)


NAMED = 5  # of many things, those that a sentence names


def some_of(names: Sequence[str]) -> str:
    """Name the first things of many: 甲、乙、丙、丁、戊等."""
    return "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")


def typed_number(text: str) -> str:
    """Return the first digits in a text that are no part of a day, a document number or a name in 《》 or “”, or ""."""
    found = re.search("[0-9]+", _NO_COUNT.sub("", text))
    return found.group() if found else ""
