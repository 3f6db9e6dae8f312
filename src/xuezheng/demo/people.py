"""Invented people: names put together from lists of characters, ID numbers of fictitious divisions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from xuezheng.records.identifiers import id_check_digit

# Where people are registered or study. No real division code begins with 97, 98 or 99.
DISTRICT = "990101"
SAME_PROVINCE = {"990201": "青澜", "990202": "宁湾", "990203": "石埠", "990215": "松陂"}
OTHER_PROVINCES = {"980102": "鹤汀", "980311": "海岚", "970105": "南屿"}

_SURNAMES = (
    "汪程胡方江吴洪王李张" * 5
    + "刘陈杨黄周徐孙马朱郑许鲍曹潘" * 2
    + "郭何高林罗宋谢唐韩冯于董萧曾彭吕苏卢蒋蔡贾丁魏薛叶阎余杜戴夏钟田任"
    + "姜范石姚谭廖邹熊金陆郝孔白崔康毛邱秦史顾侯"
)
_DOUBLE_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "皇甫", "令狐", "端木", "东方")
_BOYS = "明伟强磊军洋勇杰涛超博浩宇轩泽睿子昊晨阳嘉俊文天佑志远航景行承安鸿书墨云山松柏岳川鹏毅恒哲彦霖启铭"
_GIRLS = "静敏丽娟艳芳娜秀霞雪梅婷颖琳欣怡梓涵雨桐诗语佳思若曦可馨依诺心妍梦瑶紫萱晓月清荷兰芷竹悦然宁筱彤"
_LONG_FIRST = {"男": ("艾力", "库尔班", "玉素甫", "阿布都"), "女": ("阿依努尔", "古丽娜", "热依汗", "帕丽达")}
_LONG_LAST = ("吐尔洪", "艾合买提", "卡德尔", "司马义", "依明")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person of the demonstration.

    ``sex`` is 男 or 女, ``household`` the code of the division of household registration (户籍).
    """

    name: str
    sex: str
    born: date
    id_number: str
    household: str

    @property
    def cells(self) -> tuple[str, str]:
        """The cells that identify the person in a row of a workbook: name and ID number."""
        return self.name, self.id_number


class People:
    """Generates people with unique ID numbers, which differ from those of the ``known`` people."""

    def __init__(self, known: Iterable[DemoPerson] = ()) -> None:
        self._taken = {person.id_number[:17] for person in known}

    def make(self, rng: Random, first_birthday: date, household: str = DISTRICT) -> DemoPerson:
        """Return a new person born within the 365 days from ``first_birthday`` on."""
        born = first_birthday + timedelta(days=rng.randrange(365))
        sex = rng.choice("男女")
        return DemoPerson(_name(rng, sex), sex, born, self._id_number(rng, born, sex, household), household)

    def _id_number(self, rng: Random, born: date, sex: str, division: str) -> str:
        while True:
            serial = 2 * rng.randrange(500) + (sex == "男")
            body = f"{division}{born:%Y%m%d}{serial:03}"
            if body not in self._taken:
                self._taken.add(body)
                return body + id_check_digit(body)


def _name(rng: Random, sex: str) -> str:
    draw = rng.random()
    if draw < 0.002:
        return f"{rng.choice(_LONG_FIRST[sex])}·{rng.choice(_LONG_LAST)}"
    surname = rng.choice(_DOUBLE_SURNAMES) if draw < 0.012 else rng.choice(_SURNAMES)
    signs = _BOYS if sex == "男" else _GIRLS
    return surname + rng.choice(signs) + (rng.choice(signs) if rng.random() < 0.85 else "")
