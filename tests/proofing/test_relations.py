"""What a text says must agree, by its structure alone: it is reported however far off it is, and what need not agree is let be."""

import pytest
import yaml
from tests.proofing.test_corpus import CORPUS

from xuezheng.proofing import Status, audit
from xuezheng.proofing.reading import pasted

# Each with a number that must be named.
WRONG = [
    # A bracket, or a list with the rest of its whole, surely adds up: the farther off, the surer.
    ("全县初中毕业生共31520人（公办学校2104人，民办学校1048人）。", "31520人"),
    ("全市学生共15400人，其中小学70210人，初中4120人，高中3100人，幼儿园2980人。", "70210人"),
    ("检查学校88所，其中城区21所，镇区30所，其他17所。", "88所"),
    # One kind of unit adds up, so the other must.
    ("共资助318人、发放19.25万元，其中小学120人6万元，初中148人11.1万元，高中50人25万元。", "25万元"),
    # A unit told once, brackets of another shape, a list after a semicolon.
    ("校舍共52.6万平方米【小学20.1万、初中18.3万、高中24.2万】。", "52.6万平方米"),
    ("公务支出决算为21.60万元。其中公务接待费为9.10万元；公务用车运行维护费为11.35万元。", "21.60万元"),
    ("到位资金960万元，分项情况是：中央资金300万元；省级资金260万元；县级资金200万元。", "960万元"),
    # 合计 and 三年累计 say that it is a sum, however far off.
    ("评选优秀教师30名、优秀班主任20名、师德标兵15名，共计605名。", "605名"),
    ("2021年招聘41人，2022年招聘52人，2023年招聘63人，三年累计招聘256人。", "256人"),
    # A share of what the text names, before in the sentence, in another sentence or in another paragraph.
    ("全年收到建议412件。\n经审查立案的393件，占建议总数的59.39%。", "59.39%"),
    ("排查隐患241处，已整改235处，整改率79.5%。", "79.5%"),
    ("男教师420人，占60%；女教师180人，占40%。", "420人"),
    # Changes by money words; a change larger than what there is.
    ("收入完成92400万元，同比增收8400万元，增长100%。", "100%"),
    ("支出完成640万元，同比增加6400万元，增长11.1%。", "6400万元"),
    ("批复预算为3200万元，实际支出3100万元，比预算节省200万元。", "200万元"),
    ("大班额由上年的84个减少到12个，减少720个。", "720个"),
    # Averages and ratios.
    ("全县专任教师1300人，在校生19500人，师生比1:13.5。", "13.5"),
    ("购置校车20辆，总价500万元，平均每辆250万元。", "250万元"),
    # What is left; the net of what came and went; what balances.
    ("核定编制318名，实有在编301名，空编71名。", "71名"),
    ("上年结转21.5万元，本年收入640.2万元，本年支出633.4万元，年末结余82.3万元。", "82.3万元"),
    ("退休教师较年初净增42人，其中新增退休68人、去世36人。", "42人"),
    ("本年收入总计812.4万元，支出总计821.4万元。", "821.4万元"),
    # Shares that make 100 % say that the list is complete, however far off the total is.
    ("支出总额640万元，其中人员支出288万元，占60%；公用支出192万元，占40%。", "640万元"),
    # A rate of a total of the sentence before, or of what other rates of the sentence are of.
    ("督导共发现问题64个。已督促整改48个，整改率57%。", "57%"),
    ("80个项目已开工76个，开工率95%；已竣工52个，竣工率56%。", "56%"),
    # An average of a count in another item; a list closed by what is above.
    ("全区共有420个教学班；学生18900人，班均54人。", "54人"),
    ("1.购置图书40万元\n2.更新电脑25万元\n以上两项共支出95万元。", "95万元"),
    # One thing told again before its noun.
    ("全县在园幼儿6204人。\n6024名在园幼儿中，公办园4100人，民办园1924人。", "6024名"),
    # A headline and the list below it.
    ("今年办好实事4件：\n1.新建食堂1个\n2.改造操场2个\n3.更新课桌500套", "4件"),
    ("实施项目3个，总投资600万元：\n（1）食堂210万元\n（2）操场190万元\n（3）围墙150万元", "600万元"),
]  # fmt: skip
RIGHT = [
    # Each part has a budget of its own.
    "收入完成30500万元，为预算的61.2%。其中：地方收入20100万元，为预算的66%；上级收入10400万元，为预算的53.7%。",
    # A number in a bracket is no part of what follows the bracket.
    "交流教师140人（其中校长9人），占应交流500人的28%。",
    "65周岁及以上老人2100人（其中，80周岁及以上老人310人）。",
    "中央资金：改善条件193.7万元。\n省级资金：改善条件175.4万元。",
    "接到学生欺凌报告6起，认定2起，按期认定率为80%。",
    # A list of some of the parts; traits that overlap.
    "全区专任教师2,000人，其中小学1,020人、初中640人。",
    "培训教师120人，其中骨干教师80人、班主任55人。",
    "全县有初中20所，高中3所，职业学校1所，进修学校1所，特殊教育学校1所，小学281所，幼儿园177所。",
    "生均经费小学为1137元，比上年的1131元增长0.57%。",
    "确保不漏一人、不落一户，庆祝建校98周年，从六个方面推进。",
    # Not the whole of the rate; a saving in percent of the budget; budgets in the names of expenses.
    "排查机构160家；已完成整改61家，整改率92.4%。",
    "总价95万元，比预算100万元节约5万元，节约率5%。",
    "一般公共预算支出决算数为420万元，与上年相比，增加20万元，增长5%。",
    "校均规模由180人增加到230人，学校由60所减少到48所。",
    "小学、初中、高中教师分别为2104人、1356人、788人。",
    "五年来教师由100人增加到200人，增长100%，年均增长14.9%。",
    "今年办好实事3件：\n1.新建食堂1个\n2.改造操场2个\n3.更新课桌500套\n明年继续。",
]


