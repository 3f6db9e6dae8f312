"""Finding the numbers in a text, with value, unit, precision, and the words around each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cached_property

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
    "万亿": 10**12,
}
#: Full-width digits and half-width punctuation, made alike sign by sign so that places stay the same.
_ALIKE = {0xFF10 + digit: str(digit) for digit in range(10)} | str.maketrans("．％;:!?()", ".%；：！？（）")
_COMMA = re.compile(r",(?![0-9]{3}(?![0-9]))|(?<![0-9]),")

# Measure words after which a number counts something.
UNITS = (
    "个百分点", "百分点", "批次", "项次", "平方公里", "平方米", "立方米", "人次", "场次", "班次", "所次", "校次", "户次", "件次", "家次", "课时", "学时",
    "公里", "千米", "公顷", "公斤", "小时", "分钟", "个月", "个班", "人份", "平米", "方米", "人", "名", "位", "户", "所", "个", "项", "元",
    "米", "亩", "场", "次", "篇", "份", "件", "套", "台", "册", "间", "班", "期", "门", "节", "天", "岁", "家", "支", "条",
    "部", "辆", "处", "座", "栋", "幢", "吨", "倍", "笔", "张", "本", "块", "片", "对", "株", "盏", "轮", "批", "组", "枚",
    "幅", "首", "堂", "例", "宗", "届", "起", "盘", "队", "棵", "只", "周", "类", "分", "㎡", "m²", "%", "‰",
)  # fmt: skip
_PEOPLE = {"人", "名", "位"}
_SAME_UNIT = {
    "平米": "平方米",
    "方米": "平方米",
    "件次": "件",
    "㎡": "平方米",
    "m²": "平方米",
    "千米": "公里",
    "个班": "班",
    "百分点": "个百分点",
}

# Runs of signs are bounded, so that no text takes long to read; longer ones are identifiers, not numbers.
_ARABIC = r"(?<![0-9.])-?(?:[0-9]{1,3}(?:[,，][0-9]{3}){1,5}(?![0-9])|[0-9]{1,15})(?![0-9])(?:\.[0-9]{1,9}(?![0-9]))?"
_CHINESE = "[一二三四五六七八九十百千两零〇]{1,9}"
#: 最近、附近、节约 and 签约 say nothing of how exact a number is.
_BEFORE = r"(?P<before>(?<![最附])近|(?<![节签预])约|大约|超过|超|逾|突破|不足|不少于|不低于|不超过)?"
#: 12分别 is 12, then 分别.
_UNIT = (
    rf"(?:{'|'.join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))})(?<!分(?=[别之布类]))"
)
_RANGE = r"(?P<range>(?<![0-9.])[0-9]{1,9}(?:\.[0-9]{1,4})?%?\s?[-—–~～至]{1,2}\s?)?"
_NUMBER = re.compile(
    rf"{_BEFORE}\s?{_RANGE}(?P<percent>百分之)?(?P<number>(?P<arabic>{_ARABIC})|(?P<chinese>{_CHINESE}(?:点{_CHINESE})?))"
    rf"\s?(?P<rough>余|多|来)?\s?(?P<magnitude>十万|百万|千万|万亿|万|亿|百|千)?(?P<rough2>余|多)?\s?(?P<unit>{_UNIT})?"
    rf"(?P<after>以上|以下|以内|左右|余)?"
)
# What looks like a number and counts nothing.
_NO_NUMBER = re.compile(
    "|".join(
        (
            r"(?:19|20)[0-9]{2}\s?[-—－–~～至]\s?(?:19|20)[0-9]{2}(?![0-9.])\s?学?年?度?",  # 2018—2019学年
            r"(?:19|20)[0-9]{2}学年度?|十[一二三四五六七八九]?大|二十[一二三四]?大",
            r"[\[［【〔]注?[0-9]{1,3}[\]］】〕]",  # footnotes
            r"(?:[0-9]{4}|[0-9]{2})\s?年(?:\s?[0-9]{1,2}\s?月份?)?(?:\s?[0-9]{1,2}\s?[日号])?",
            r"[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?[日号]?\s?[-—－~～至]\s?(?:[0-9]{1,2}\s?月)?\s?[0-9]{1,2}\s?[日号]",
            r"[0-9]{1,2}\s?[-—－~～至]\s?[0-9]{1,2}\s?月份?",
            r"[0-9]{1,2}\s?月份?(?:\s?[0-9]{1,2}\s?[日号])?|[0-9]{1,2}\s?[日号](?!线)",
            r"[0-9]{1,2}\s?时\s?[0-9]{2}分?|(?<![0-9.])[0-9.]++(?:\s?[：∶/+]\s?[0-9.]++)+",  # 8:30, 1∶16, 123/125, 2+1
            r"0[0-9]{2,3}-[0-9]{7,8}|(?<![0-9])[0-9]{7,}+号",  # telephones
            r"[〔\[［【（][0-9]{4}[〕\]］】）]\s?第?[0-9]{1,9}\s?号|(?<![0-9])[0-9]++号",  # document numbers
            r"第\s?(?:[0-9]+|[一二三四五六七八九十百]+)[届期次批轮名位个条款章节册组类]?",
            r"(?:[0-9]{1,2}|[一二三四五六七八九])\s?(?:[-—–~～至、]\s?(?:[0-9]{1,2}|[一二三四五六七八九])\s?)?(?:年级|等奖|年制)",
            r"[一二三四五六七八九十]{1,3}分之[一二三四五六七八九十]{1,3}",
            r"(?<![0-9.])[0-9]++(?:\.[0-9]++){2,}",  # 1.2.3
            r"《[^《》]{0,60}》|[“\"][^”\"]{0,12}[”\"]",  # titles and sayings
            r"[一二三四五六七八九十〇]{4}年|十[一二三四五]五|每[百千万]",
            r"[A-Za-z][0-9]++|(?<![0-9])[0-9]++[A-Za-z]++(?<!m)",
            r"[0-9]{1,3}\s?(?:[-—–~～至]\s?[0-9]{1,3}\s?)?周?岁(?=[及以的人组儿0-9（])|[0-9]{1,4}\s?周年",  # names of groups, anniversaries
            r"[一二三四五](?:、[一二三四五])*类(?=[校园区生高地模标人经岗]|幼儿|学校)",  # names of classes: 一、二类校
            r"不[漏落少掉丢]一[人户个名生]|[一二三四五六七八九十]{1,3}个方面",
            r"[一二三四五六七八九十]{1,3}[、是]|（[一二三四五六七八九十0-9]{1,3}）|[一两]方面",
            r"(?<![0-9、.．])[0-9]++(?=[、.．]\s?[\u4e00-\u9fff])",  # 1．, 2、 before a heading
        )
    )
)
# Chinese numerals count only before these, so that 统一, 一些, 三农 and the like are no numbers.
_COUNTED = re.compile(
    "[余多]|个|名|人|位|所|项|次|场|篇|家|支|期|间|台|套|条|座|处|件|户|批|门|类|对|万|亿|元|天|节|堂|组|大|起|轮|学时|课时|册|份"
)
_ONE_OF_MANY = re.compile("一(?:个|批|次|项|名|位|家|件|条|支|场|起|大|类|天|节|对)(?![，。、；：（）]|共)")
_AROUND = 200  # signs: of a passage without its brackets, many are blank
_CLAUSE = re.compile(r"[，。；：、！？（）\n|]")

#: Directly before a number: it states by how much something changed.
_CHANGE = re.compile(
    "(?:增加|增长|提高|上升|提升|扩大|净增|净减|减少|下降|降低|缩小|压减|压缩|节省|节约|超支|增幅|降幅|减幅|涨幅|升幅|高出|低|增[收支]|减[收支]|增减)"
    "(?:了|约|近|幅度|率|额)?(?:为|达)?$"
    "|(?:比|较|同比|环比)[^，]*(?:新增|增|减|降|多|少|高|低)(?:了|约|近)?$"
)
_BASE = re.compile(
    "去年|上年|上一年|上[次轮]|上期|上学期|前一年|同期|前年|(?:比|较|与|同)[^，]{0,16}(?:年|月|普查|[学日]期|届|年[初底末]|年度?(?:预算|决算)数?)的?$"
)
_PER = re.compile(
    "[人生户校班园师村场车年月日册台套辆件亩]均|平均|(?:均值|中位数)[达为]?$|每[^，]{1,12}$|标准(?:为|是|统一为)?$|单价"
)
#: What a share is of, before 的: 占总数120人的, 完成任务4000人次的.
_OF_WHICH = re.compile("占|(?:计划|任务|目标|预算)[一-鿿]{0,4}$")
_SLASH = re.compile(r"\s*/\s*[人生名户所年月天次]|[／/]")


class Precision(Enum):
    """How exactly a number is stated: exactly, as more than (余, 超过), as nearly (近, 不足) or as about (约)."""

    EXACT = "exact"
    OVER = "over"
    NEAR = "near"
    ABOUT = "about"


class Role(Enum):
    """The role of a number in its sentence."""

    LEVEL = "level"  # how much there is
    CHANGE = "change"  # by how much it changed
    BASE = "base"  # how much there was, or what something is a share of
    PER = "per"  # how much per head


@dataclass(frozen=True)
class NumberToken:
    """A number in a text, with its value, its unit and the words around it.

    It is ``text``, from ``start`` to ``end`` (excluded). ``value`` has 万 and 亿 multiplied out (21.5万元 is
    215000), a percentage is as written (3.9% is 3.9); ``quantum`` is the value of the last digit written: 0.1
    for 3.9%, 1000 for 21.5万元. ``unit`` is "" for a number without one. ``noun`` is the text before the number
    in its clause, at most 40 characters, ``tail`` the six characters directly after it.
    """

    start: int
    end: int
    text: str
    value: Decimal
    unit: str
    precision: Precision
    quantum: Decimal
    noun: str
    tail: str

    @property
    def kind(self) -> str:
        """The unit in one spelling, "" for none.

        Only numbers of one kind can be added. For all measure words for people it is 人.
        """
        return "人" if self.unit in _PEOPLE else _SAME_UNIT.get(self.unit, self.unit)

    @property
    def exact(self) -> bool:
        """Whether the number is stated exactly, so that its arithmetic can be checked."""
        return self.precision is Precision.EXACT

    @property
    def rounded(self) -> bool:
        """Whether the number may have been rounded: it is written with decimals or in 万."""
        return "." in self.text or "．" in self.text or self.quantum > 1

    @property
    def slack(self) -> Decimal:
        """The largest possible distance of the true value from the one written, because of rounding."""
        return self.quantum / 2 if self.rounded or self.kind == "%" else Decimal(0)

    @cached_property
    def role(self) -> Role:
        """The role of the number in its sentence, by the words before it."""
        if _CHANGE.search(self.noun):
            return Role.CHANGE
        if _PER.search(self.noun) or _SLASH.match(self.tail):
            return Role.PER
        of_which = self.tail.startswith("的") and _OF_WHICH.search(self.noun) is not None
        return Role.BASE if of_which or _BASE.search(self.noun) else Role.LEVEL


def alike(text: str) -> str:
    """Return a text with digits in ASCII and most punctuation in full width, so that patterns need one form only.

    Its length does not change, so that offsets stay valid.
    """
    return _COMMA.sub("，", text.translate(_ALIKE))


def find_number_tokens(text: str) -> list[NumberToken]:
    """Return the numbers of a text in order, in Arabic or Chinese digits, with their units.

    Dates, years, document numbers and other digits that count nothing are left out.
    """
    plain = alike(text)
    covered = bytearray(len(plain))
    for match in _NO_NUMBER.finditer(plain):
        covered[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    tokens: list[NumberToken] = []
    for match in _NUMBER.finditer(plain):
        if not any(covered[match.start("number") : match.end("number")]) and (value := _value(plain, match)):
            tokens.append(_token(text, plain, match, *value, since=tokens[-1].end if tokens else 0))
    return tokens


#: What no arithmetic applies to, though a report may take it from its records: 第25届, 入账至5月, 警示党员无.
_OTHERS = re.compile(
    rf"第(?:(?P<arabic>[0-9]+)|(?P<chinese>{_CHINESE}))(?P<unit>[届次期批轮])"
    r"|(?<![0-9年月])(?P<month>[0-9]{1,2})月(?![份0-9至])"
    r"|(?<=[\u4e00-\u9fff])(?P<none>无)(?=[，。；、）])"
)


def find_other_tokens(text: str) -> list[NumberToken]:
    """Return the numbers that :func:`find_number_tokens` leaves out: ordinals (第3届), months without a year, and 无 for zero."""
    plain = alike(text)
    tokens = []
    for match in _OTHERS.finditer(plain):
        digits = match["arabic"] or match["month"]
        value = Decimal(digits) if digits else chinese_value(match["chinese"] or "〇")
        if value is not None:
            tokens.append(
                NumberToken(
                    match.start(),
                    match.end(),
                    text[match.start() : match.end()],
                    value,
                    match["unit"] or ("月" if match["month"] else ""),
                    Precision.EXACT,
                    Decimal(1),
                    _CLAUSE.split(plain[max(match.start() - 40, 0) : match.start()])[-1],
                    plain[match.end() : match.end() + 6],
                )
            )
    return tokens


def _token(
    text: str, plain: str, match: re.Match[str], value: Decimal, quantum: Decimal, *, since: int
) -> NumberToken:
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    end = start + len(match.group().strip())
    return NumberToken(
        start,
        end,
        text[start:end],
        value,
        "%" if match["percent"] else match["unit"] or "",
        _precision(match),
        quantum,
        re.sub(r"\s", "", _CLAUSE.split(plain[max(since, start - _AROUND) : start])[-1])[-40:],
        re.sub(r"\s", "", plain[end : end + _AROUND])[:6],
    )


def _value(text: str, match: re.Match[str]) -> tuple[Decimal, Decimal] | None:
    """Return the value with its magnitude multiplied out, and the value of its last digit; None where the match is no number."""
    magnitude = Decimal(_MAGNITUDES[match["magnitude"] or ""])
    if match["arabic"]:
        digits = match["arabic"].replace(",", "").replace("，", "")
        return Decimal(digits) * magnitude, magnitude / Decimal(10) ** len(digits.partition(".")[2])
    if not match["percent"] and not _counts(text, match):
        return None
    value = chinese_value(match["chinese"])
    places = len(match["chinese"].partition("点")[2])
    return None if value is None else (value * magnitude, magnitude / Decimal(10) ** places)


def chinese_value(text: str) -> Decimal | None:
    """Return the value of a Chinese numeral such as 二十五, 一百零三 or 三点五.

    None where the part after 点 has other characters than digits; raises ``KeyError`` for such a character
    before it.
    """
    integer, _, fraction = text.partition("点")
    total = current = 0
    for sign in integer:
        if sign in _DIGITS:
            current = current * 10 + _DIGITS[sign]
        else:
            total += (current or 1) * _TENS[sign]
            current = 0
    if not fraction:
        return Decimal(total + current)
    if any(sign not in _DIGITS for sign in fraction):
        return None
    return Decimal(f"{total + current}.{''.join(str(_DIGITS[sign]) for sign in fraction)}")


def _counts(text: str, match: re.Match[str]) -> bool:
    """Whether a Chinese numeral counts something here: 十二所 does, 一个 in 一个重要方面 does not."""
    return bool(_COUNTED.match(text, match.end("number"))) and not _ONE_OF_MANY.match(
        text, match.start("number")
    )


def _precision(match: re.Match[str]) -> Precision:
    before, after = match["before"] or "", match["after"] or ""
    if match["range"] or before in ("约", "大约") or after == "左右":
        return Precision.ABOUT
    if (
        match["rough"]
        or match["rough2"]
        or after in ("以上", "余")
        or before in ("超过", "超", "逾", "突破", "不少于", "不低于")
    ):
        return Precision.OVER
    return Precision.NEAR if before or after in ("以下", "以内") else Precision.EXACT
