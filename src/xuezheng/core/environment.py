"""Settings from environment variables; a value that cannot be understood is reported with its variable's name."""

from __future__ import annotations

import os


def read_number(name: str, default: int, least: int = 0) -> int:
    """Return the integer in the variable ``XUEZHENG_<name>``.

    ``default`` is used for a variable that is unset or blank. Raises ``ValueError`` with a Chinese sentence for a value below ``least``, or no
    integer.
    """
    text = os.environ.get(f"XUEZHENG_{name}", "").strip() or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise ValueError(f"XUEZHENG_{name}“{text[:40]}”应为不小于{least}的整数，如{default}")
    return int(text)


def read_flag(name: str) -> bool:
    """Return whether the variable ``XUEZHENG_<name>`` is 1; raises ``ValueError`` for a value other than 1, 0 or blank."""
    text = os.environ.get(f"XUEZHENG_{name}", "").strip()
    if text not in ("", "0", "1"):
        raise ValueError(f"XUEZHENG_{name}“{text[:40]}”应为1（是）或0（否）")
    return text == "1"
