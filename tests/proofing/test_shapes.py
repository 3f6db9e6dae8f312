"""Shapes of sentences in which numbers belong together: each agrees as written, and is found where one of its numbers is wrong."""

import pytest

from xuezheng.proofing import audit
from xuezheng.proofing.discrepancies import Certainty
from xuezheng.proofing.reading import pasted

#: Each with a number that is right, and what is found where it is wrong.
SHAPES = [
    # A list whose items are told with other numbers, or semicolons divide; 教学班 counted as 个.
    ("现有教学班15个，学生731人，其中七年级5个班248人，八年级5个班240人，九年级5个班243人。", "731", "937"),
    ("投入256万元，其中：购置电脑120台，投入48万元；更新课桌900套，投入18万元；改造食堂3间，投入190万元。", "190", "109"),
    ("拨付义务教育经费3487.2万元。其中小学26850人，每生720元，拨付1933.2万元；初中拨付1554万元。", "3487.2", "4387.2"),
    # Several lists of the parts of one total; a total between two lists.
    ("现有教师44人，其中本科及以上31人，专科及以下13人；45岁以上15人，35至45岁17人，35岁以下12人。", "12人。", "21人。"),
    ("接受捐赠现金128.6万元、物资46.4万元，合计175万元；其中助学86.5万元，校建88.5万元。", "128.6", "218.6"),
    # Lists whose items have parts of their own; three kinds of which one has.
    ("现有学校48所。其中：高中2所，中职1所；义务教育学校30所，其中：初中9所，小学21所；幼儿园15所。", "48所", "84所"),
    ("增加值244亿元。其中：第一产业63亿元；第二产业65亿元，其中工业40亿元；建筑业25亿元。第三产业116亿元。", "116", "161"),
    # By what the text divides them; where the money comes from, in a sentence of its own.
    ("零售额86.2亿元。按经营地分，城镇61.5亿元，乡村24.7亿元。按类型分，商品75.3亿元，餐饮10.9亿元。", "75.3", "57.3"),
    ("总投资486万元，其中土建374万元、设备112万元。资金来源为中央补助290万元，县级配套196万元。", "290", "920"),
    # Totals that name their parts, count them, or sum what is spent.
    ("实有在编教师428名，空编23名；聘用教师31名，在编与聘用教师共459名。", "459", "549"),
    ("第一批到位420万元，第二批到位380万元，累计到位800万元。", "380", "830"),
    ("电脑86台，小计36.1万元；桌椅240套，小计86.4万元。合计326件，总价122.5万元。", "122.5", "212.5"),
    ("应收款由386万元降至128万元，压减258万元；应付款由612万元降至344万元，压减268万元，两项共压减526万元。", "526", "256"),
    # Receipts and expenses with what is carried over.
    ("收入总计254.4万元，其中：本年收入198.7万元，使用非财政拨款结余12.3万元，年初结转43.4万元。", "254.4", "524.4"),
    # Lists of equal length, item by item; growth from year to year.
    ("收、支总计分别为416.5万元和398.2万元，分别减少46.4万元、54.7万元，分别下降10.0%、12.1%。", "54.7", "45.7"),
    ("小学、初中教师分别为652人、428人；骨干教师分别为84人、64人，分别占12.9%、15.0%。", "15.0", "51.0"),
    ("三年投入分别为7.2亿元、7.8亿元、8.4亿元，后两年分别增长8.3%、7.7%。", "8.3", "3.8"),
    # Shares: in brackets, of what the clause or the item names, after the whole of the list, in a bracket after the rate.
    ("资金640万元，其中中央384万元（60%）、省级160万元（25%）、县级96万元（15%）。", "60", "06"),
    ("食堂312所，A级126所，B级158所，C级28所，A级食堂占40.4%。", "40.4", "44.0"),
    ("现有教职工1286人，其中专任教师1142人；专任教师中，女教师786人，占68.8%。", "68.8", "86.8"),
    ("结题58项，其中优秀等次17项，占29.3%。", "29.3", "92.3"),
    ("参与学生1932人，参与率81.0%（全校学生2386人）。", "81.0", "18.0"),
    # Rates of kinds together, of kinds that are all there are, and of what should have been.
    ("实测1821人，其中优秀237人、良好583人、及格910人、不及格91人，优良率45.0%。", "45.0", "54.0"),
    ("优秀率13.2%，良好率32.1%，及格率49.8%，不及格率4.9%。", "32.1", "23.1"),
    ("现有专职保安816名，应配830名，配备率98.3%。", "98.3", "89.3"),
    # What can never be more than all there is.
    ("参加课后服务的学生占比92.4%。", "92.4", "924"),
    ("学生辍学人数下降35%。", "35", "350"),
    # Changes: 整合为, the value after its base, a change before its value, a budget and its outcome.
    ("小学由98所整合为71所，减少27所。", "27", "72"),
    ("去年同期为1826万元，今年为2014万元，增加188万元。", "188", "818"),
    ("报名人数比去年增加212人，达到4358人，增长5.1%。", "5.1", "1.5"),
    ("2023年预算数3412.6万元，决算数3618.4万元，增加205.8万元。", "205.8", "250.8"),
    # What is left of what a rate is of; what was not done; assets less debts; what came and went.
    ("发现隐患742条，现场整改518条，限期整改224条，已整改721条，整改率97.2%，剩余21条。", "剩余21", "剩余12"),
    ("争取资金8452万元；下达到校7946万元，未下达506万元。", "506", "560"),
    ("资产总额8642万元，其中固定资产8100万元，流动资产542万元；负债318万元，净资产8324万元。", "8324", "8234"),
    ("上学年末1524人，招生512人，毕业486人，转入46人，转出58人，现有1538人。", "1538", "1583"),
    # Averages: of what is named, without parts, by any unit.
    ("占地52600平方米，校舍18940平方米；学生1578人，生均占地33.33平方米，生均校舍12.00平方米。", "33.33", "66.33"),
    ("藏书41028册，其中新购3150册，学生1578人，生均26册。", "26", "62"),
    ("督学责任区8个，聘任督学96名（专职18名，兼职78名），平均每个责任区12名。", "12名", "21名"),
    ("家庭户2706户，集体户36户，家庭户人口7074人，集体户人口390人。平均每个家庭户的人口为2.61人。", "2.61", "6.21"),
    ("平均每户2.90人，比2010年第六次人口普查的3.33人减少0.43人。", "0.43", "0.34"),
    ("常住人口1882人，与2010年第六次人口普查的1859人相比，增加23人，增长1.24%。", "1.24", "2.14"),
    ("东部占39.9%，中部占25.8%，西部占27.1%，东北占7.2%。", "27.1", "28.7"),
    ("专任教师2064人，在校生31373人，生师比由16.8∶1下降到15.2∶1。", "15.2", "12.5"),
]  # fmt: skip
#: What looks like these shapes, and need not agree.
LOOK_ALIKES = [
    # Some of the parts only: the largest two, kinds beside others, classes among others.
    "助理医师504人（乡村全科162人、执助全科8人）。",
    "少数民族人口79.05万人，其中土家族69.19万人，苗族9.75万人。",
    "信访件147件，其中收费类23件、招生类68件、师德类14件。",
    "教师80名，其中乡村教师35名、从教三十年教师28名、援疆教师3名。",
    # Each item has a total of its own.
    "收到学校问卷247份，其中有效242份，有效率98.0%；收到教师问卷1348份，其中有效1333份，有效率98.9%。",
    "在校生18392人，其中小学10331人，初中5585人。2007年高中在校生2522人，2008年为2476人。",
    "职校招生909人，其中本县623人，县外286人；职校在校生1628人，普通高中在校生4243人。",
    # A number of the same kind is the total of another list, or of none.
    "培训4250人次，完成任务4000人次的106.3%，其中线上2610人次，线下1640人次。",
    "小学46所（不含教学点38个），初中17所，高中5所，另有完全中学2所。",
    "54个县中，有16个县的部门共142个单位存在问题。",
    "少提取助学金2800万元，责成补提2249万元，其他学校已补提1846万元。",
    # Averages and growth that no amount of the text has made.
    "满分45分，参考5214人，平均分39.6分。",
    "到款额均值611万元，其中公办学校均值1531万元。",
    "人均生产总值28322元，比上年新增3637元，增长12.7%。",
    # More than all there is, and right.
    "完成预算的106.3%，初中毛入学率104.6%，占年初计划的102%。",
    # What belongs nowhere is left out; a list goes on after what an item lists.
    "东部占39.93%，中部占25.83%，西部占27.12%，东北占6.98%。",
    "共发放20万元。分别是：\n一、学前2万元；\n二、小学8万元；\n其中：\n寄宿生5万元；\n走读生3万元；\n三、初中10万元。",
    # The total that shares name stands under another name, and another number has this one.
    "今年承办的提案146件。\n交办建议93件，其中财经25件，占承办总数的26.9%；农业26件，占承办总数的28.0%；其他42件，占承办总数的45.2%。",
    "收到提案835件，其中交办801件，占95.9%。\n801件提案中，已采纳564件，占70.4%。",
    # Rates of several places are no shares of one.
    "入园率为96.4%，其中城区98.2%、镇区96.7%、乡村93.5%。",
    "一类校18所、二类校26所、三类校12所，共56所；一、二类校占78.6%。",
    "指标42项，达标39项，基本达标2项，未达标1项。",
    "购书资金共计32.7万元，其中企业20万元，个人12.7万元，资助163人，每人2000元。",
]  # fmt: skip


