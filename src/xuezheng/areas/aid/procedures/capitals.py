"""Amounts in Chinese capitals, as bank documents require them beside the figures (正确填写票据和结算凭证的基本规定)."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
MOST = 10**12 * 100 - 1  # 一万亿元 less one fen


def capitals(fen: int) -> str:
    """Return an amount in fen as Chinese capitals, for example 叁佰壹拾贰元伍角整 for 31250.

    Raises ``ValueError`` for an amount below 0 or above :data:`MOST`.
    """
    if not 0 <= fen <= MOST:
        raise ValueError(f"不能写成大写金额：{fen}分")
    yuan, rest = divmod(fen, 100)
    tenths, hundredths = divmod(rest, 10)
    text = f"{_write_integer(yuan)}元" if yuan or not rest else ""
    if tenths:
        text += f"{_DIGITS[tenths]}角"
    elif hundredths and yuan:
        text += _DIGITS[0]
    return text + (f"{_DIGITS[hundredths]}分" if hundredths else "整")


def _write_integer(number: int) -> str:
    """Write an integer by groups of four digits; a run of zeros inside is written once, zeros at the end of a group are not."""
    if number == 0:
        return _DIGITS[0]
    text, gap = "", False
    for order in reversed(range(len(_GROUPS))):
        group = number // 10 ** (4 * order) % 10_000
        if group == 0:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += _DIGITS[0]
        text += _group(group) + _GROUPS[order]
        gap = False
    return text


def _group(number: int) -> str:
    text, gap = "", False
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += (_DIGITS[0] if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return text
