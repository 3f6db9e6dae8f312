"""Settings read from environment variables; an invalid value raises an error that names the variable."""

from __future__ import annotations

import os


def read_number(name: str, default: int, least: int = 0) -> int:
    """Return the integer in the environment variable ``XUEZHENG_<name>``, or ``default`` if it is unset or blank.

    Raises ``ValueError`` with a Chinese sentence if the value is below ``least``, has more than nine digits,
    or is not written in ASCII digits alone.
    """
    text = os.environ.get(f"XUEZHENG_{name}", "").strip() or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise ValueError(f"XUEZHENG_{name}“{text[:40]}”应为不小于{least}的整数，如{default}")
    return int(text)


def read_flag(name: str) -> bool:
    """Return whether the environment variable ``XUEZHENG_<name>`` is ``1``.

    Returns False if it is ``0``, blank or unset. Raises ``ValueError`` with a Chinese sentence for any other
    value.
    """
    text = os.environ.get(f"XUEZHENG_{name}", "").strip()
    if text not in ("", "0", "1"):
        raise ValueError(f"XUEZHENG_{name}“{text[:40]}”应为1（是）或0（否）")
    return text == "1"
