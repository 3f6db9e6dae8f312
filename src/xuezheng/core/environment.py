"""Settings that come from the environment: what cannot be understood is reported by its name."""

from __future__ import annotations

import os


def read_number(name: str, default: int, least: int = 0) -> int:
    """Return the whole number that a variable ``XUEZHENG_<name>`` holds; raises ``ValueError`` with a Chinese sentence.

    ``default`` stands for a variable that is not set or blank; nothing below ``least`` is taken.
    """
    text = os.environ.get(f"XUEZHENG_{name}", "").strip() or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise ValueError(f"XUEZHENG_{name}“{text[:40]}”应为不小于{least}的整数，如{default}")
    return int(text)


def read_flag(name: str) -> bool:
    """Return whether a variable ``XUEZHENG_<name>`` is 1; raises ``ValueError`` of what is neither 1 nor 0 nor empty."""
    text = os.environ.get(f"XUEZHENG_{name}", "").strip()
    if text not in ("", "0", "1"):
        raise ValueError(f"XUEZHENG_{name}“{text[:40]}”应为1（是）或0（否）")
    return text == "1"
