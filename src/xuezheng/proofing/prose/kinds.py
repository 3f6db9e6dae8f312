"""What the words for the items of a list say: whether they overlap, exclude each other, or make the list complete."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xuezheng.proofing.number_tokens import NumberToken

#: Traits that overlap: women and seniors are not parts of one whole, women and men are.
_TRAITS = tuple(
    re.compile(words)
    for words in (
        "女|男",
        "岁",
        "研究生|硕士|博士|本科|大专|学历",
        "职称|高级(?!中学)|中级|初级(?!中学)|特级|骨干|带头人|名师|优秀",
        "党员|团员",
        "民族",
        "等奖",
        "寄宿(?!制)|住校|走读",
        "留守|随迁|残疾|建档立卡|脱贫|低保|贫困|困难|孤儿",
    )
)
#: Lists whose items exclude each other: each item is of one of the kinds only.
_PARTITIONS = tuple(
    tuple(re.compile(kind) for kind in kinds)
    for kinds in (
        ("幼儿|学前|托", "小学", "初中", "高中|高职中", "中职|职高|职教|职业|中专|技工", "特教|特殊", "高校|大学|大专", "义务", "九年|一贯|完全中学"),
        ("历史|文科|文史", "物理|理科|理工", "艺术|体育|艺体", "其他|其余"),
        ("中央", "省", "市", "县|区", "乡|镇|村", "社会|自筹|捐|其他"),
        ("国家级", "省级", "市级", "县级|区级", "校级"),
        ("春", "秋"),
        ("已", "在|正在", "未|待|拟", "其他|其余"),
        ("公务接待", "公务用车", "出国|出境"),
        ("企业|单位", "个人"),
        ("特教|特殊", "随班", "送教"),
        ("新建", "改扩建|改建|扩建"),
        ("校内", "校外"),
        ("公办", "民办"),
        ("一季度", "二季度", "三季度", "四季度"),
        ("重大", "较大", "一般"),
        ("优秀", "良好", "(?<!不)(?:合格|及格)", "不合格|不及格"),
        ("领导|班子|管理", "中层", "专任|教师", "教辅", "工勤|职工|后勤"),
        ("正高", "副高|高级", "中级|一级教师", "初级|二级|三级", "未评|未定|无职称"),
        ("建筑|建安|土建", "安装", "设备", "其他|其它", "预备"),
        ("流动资产", "固定资产", "在建工程", "无形资产"),
        ("工资福利", "商品和?服务", "对个人", "资本性"),
    )
)  # fmt: skip
#: Kinds that together are all there are: a list with an item of each is complete.
_ALL = tuple(
    tuple(re.compile(kind) for kind in kinds)
    for kinds in (
        ("幼儿|学前", "小学", "初中", "高中"),
        ("特教|特殊", "随班", "送教"),
        ("公办", "(?<!普惠)(?<!普惠性)民办"),
        ("历史|文科|文史", "物理|理科|理工"),
        ("已", "在|正在", "未|待|拟"),
        ("公务接待", "公务用车"),
        ("企业|单位", "个人"),
        ("新建", "改扩建|改建|扩建"),
        ("春", "秋"),
        ("校内", "校外"),
        ("城区|县城|城镇", "镇区", "乡村|农村"),
        ("城区|县城|城镇", "乡镇|农村|乡村"),
        ("(?<!非)税收?", "非税"),
        ("人员", "公用"),
        ("基本支出", "项目支出"),
        ("(?<!女)男", "女"),
        ("在编|公办", "聘用|编外|临聘|(?<!普惠)(?<!普惠性)民办"),
        ("在职", "退休|离退"),
        ("离休", "退休"),
        ("首贷", "续贷"),
        ("党委", "总支", "支部(?!书记)"),
        ("货物", "工程", "服务"),
        ("中央", "省", "市|县|区"),
        ("一般公共预算", "政府性基金"),
        ("研究生", "本科", "专科|大专", "高中|中专"),
        ("本科", "专科|大专", "高中|中专"),
        ("[^本]满意", "基本满意", "不满意"),
        ("(?<!本)(?<!未)(?<!不)(?:达标|合格|完成)", "基本|部分", "未|不"),
        ("已|(?<!未)(?<!正在)完成|办结", "在|正|推进"),
        ("(?<!未)(?<!不)达(?:标|到)", "未达"),
        ("立行立改|立即整改|现场整改|当场整改", "限期整改"),
        ("(?<!不)优秀", "良好", "不合格|不及格"),
        ("非常满意", "(?<!不)(?<!非常)满意", "不满意"),
        ("专职", "兼职"),
        ("住宿|寄宿|住校", "走读|通学"),
        ("应届", "往届|历届"),
        ("汉族", "少数民族"),
        ("夏粮", "秋粮"),
    )
)
#: Years and stages that are complete where the total says so: 三年累计, 义务教育.
_YEAR = re.compile("(?P<year>20[0-9]{2})年")
_YEARS = re.compile("(?P<count>[两二三四五])年(?:来|累计|共|合计|间|)")
_COUNTS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5}
#: Kinds that the text counts: a list with each of them is complete, whatever else it holds.
_IN_ORDER = tuple(
    tuple(re.compile(kind) for kind in kinds)
    for kinds in (
        ("第一产业", "第二产业", "第三产业"),
        ("七年级|初一", "八年级|初二", "九年级|初三"),
        ("高一", "高二", "高三"),
        tuple(f"{grade}年级" for grade in "一二三四五六"),
        ("大班", "中班", "小班"),
    )
)
#: Kinds that are all there are of some totals only.
_ALL_OF = tuple(
    (re.compile(total), tuple(map(re.compile, kinds)))
    for total, kinds in (
        ("义务教育", ("小学", "初中")),
        ("收入总|总收入|收入合计", ("本年|当年", "年初|上年|期初")),
        ("支出总|总支出|支出合计", ("本年|当年", "年末|期末|下年")),
        ("奖|获", ("一等奖", "二等奖", "三等奖")),
        ("采购", ("货物", "服务")),
        ("采购", ("货物", "工程")),
        ("编制|在职|在编|实有", ("行政", "事业")),
    )
)
#: Names of classes: A级, 一类, 甲等. A list that names each of them is complete.
_CLASSES = tuple(
    tuple(re.compile(f"{sign}[级类等档]") for sign in signs[:length])
    for signs in ("ABCDE", "一二三四五", "甲乙丙丁")
    for length in range(3, len(signs) + 1)
)
_CLASS = re.compile("(?P<word>等次|等级)$")
_AGES = (re.compile("岁(?:及|（含）)?以下|以下"), re.compile("岁(?:及|（含）)?以上|以上"))
_AGE = re.compile("岁")
_MOST_KINDS = 12  # of one partition, and some
#: Matches words for the rest: a list whose last item is so named leaves nothing out of its total.
REST = re.compile("其他|其它|其余|余下|剩余|另有")


def have_one_trait(parts: Sequence[NumberToken]) -> bool:
    """Return whether the words before some numbers distinguish them by a single trait, such as the school stage.

    Only such numbers can make up a total; women (a trait of sex) and seniors (a trait of rank) overlap.
    """
    if count_kinds(parts) == len(parts):
        return True
    traits = {tuple(bool(trait.search(part.noun)) for trait in _TRAITS) for part in parts if part.noun}
    return len(traits) <= 1 or (len(traits) == 2 and REST.search(parts[-1].noun) is not None)


def count_kinds(parts: Sequence[NumberToken]) -> int:
    """Return the number of ``parts`` if each is of another kind of one classification, such as 小学, 初中, 高中; else 0.

    Then they do not overlap. The kinds are known by the words before the numbers.
    """
    years = [match["year"] for part in parts if (match := _YEAR.search(part.noun))]
    if len(set(years)) == len(parts):
        return len(parts)
    if len(parts) > _MOST_KINDS:
        return 0
    for kinds in (*_PARTITIONS, *_ALL, *_IN_ORDER, *_CLASSES, *(kinds for _, kinds in _ALL_OF)):
        own = [
            next((order for order, kind in enumerate(kinds) if kind.search(_words(part))), None)
            for part in parts
        ]
        if None not in own and len(set(own)) == len(parts):
            return len(parts)
    return 0


def is_complete(parts: Sequence[NumberToken], total: NumberToken) -> bool:
    """Return whether the words before the numbers of a list say that it leaves nothing out of its total.

    That is so where its last item is the rest (其他), or there is an item of each kind of a classification. For
    years and school stages, the words before ``total`` say how many there are: 三年累计, 义务教育.
    """
    if REST.search(parts[-1].noun):
        return True
    if _are_all_ages(parts) or _are_classes(parts):
        return True
    if count_kinds(parts) != len(parts):
        return False
    if (match := _YEARS.search(total.noun)) and _YEAR.search(parts[0].noun):
        return _COUNTS[match["count"]] == len(parts)
    alternatives = (
        *_ALL,
        *_IN_ORDER,
        *(kinds for name, kinds in _ALL_OF if name.search(total.noun)),
        *(kinds for kinds in _CLASSES if len(kinds) == len(parts)),
    )
    return any(
        all(any(kind.search(_words(part)) for part in parts) for kind in kinds) for kinds in alternatives
    )


def choose_complete(parts: Sequence[NumberToken]) -> tuple[NumberToken, ...]:
    """Return those of ``parts`` that are the kinds of one ordered classification (高一, 高二, 高三), in order of the text.

    The others are then parts of these. Returns () where no classification has each of its kinds exactly once.
    """
    for kinds in _IN_ORDER:
        chosen = [[part for part in parts if kind.search(part.noun)] for kind in kinds]
        if all(len(each) == 1 for each in chosen):
            return tuple(sorted((each[0] for each in chosen), key=lambda part: part.start))
    return ()


def _are_classes(parts: Sequence[NumberToken]) -> bool:
    """Whether parts are named as the grades of one assessment: 优秀等次15所、良好等次38所、合格等次19所."""
    classes = {match["word"] if (match := _CLASS.search(part.noun)) else "" for part in parts}
    return len(parts) > 2 and len(classes) == 1 and "" not in classes


def _are_all_ages(parts: Sequence[NumberToken]) -> bool:
    """Whether parts are groups by age, the first and the last of which are open: 45岁以上15人，35至45岁17人，35岁以下12人."""
    names = [_words(part) for part in parts]
    if len(parts) < 3 or not all(_AGE.search(name) for name in names):
        return False
    below, above = ([bool(bound.search(name)) for name in names] for bound in _AGES)
    return sum(below) == sum(above) == 1 and {below.index(True), above.index(True)} == {0, len(parts) - 1}


def _words(part: NumberToken) -> str:
    """Return the words that name a part: those before it, or after it where a clause begins with it: 8件已完成."""
    return part.noun if part.noun.strip() else part.tail
