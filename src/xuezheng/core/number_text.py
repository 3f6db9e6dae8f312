"""Numbers in Chinese official prose: the only module that turns a value into text.

Money is passed in whole fen (分) and written in 元, 万元 or 亿元 without losing a digit; counts are ``int``,
percentages ``Decimal`` (12.5 means 12.5%). Floats are refused: they have already lost precision.
"""

import re
from collections.abc import Callable, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext

Number = int | Decimal

FEN_PER_YUAN = 2  # decimal places, as are the two below
WAN = 4
YI = 8
WAN_FROM_FEN = 100_000  # from 1000 yuan on, money reads better in 万元
YI_FROM_FEN = 10_000_000_000  # and from 100 million on in 亿元

NAMED = 5  # of many things, those that a sentence names
_NO_COUNT = re.compile(
    r"《[^》]*》|“[^”]*”|〔[0-9]{4}〕[0-9]+号|[0-9]{4}-[0-9]{4}学年"
    r"|[0-9]{4}年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?|[0-9]{1,2}月(?:[0-9]{1,2}日)?"
)
_THOUSANDS = re.compile(r"(?<![0-9.])[1-9][0-9]{3,}(?![0-9年])")
_PEOPLE = ("人", "名", "位", "人次")
_DIGITS = "零一二三四五六七八九"


def write(value: Number, unit: str, style: str | None = None, money: bool = False) -> str:
    """Return a value as Chinese text with its unit, such as ``1.2万元``, ``85.3%`` or ``12人``.

    ``money`` says that ``value`` is in whole fen; ``unit`` is then ``元``. ``style`` is a name in ``STYLES``,
    by default ``percent`` for the unit ``%``, ``yuan``, ``wan`` or ``yi`` by size for money, and ``plain``
    otherwise:

    - ``plain``: all digits; ``percent``: one decimal place; ``nth``: an ordinal, 第四名
    - ``over`` and ``near``: a count rounded down or up to its first digit, from 1000 on to its first two, as
      300余人 and 近400人; a count below 10, a round one, and for ``near`` one of which more than a tenth is
      missing, is written exactly
    - ``yuan``, ``wan``, ``yi``: money exactly in 元, 万元, 亿元
    - ``short``: money with at most two decimals of 万元; ``short_wan``: the same, always in 万元
    - ``bare``, ``bare_wan``, ``bare_short_wan``: without a unit, for table cells whose heading has it
    - ``none``: 无 for zero; another style may follow for other values, as ``none short``
    - 人, 名, 位 or 人次: the measure word to write, if ``unit`` is one of these too

    Raises ``TypeError`` for a float, and for money that is not an ``int``; ``ValueError`` for an unknown
    style and for a value that does not fit its style.
    """
    if isinstance(value, float) or (money and not isinstance(value, int)):
        raise TypeError(f"不能书写{value!r}：金额须为整数分，其他数须为整数或Decimal")
    if style in _PEOPLE and unit in _PEOPLE:
        unit, style = style, None
    first, _, rest = (style or "").partition(" ")
    if first == "none":
        if value == 0:
            return "无"
        style = rest or None
    if style is None:
        style = _usual_style(value, unit, money)
    if style not in _STYLES:
        raise ValueError(f"没有“{style}”这种数字写法，可用：{'、'.join(STYLES)}")
    return _STYLES[style](_shift(value, FEN_PER_YUAN) if money else value, unit)


def yuan(fen: int) -> Decimal:
    """Convert whole fen to yuan, exactly: 12345 to ``Decimal("123.45")``."""
    return _shift(fen, FEN_PER_YUAN)


