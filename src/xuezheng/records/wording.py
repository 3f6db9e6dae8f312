"""What counts as a number in prose that people write, as against a day, a document number or a name."""

import re

_NO_COUNT = re.compile(
    r"《[^》]*》|“[^”]*”|〔[0-9]{4}〕[0-9]+号|[0-9]{4}-[0-9]{4}学年"
    r"|[0-9]{4}年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?|[0-9]{1,2}月(?:[0-9]{1,2}日)?"
)


def typed_number(text: str) -> str:
    """Return the first digits in a text that are no part of a day, a document number or a name in 《》 or “”, or ""."""
    found = re.search("[0-9]+", _NO_COUNT.sub("", text))
    return found.group() if found else ""