@pytest.mark.parametrize("text", [shape[0] for shape in SHAPES] + LOOK_ALIKES)
def test_what_agrees_or_need_not_is_let_be(text):
    assert [finding.message for finding in audit(pasted(text)).discrepancies] == []


@pytest.mark.parametrize(("text", "right", "wrong"), SHAPES)
def test_a_wrong_number_is_named(text, right, wrong):
    place = text.rindex(right)
    findings = audit(pasted(f"{text[:place]}{wrong}{text[place + len(right) :]}")).discrepancies
    digits = wrong.strip("人。所名剩余")
    assert any(digits in number for finding in findings for number in finding.numbers)


@pytest.mark.parametrize(
    "text",
    [
        "收、支总计分别为416.5万元和398.2万元，分别减少46.4万元、54.7万元，分别下降10.0%、12.0%。",
        "资金640.5万元，其中中央384.2万元（60%）、省级256.3万元（40%）。",
        "家庭户8.16万户，家庭人口22.52万人，平均每个家庭户2.75人。",
        "优秀率13.2%，良好率32.1%，及格率49.8%，不及格率5.0%。",
    ],
)
def test_what_rounding_explains_is_let_be(text):
    assert audit(pasted(text)).discrepancies == ()


def test_what_stands_apart_is_not_told_as_certain():
    text = "学校由98所整合为71所。全县教师4286人，学生81000人，比上年增加412人，增长9.9%。"
    findings = audit(pasted(text)).discrepancies
    assert all(finding.certainty is not Certainty.CERTAIN for finding in findings)


def test_nothing_is_more_than_all_there_is():
    [finding] = audit(pasted("学生体质健康合格率985%。")).discrepancies
    assert finding.message == "985%超过了100%，不可能。"