def plain_number(value: int | Decimal | None) -> int | float | None:
    """Return a number for JSON: an ``int`` if it is integral, else the nearest ``float``; None stays None."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def percent(value: Number) -> Decimal:
    """Round a percentage (85.34 means 85.34%) to one decimal place.

    100 and 0 are returned only for exactly 100 and 0. So 99.96 becomes 99.9, 100.04 becomes 100.1, and 0.04
    becomes 0.1.
    """
    exact, tenth = Decimal(value), Decimal("0.1")
    with localcontext() as context:
        context.prec = max(28, exact.adjusted() + 3)
        rounded = exact.quantize(tenth, ROUND_HALF_UP)
        if rounded in (0, 100) and rounded != exact:
            # Away from what it is not: 99.96 to 99.9, 100.04 to 100.1, 0.04 to 0.1.
            return exact.quantize(tenth, ROUND_DOWN if 0 < exact < 100 and rounded == 100 else ROUND_UP)
        return rounded


def chinese(number: int) -> str:
    """Return an integer from 1 to 99 in Chinese numerals (12: 十二); raises ``ValueError`` for any other."""
    if not 1 <= number <= 99:
        raise ValueError(f"只能把1至99写成中文数字，不能写{number}")
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return (_DIGITS[tens] if tens > 1 else "") + "十" + (_DIGITS[ones] if ones else "")


def chinese_ordinal(number: int) -> str:
    """Return an ordinal such as 第四, 第十, 第25: Chinese numerals up to ten, Arabic digits above.

    Raises ``ValueError`` if ``number`` is not an ``int`` of at least 1.
    """
    if not isinstance(number, int) or number < 1:
        raise ValueError(f"序数须为正整数，不能写“第{number}”")
    return f"第{chinese(number) if number <= 10 else number}"


def _usual_style(value: Number, unit: str, money: bool) -> str:
    if money:
        if -WAN_FROM_FEN < value < WAN_FROM_FEN:
            return "yuan"
        return "wan" if -YI_FROM_FEN < value < YI_FROM_FEN else "yi"
    return "percent" if unit == "%" else "plain"


def _shift(value: Number, places: int) -> Decimal:
    """Divide by a power of ten exactly, whatever the precision of the decimal context."""
    sign, digits, exponent = Decimal(value).as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{value}不是数")
    return Decimal((sign, digits, exponent - places))


def _plain(value: Number) -> str:
    """All digits, no exponent, no trailing zeros."""
    text = format(_shift(value, 0), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _step(value: int) -> int:
    """The step to which a rough number is rounded: that of its first digit, from 1000 on of its first two."""
    places = len(str(value))
    return int(10 ** (places - (1 if places < 4 else 2)))


def _natural(value: Number, style: str) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError(f"“{style}”只用于人数、次数等非负整数，不能用于{value}")
    return value


def _over(value: Number, unit: str) -> str:
    count = _natural(value, "余")
    floor = count - count % _step(count)
    return f"{floor}余{unit}" if count >= 10 and floor < count else f"{count}{unit}"


def _near(value: Number, unit: str) -> str:
    count = _natural(value, "近")
    ceiling = -(-count // _step(count)) * _step(count)
    # 31 is not near 40: a reader takes 近 to mean that at most a tenth is missing.
    is_near = count >= 10 and count < ceiling and (ceiling - count) * 10 <= ceiling
    return f"近{ceiling}{unit}" if is_near else f"{count}{unit}"


def _short(value: Number, unit: str) -> str:
    """Money as running text has it: 万元 with at most two decimals, 亿元 to the 万元, less than 1000元 as it is."""
    if abs(value) < WAN_FROM_FEN // 10**FEN_PER_YUAN:
        return _plain(value) + unit
    if abs(value) < YI_FROM_FEN // 10**FEN_PER_YUAN:
        return f"{_plain(_hundredth(_shift(value, WAN)))}万{unit}"
    return f"{_plain(_shift(value, YI).quantize(Decimal('0.0001'), ROUND_HALF_UP))}亿{unit}"


def _hundredth(value: Decimal) -> Decimal:
    """Round to two decimals; what is not zero does not become zero."""
    rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return rounded if rounded or not value else value


_STYLES: dict[str, Callable[[Number, str], str]] = {
    "plain": lambda value, unit: _plain(value) + unit,
    "over": _over,
    "near": _near,
    "yuan": lambda value, unit: _plain(value) + unit,
    "wan": lambda value, unit: f"{_plain(_shift(value, WAN))}万{unit}",
    "yi": lambda value, unit: f"{_plain(_shift(value, YI))}亿{unit}",
    "short": _short,
    "short_wan": lambda value, unit: f"{_plain(_hundredth(_shift(value, WAN)))}万{unit}",
    "percent": lambda value, unit: f"{_plain(percent(value))}%",
    "bare": lambda value, unit: _plain(percent(value) if unit == "%" else value),
    "bare_wan": lambda value, unit: _plain(_shift(value, WAN)),
    "bare_short_wan": lambda value, unit: _plain(_hundredth(_shift(value, WAN))),
    "nth": lambda value, unit: f"{chinese_ordinal(_natural(value, '第'))}{unit}",
}
STYLES = ("none", *_STYLES, *_PEOPLE)


def separated(text: str) -> str:
    """Return a text with a comma between the thousands of its integers, as pages show them: 14,909人.

    A number directly before 年 is left as it is.
    """
    return _THOUSANDS.sub(lambda number: f"{int(number.group()):,}", text)


def some_of(names: Sequence[str]) -> str:
    """Join at most the first five names with 、, and append 等 if there are more: 甲、乙、丙、丁、戊等."""
    return "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")


def typed_number(text: str) -> str:
    """Return the first number in a text that counts something, as its first run of Arabic digits; "" if there is none.

    The run ends at a decimal point, comma or unit: "3" for 3.5万元, "1" for 1,234.5. Numbers in Chinese numerals
    or full-width digits are not found. Ignored are digits in dates, school years, document numbers (〔2019〕3号),
    and anything inside 《》 or “”. So it tells whether a text that must not state numbers has one.
    """
    match = re.search("[0-9]+", _NO_COUNT.sub("", text))
    return match.group() if match else ""
