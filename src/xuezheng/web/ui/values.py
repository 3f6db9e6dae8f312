"""Formats the answer of a figure as text: with thousands separators, and money in 万元 or 亿元."""

from xuezheng.core import number_text
from xuezheng.figures import Answer


def shown(answer: Answer) -> str:
    """Return an answer as Chinese text with its unit, such as "14,909人" or "21.53万元".

    Without a value, the text is the reason. Amounts from 1,000 yuan are in 万元 with at most two decimals, from
    1亿元 in 亿元 with at most four.
    """
    is_rounded = answer.is_money and answer.absence is None
    return number_text.separated(answer.text("short" if is_rounded else None))


def exact(answer: Answer) -> str:
    """Return an amount of money in yuan to the fen, with its unit, if :func:`shown` rounds it; else ""."""
    if not answer.is_money or answer.absence or answer.text("short") == answer.text():
        return ""
    return number_text.separated(answer.text("yuan"))
