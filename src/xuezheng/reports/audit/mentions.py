"""Finds the numbers in a text: value, unit, how exactly each is told, and the words that it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MAGNITUDES = {
    "": 1,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
}

# Measure words after which a number counts something. Longer ones come first.
UNITS = (
    "个百分点", "平方公里", "平方米", "立方米", "人次", "场次", "班次", "课时", "学时", "公里", "千米", "公顷", "公斤",
    "小时", "分钟", "个班", "人", "名", "位", "户", "所", "个", "项", "元", "米", "亩", "场", "次", "篇", "份", "件",
    "套", "台", "册", "间", "班", "期", "门", "节", "天", "岁", "家", "支", "条", "部", "辆", "处", "座", "栋", "幢",
    "吨", "倍", "笔", "张", "本", "块", "片", "人份", "对", "株", "盏", "里", "轮", "批", "组", "枚", "幅", "首",
    "堂", "例", "宗", "起", "盘", "队", "棵", "只", "头", "㎡", "m²", "%", "％", "‰",
)  # fmt: skip
_PEOPLE = {"人", "名", "位"}
_SAME_UNIT = {"位": "人", "名": "人", "％": "%", "㎡": "平方米", "m²": "平方米", "千米": "公里", "个班": "班"}

_ARABIC = r"[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_CHINESE = "[一二三四五六七八九十百千两零〇]+"
_BEFORE = r"(?P<before>近|约|大约|超过|超|逾|突破|不足|不少于|不低于|不超过|达到)?"
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_NUMBER = re.compile(
    rf"{_BEFORE}(?P<percent>百分之)?(?P<number>(?P<arabic>-?(?:{_ARABIC}))|(?P<chinese>{_CHINESE}(?:点{_CHINESE})?))"
    rf"(?P<rough>余|多|来)?(?P<magnitude>十万|百万|千万|万|亿|百|千)?(?P<rough2>余|多)?(?P<unit>{_UNIT})?(?P<after>以上|以下|以内|左右|余)?"
)
# What looks like a number and counts nothing: days, clock times, documents, ordinals, headings.
_NO_NUMBER = re.compile(
    r"[0-9]{4}\s*[-—－~至]\s*[0-9]{4}\s*学?年度?|(?:[0-9]{4}|[0-9]{2})\s*年(?:\s*[0-9]{1,2}\s*月份?)?(?:\s*[0-9]{1,2}\s*[日号])?"
    r"|[0-9]{1,2}\s*月\s*[0-9]{1,2}\s*[日号]?\s*[-—－~至]\s*(?:[0-9]{1,2}\s*月)?\s*[0-9]{1,2}\s*[日号]"
    r"|[0-9]{1,2}\s*[-—－~至]\s*[0-9]{1,2}\s*月份?|[0-9]{1,2}\s*月份?(?:\s*[0-9]{1,2}\s*[日号])?|[0-9]{1,2}\s*[日号](?!线)"
    r"|[0-9]{1,2}\s*[:：时]\s*[0-9]{2}分?|[〔\[［(（][0-9]{4}[〕\]］)）]\s*[0-9]+\s*号|[0-9]+号"
    r"|第\s*(?:[0-9]+|[一二三四五六七八九十百]+)[届期次批轮名位个条款章节册组类]?|[0-9]+(?:\.[0-9]+){2,}"
    r"|《[^》]*》|[一二三四五六七八九十〇]{4}年|十[一二三四五]五|[“\"][^”\"]{0,12}[”\"]|[A-Za-z][0-9]+|[0-9]+[A-Za-z]+"
    r"|[一二三四五六七八九十]+[、是]|[（(][一二三四五六七八九十0-9]+[）)]|[一两]方面|[0-9]+(?=[、.．]\s*[\u4e00-\u9fff])(?<![0-9][、.．][0-9])"
)
# Chinese numerals count only before these, so that 统一, 一些, 三农 and the like are no numbers.
_COUNTED = re.compile(
    "个|名|人|位|所|项|次|场|篇|家|支|期|间|台|套|条|座|处|件|户|批|门|类|对|万|亿|元|天|节|堂|组|大|起|轮|学时|课时|册|份"
)
_NO_COUNT_AFTER = re.compile("一(?:个|批|次|项|名|位|家|件|条|支|场|起)(?![，。、；：（）(),;:]|共)")


class Precision(Enum):
    """How exactly a number is told."""

    EXACT = "exact"
    OVER = "over"
    NEAR = "near"
    ABOUT = "about"


@dataclass(frozen=True)
class Mention:
    """A number in a text: where it stands, its value in whole units, its unit and the words before it.

    ``quantum`` is the worth of the last digit that is told: 0.1 of 3.9%, 1000 yuan of 21.5万元.
    """

    start: int
    end: int
    text: str
    value: Decimal
    unit: str
    precision: Precision
    quantum: Decimal
    noun: str

    @property
    def kind(self) -> str:
        """What can be added to what: people are people whatever the measure word."""
        return "人" if self.unit in _PEOPLE else _SAME_UNIT.get(self.unit, self.unit)

    @property
    def exact(self) -> bool:
        """Whether arithmetic may be held against it."""
        return self.precision is Precision.EXACT


def mentions(text: str) -> list[Mention]:
    """Return the numbers of a text in order."""
    plain = text.translate(_NARROW)
    covered = bytearray(len(plain))
    for found in _NO_NUMBER.finditer(plain):
        covered[found.start() : found.end()] = b"\1" * (found.end() - found.start())
    return [
        mention
        for found in _NUMBER.finditer(plain)
        if not any(covered[found.start("number") : found.end("number")])
        for mention in _mention(plain, found)
    ]


_NARROW = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF0E: ".", 0xFF05: "%"}


def _mention(text: str, found: re.Match[str]) -> Iterator[Mention]:
    unit = "%" if found["percent"] else found["unit"] or ""
    value = _value(found)
    if value is None or (found["chinese"] and not found["percent"] and not _counts(text, found)):
        return
    magnitude = Decimal(_MAGNITUDES[found["magnitude"] or ""])
    digits = (found["arabic"] or "").replace(",", "").replace("，", "")
    places = len(digits.partition(".")[2])
    yield Mention(
        found.start(),
        found.end(),
        found.group(),
        value * magnitude,
        unit,
        _precision(found),
        magnitude / Decimal(10) ** places,
        _noun(text[: found.start()]),
    )


def _value(found: re.Match[str]) -> Decimal | None:
    if found["arabic"]:
        return Decimal(found["arabic"].replace(",", "").replace("，", ""))
    return chinese_value(found["chinese"])


def chinese_value(text: str) -> Decimal | None:
    """Read a Chinese numeral such as 二十五, 一百零三, 三点五; None for what is none."""
    whole, _, part = text.partition("点")
    total = current = 0
    for sign in whole:
        if sign in _DIGITS:
            current = current * 10 + _DIGITS[sign] if current and sign != "零" else _DIGITS[sign]
        else:
            total += (current or 1) * _TENS[sign]
            current = 0
    if not part:
        return Decimal(total + current)
    if any(sign not in _DIGITS for sign in part):
        return None
    return Decimal(f"{total + current}.{''.join(str(_DIGITS[sign]) for sign in part)}")


def _counts(text: str, found: re.Match[str]) -> bool:
    """Whether a Chinese numeral counts something here."""
    after = text[found.end("number") :]
    if not _COUNTED.match(after):
        return False
    return not (found["chinese"] == "一" and _NO_COUNT_AFTER.match(text[found.start("number") :]))


def _precision(found: re.Match[str]) -> Precision:
    before, after = found["before"] or "", found["after"] or ""
    if (
        found["rough"]
        or found["rough2"]
        or after in ("以上", "余")
        or before in ("超过", "超", "逾", "突破", "不少于", "不低于")
    ):
        return Precision.OVER
    if before in ("近", "不足", "不超过") or after in ("以下", "以内"):
        return Precision.NEAR
    return Precision.ABOUT if before in ("约", "大约") or after == "左右" else Precision.EXACT


def _noun(before: str) -> str:
    """The words of the clause before a number."""
    return re.split(r"[，。；：、！？（）()\n,;:|]", before)[-1][-14:].strip()