@pytest.mark.parametrize(("text", "number"), WRONG)
def test_what_must_agree_is_reported_however_far_off(text, number):
    numbers = [named for discrepancy in audit(pasted(text)).discrepancies for named in discrepancy.numbers]
    assert number in numbers


@pytest.mark.parametrize("text", RIGHT)
def test_what_need_not_agree_is_let_be(text):
    assert audit(pasted(text)).discrepancies == ()


@pytest.mark.parametrize("name", ["paragraphs_public", "paragraphs_public_blind"])
def test_the_relations_of_other_bureaus_texts_are_read_and_nothing_is_reported(name):
    examples = yaml.safe_load((CORPUS / f"{name}.yaml").read_text("utf-8"))
    audits = [(audit(pasted(example["text"])), example["relations"]) for example in examples]
    assert [each.discrepancies for each, _ in audits] == [()] * len(examples)
    read = sum(min(each.coverage.relations, relations) for each, relations in audits)
    assert read >= 0.9 * sum(relations for _, relations in audits)


def test_each_number_is_checked_unchecked_or_wrong():
    text = "资助3人（小学1人，初中2人），发放0.15万元。\n培训9人（男4人，女6人）。"
    outcome = audit(pasted(text))
    lines = text.split("\n")
    shown = [
        (lines[number.paragraph][number.start : number.end], number.status) for number in outcome.numbers
    ]
    agrees, wrong = Status.AGREES, Status.WRONG
    assert shown == [
        ("3人", agrees), ("1人", agrees), ("2人", agrees), ("0.15万元", Status.UNCHECKED),
        ("9人", wrong), ("4人", wrong), ("6人", wrong),
    ]  # fmt: skip
    assert outcome.coverage.describe() == "读到7个数，核对了2条关系，1个数没有可核对的关系。"


def test_a_table_counts_its_cells():
    text = "资助情况\n学段|人数|金额\n小学|3|600\n初中|2|500\n合计|5|1200\n"
    outcome = audit(pasted(text))
    assert [discrepancy.numbers for discrepancy in outcome.discrepancies] == [("1200", "600", "500")]
    assert (outcome.coverage.numbers, outcome.coverage.relations, outcome.coverage.unchecked) == (6, 2, 0)
