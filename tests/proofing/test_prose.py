"""Sentences of reports: what agrees is let be, what does not is told with the number that it should be."""

import pytest

from xuezheng.proofing import audit
from xuezheng.proofing.number_tokens import find_number_tokens
from xuezheng.proofing.reading import Source, pasted

RIGHT = [
    "资助建档立卡学生350人、21.525万元（高中26人3.9万元，义务教育268人14.625万元，学前54人2.7万元，高校2人0.3万元）。",
    "交流轮岗120人（其中校长、副校长7人），占应交流427人的28.1%，骨干教师占30.1%。",
    "资助困难幼儿68人，每人每学期500元，共3.4万元。",
    "学校由38所增加到40所，增加2所。",
    "高考报名1197人，其中文史类464人，理工类733人。",
    "评出五星级4个、四星级5个、三星级7个，共16个。",
    "今年招生1200人，去年招生1000人，增长20%。",
    "应检9196人，实检9100人，受检率99%。",
    "2019年，全区有学校40所，教师1000余人，召开第25届运动会，印发云教〔2019〕12号文件。",
    "培训教师120人，其中骨干教师30人、新教师20人。",
    "小学、初中、高中分别为6101人、3095人、3500人，共12696人。",
    "投入资金0.89亿元，用于3所学校建设，惠及学生1200人。",
    "上年结转26.4万元，本年拨款480.25万元，本年支出412.9万元，年末结转和结余93.75万元。",
    "公务接待等费用预算30万元，决算21.5万元，决算数小于预算数8.5万元。其中：公务用车15.3万元，公务接待6.2万元。",
    "在园幼儿9,426人，其中公办园5,312人，占56.35%，普惠性民办园3,070人，占32.57%。",
    "新增学位2,400个，小学700个，初中900个。",
]
WRONG = [
    ("资助350人、21.525万元（高中26人3.9万元，义务268人14.625万元，学前54人2.7万元，高校3人0.3万元）。", "sum", "350人", "351人"),
    ("资助350人、21.525万元（高中26人3.9万元，义务268人14.625万元，学前54人2.7万元，高校2人0.4万元）。", "sum", "21.525万元", "21.625万元"),
    ("高考报名1197人，其中文史类464人，理工类743人。", "sum", "1197人", "1207人"),
    ("评出五星级4个、四星级5个、三星级7个，共17个。", "sum", "17个", "16个"),
    ("交流教师120人，占应交流427人的29.1%。", "share", "120人", "28.1%"),
    ("应检9196人，实检9100人，受检率95%。", "share", "9100人", "99"),
    ("资助困难幼儿68人，每人每学期500元，共3.5万元。", "standard", "68人", "3.4万元"),
    ("上年结转1226.4万元，本年拨款480.25万元，本年支出412.9万元，年末结转和结余1297.35万元。", "change", "1297.35万元", "1293.75万元"),
    ("学校由38所增加到40所，增加3所。", "change", "38所", "2所"),
    ("在校学生由15000人下降到15200人。", "change", "15000人", "增加"),
    ("今年招生1200人，去年招生1000人，增长25%。", "change", "1000人", "20"),
    ("培训教师120人，其中骨干教师130人。", "sum", "120人", "多于总数120人"),
]  # fmt: skip


@pytest.mark.parametrize("text", RIGHT)
def test_what_agrees_is_let_be(text):
    assert audit(pasted(text)).discrepancies == ()


@pytest.mark.parametrize(("text", "rule", "number", "told"), WRONG)
def test_what_does_not_agree_is_told(text, rule, number, told):
    [slip] = audit(pasted(text)).discrepancies
    assert slip.rule.value == rule
    assert number in slip.numbers
    assert told in slip.message
    assert slip.where in text


def test_one_thing_told_twice_with_two_numbers_is_told():
    text = "全区义务教育在校学生9196人。\n教育教学质量稳步提升。\n义务教育在校学生9169人全部免除学杂费。"
    [slip] = audit(pasted(text)).discrepancies
    assert (slip.rule.value, slip.numbers) == ("repeat", ("9196人", "9169人"))


GRID = (
    ("学段", "人数", "标准（元）", "金额（元）"),
    ("学前", "54", "500", "27000"),
    ("小学", "170", "500", "85000"),
    ("初中", "98", "625", "61250"),
    ("合计", "322", "", "173250"),
)


def with_cell(row, column, text):
    lines = [list(line) for line in GRID]
    lines[row][column] = text
    return Source((), (("资助表", tuple(map(tuple, lines))),))


def test_a_table_that_adds_up_is_let_be():
    assert audit(with_cell(0, 0, "学段")).discrepancies == ()


@pytest.mark.parametrize(
    ("row", "column", "text", "told"),
    [
        (4, 1, "323", "各项之和是322，合计写的是323"),
        (4, 3, "173520", "各项之和是173250，合计写的是173520"),
        (2, 3, "58000", "170×500应为85000，表中写的是58000"),
    ],
)
def test_a_table_that_does_not_add_up_is_told_with_its_place(row, column, text, told):
    slips = audit(with_cell(row, column, text)).discrepancies
    assert told in " ".join(slip.message for slip in slips)
    assert all(slip.where.startswith("资助表：") for slip in slips)


@pytest.mark.parametrize(
    "text",
    ["在园幼儿[3]", "党的二十大召开", "2017学年", "（2015-2017）", "普惠幼儿园［注12］"],
)
def test_notes_congresses_and_years_are_no_numbers(text):
    assert find_number_tokens(text) == []


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("累计16.06万亿元", 16_060_000_000_000, "元"),
        ("校舍1.2万平米", 12_000, "平方米"),
        ("受理216件次", 216, "件"),
    ],
)
def test_a_number_has_its_magnitude_and_unit(text, value, kind):
    [mention] = find_number_tokens(text)
    assert (mention.value, mention.kind) == (value, kind)


def test_the_cell_that_explains_two_sums_is_named():
    grid = (
        ("乡镇", "小学", "初中", "合计"),
        ("东镇", "120", "84", "204"),
        ("西镇", "98", "60", "140"),
        ("南镇", "76", "51", "127"),
        ("合计", "294", "177", "471"),
    )
    [slip] = audit(Source((), (("在校生", grid),))).discrepancies
    assert slip.where == "在校生：“西镇”行，“初中”列"
    assert "若其余各数无误，这一格应为42" in slip.message


def test_a_table_of_one_row_is_checked_by_its_headings():
    heads = ("合计", "合计", "接待费", "接待费", "用车费", "用车费"), ("预算数", "决算数") * 3
    right = ("18.6", "11.43", "6.2", "3.18", "12.4", "8.25")
    assert audit(Source((), (("三公经费", (*heads, right)),))).discrepancies == ()
    wrong = ("18.6", "11.43", "6.2", "31.8", "12.4", "8.25")
    [slip] = audit(Source((), (("三公经费", (*heads, wrong)),))).discrepancies
    assert slip.where == "三公经费：“第3行”行，“接待费·决算数”列"


def test_two_blocks_beside_each_other_are_each_added_up():
    grid = (
        ("收入", "决算数", "支出", "决算数"),
        ("拨款", "58.3", "教育", "61.3"),
        ("其他", "7.1", "住房", "4.1"),
        ("合计", "65.4", "合计", "65.4"),
    )
    assert audit(Source((), (("收支", grid),))).discrepancies == ()
    [slip] = audit(Source((), (("收支", (*grid[:2], ("其他", "7.1", "住房", "41"), grid[3])),))).discrepancies
    assert slip.where == "收支：“住房”行，“决算数”列"
