"""Lists of persons with planted errors, for which the right matches are known.

They are the same in every run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random

from xuezheng.demo import Row
from xuezheng.demo.district import chance
from xuezheng.demo.people import DemoPerson, People
from xuezheng.linkage.names import plain, sound
from xuezheng.records.identifiers import id_check_digit


@dataclass(frozen=True, slots=True)
class Planted:
    """A row of a list of persons, with a planted error.

    ``kind`` is the Chinese name of the error; ``truth`` is the index of the right person in the list of
    people, None for a stranger. ``number`` is the ID number as written, "" for none; ``school`` is a name, ""
    for none.
    """

    kind: str
    truth: int | None
    name: str
    number: str
    born: date | None
    sex: str
    school: str


_Spoil = Callable[[Random, Planted], Planted]
_VILLAGES = ("上坞村", "竹岭村", "石门村", "茶溪村", "桥头村", "古井村", "云脚村", "南塘社区")
_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
_OLDER_SIGNS = {
    "张": "張", "刘": "劉", "陈": "陳", "杨": "楊", "黄": "黃", "吴": "吳", "孙": "孫", "马": "馬", "郑": "鄭", "叶": "葉", "伟": "偉",
    "杰": "傑", "军": "軍", "丽": "麗", "艳": "艷", "静": "靜", "强": "強", "哲": "喆", "鸿": "鴻", "书": "書", "云": "雲", "航": "航",
    "启": "啓", "铭": "銘", "鹏": "鵬", "诗": "詩", "语": "語", "梦": "夢", "紫": "紫", "晓": "曉", "兰": "蘭", "汪": "汪",
}  # fmt: skip


def planted(
    rng: Random, people: Sequence[tuple[DemoPerson, str]], strangers: int, rows: int
) -> Iterator[Planted]:
    """Yield ``rows`` rows of a list with planted errors.

    The first ``rows - strangers`` rows are of persons chosen at random from ``people``, each at most once; each
    has an error, or none, by the shares in :data:`KINDS`. The last ``strangers`` rows are of invented persons
    who are not among ``people``; every third has the name of one of them. ``people`` are (person, school
    name), at least as many as the first rows. The same ``rng`` and ``people`` give the same rows.
    """
    kinds = [kind for kind, (share, _) in KINDS.items() for _ in range(share)]
    for truth in rng.sample(range(len(people)), rows - strangers):
        person, school = people[truth]
        kind = rng.choice(kinds)
        row = Planted(kind, truth, *person.cells, person.born, person.sex, school)
        yield KINDS[kind][1](rng, row)
    others = People(person for person, _ in people)
    for turn in range(strangers):
        made = others.make(rng, date(rng.randrange(2000, 2016), 9, 1))
        like, school = rng.choice(people)
        name = like.name if turn % 3 == 0 else made.name
        number = "" if turn % 5 == 0 else made.id_number
        kind = "别处的同名人" if name == like.name else "别处的人"
        yield Planted(kind, None, name, number, made.born, made.sex, school if turn % 2 else "")


def list_row(
    category: str,
    day: date,
    place: int,
    planted: Planted,
    right_number: str,
    stage: str = "",
    division: str = "",
) -> Row:
    """Return a planted row as a row of the sheet 外部名单 (outside list).

    ``place`` is the row's number on the list. The parent and the village are invented from ``right_number``,
    the person's true ID number, so that they are the same on every list.
    """
    family = chance(f"家庭 {right_number}")
    return (
        category, str(day), str(place), planted.name, planted.number, str(planted.born), planted.sex,
        planted.name[0] + family.choice("建国卫东秀英桂兰"), family.choice(_VILLAGES), stage, planted.school, division,
    )  # fmt: skip


def _as_it_is(rng: Random, row: Planted) -> Planted:
    return row


def _typed(rng: Random, row: Planted) -> Planted:
    number = rng.choice(
        (row.number.translate(_FULL_WIDTH), f" {row.number[:6]} {row.number[6:14]} {row.number[14:]}", row.number.lower(), f"'{row.number}")
    )  # fmt: skip
    return replace(row, number=number, name="　".join(row.name) if len(row.name) == 2 else row.name)


def _old_number(rng: Random, row: Planted) -> Planted:
    return replace(row, number=row.number[:6] + row.number[8:17])


def _one_digit(rng: Random, row: Planted) -> Planted:
    place = rng.randrange(17)
    replacement = rng.choice([digit for digit in "0123456789" if digit != row.number[place]])
    return replace(row, number=row.number[:place] + replacement + row.number[place + 1 :])


def _swapped(rng: Random, row: Planted) -> Planted:
    number = row.number
    place = rng.choice([at for at in range(16) if number[at] != number[at + 1]])
    return replace(row, number=number[:place] + number[place + 1] + number[place] + number[place + 2 :])


def _excel(rng: Random, row: Planted) -> Planted:
    return replace(row, number=f"{row.number[:15]}000")


def _scientific(rng: Random, row: Planted) -> Planted:
    return replace(row, number=f"{row.number[0]}.{row.number[1:15].rstrip('0')}E+17")


def _no_number(rng: Random, row: Planted) -> Planted:
    return replace(row, number="")


def _same_sound(rng: Random, row: Planted) -> Planted:
    return replace(row, name=_with_another_sign(rng, row.name, same_sound=True))


def _same_sound_no_number(rng: Random, row: Planted) -> Planted:
    return _no_number(rng, _same_sound(rng, row))


def _one_sign(rng: Random, row: Planted) -> Planted:
    return (
        replace(row, name=_with_another_sign(rng, row.name, same_sound=False)) if len(row.name) > 2 else row
    )


def _older_signs(rng: Random, row: Planted) -> Planted:
    return _no_number(rng, replace(row, name="".join(_OLDER_SIGNS.get(sign, sign) for sign in row.name)))


def _marks(rng: Random, row: Planted) -> Planted:
    """Replace the mark between the parts of a long name by another, or none; put a space into a short name."""
    mark = rng.choice(("•", "．", "・", "", " ", "."))
    name = row.name.replace("·", mark) if "·" in row.name else " ".join(row.name)
    return _no_number(rng, replace(row, name=name))


def _day_and_month(rng: Random, row: Planted) -> Planted:
    born = row.born
    if born is None or born.day > 12:
        return _no_number(rng, row)
    return replace(row, number="", born=date(born.year, born.day, born.month))


def _other_year(rng: Random, row: Planted) -> Planted:
    born = row.born
    if born is None or (born.month, born.day) == (2, 29):
        return _no_number(rng, row)
    return replace(row, number="", born=born.replace(year=born.year + rng.choice((-1, 1))))


def _lunar(rng: Random, row: Planted) -> Planted:
    return replace(row, number="", born=row.born and row.born - timedelta(days=rng.randrange(22, 49)))


def _parents_number(rng: Random, row: Planted) -> Planted:
    body = f"{row.number[:6]}{rng.randrange(1975, 1990)}{row.number[10:14]}{rng.randrange(1000):03}"
    return replace(row, number=body + id_check_digit(body))


def _other_name(rng: Random, row: Planted) -> Planted:
    """Replace the name in the row, whose number stays, by an entirely different one."""
    others = ("覃", "卜", "阮", "苗", "岑", "柏")
    return replace(row, name=rng.choice(others) + rng.choice(("大壮", "小满", "冬至", "立夏")), school="")


#: The kinds of planted errors: of a hundred rows how many get it, and the function that makes it.
KINDS: dict[str, tuple[int, _Spoil]] = {
    "无误": (40, _as_it_is),
    "号码含空格全角": (8, _typed),
    "十五位旧号": (3, _old_number),
    "号码错一位": (6, _one_digit),
    "相邻两位颠倒": (4, _swapped),
    "末三位成零": (5, _excel),
    "科学计数": (4, _scientific),
    "缺号码": (6, _no_number),
    "同音字": (4, _same_sound),
    "同音字缺号码": (3, _same_sound_no_number),
    "错一字": (3, _one_sign),
    "异体字缺号码": (3, _older_signs),
    "间隔号缺号码": (2, _marks),
    "月日颠倒缺号码": (2, _day_and_month),
    "年份差一缺号码": (2, _other_year),
    "农历缺号码": (1, _lunar),
    "误填家长号码": (3, _parents_number),
    "号码与姓名不符": (1, _other_name),
}


def _with_another_sign(rng: Random, name: str, same_sound: bool) -> str:
    place = rng.randrange(1, len(name))
    pool = _homophones()[sound(name[place])] if same_sound else "伍岩冉凤凡刊卉吟妙岸峥帆庭弘怀"
    others = [sign for sign in pool if plain(sign) != plain(name[place])]
    return name[:place] + rng.choice(others) + name[place + 1 :] if others else name


@cache
def _homophones() -> dict[str, list[str]]:
    """Return the 3755 most used characters (GB 2312, level 1), by their pronunciation."""
    signs_by_sound: dict[str, list[str]] = defaultdict(list)
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF if row < 0xD7 else 0xFA):
            sign = bytes((row, cell)).decode("gb2312")
            signs_by_sound[sound(sign)].append(sign)
    return signs_by_sound
