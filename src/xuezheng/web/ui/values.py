"""How the answer of a figure is written on a page: thousands separated, and amounts rounded in 万元."""

from xuezheng.core import number_text
from xuezheng.figures import Answer


def shown(answer: Answer) -> str:
    """Return an answer as Chinese text with its unit, as ``14,909人`` or ``21.53万元``.

    The reason where there is no value. Amounts from 1,000 yuan are in 万元 with at most two decimals, from 1亿元
    in 亿元 with at most four.
    """
    is_rounded = answer.is_money and answer.absence is None
    return number_text.separated(answer.text("short" if is_rounded else None))


def exact(answer: Answer) -> str:
    """Return an amount in yuan to the fen, with its unit, where :func:`shown` rounds it.

    "" for any other answer.
    """
    if not answer.is_money or answer.absence or answer.text("short") == answer.text():
        return ""
    return number_text.separated(answer.text("yuan"))
