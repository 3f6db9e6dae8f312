"""How a figure's answer is written on a page: thousands separated, amounts in 万元 with at most two decimals and exactly on demand."""

from xuezheng.core import number_text
from xuezheng.figures import Answer


def shown(answer: Answer) -> str:
    """Return an answer as pages show it, ``14,909人``, ``21.53万元``; the reason where there is no value."""
    is_rounded = answer.is_money and answer.absence is None
    return number_text.separated(answer.text("short" if is_rounded else None))


def exact(answer: Answer) -> str:
    """Return an amount in yuan to the fen where :func:`shown` rounds it; "" where that shows all of it."""
    if not answer.is_money or answer.absence or answer.text("short") == answer.text():
        return ""
    return number_text.separated(answer.text("yuan"))
