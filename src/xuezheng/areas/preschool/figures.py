"""The figures of preschool education: the national ten numbers of the evaluation, and what they are made of."""

from ibis import _

from xuezheng.areas.preschool.models import CountyYear, Kindergarten, KindergartenClass, SelfEvaluation
from xuezheng.areas.preschool.procedures.county import NUMBERS, assess
from xuezheng.areas.preschool.procedures.indicators import INDICATORS
from xuezheng.areas.preschool.procedures.items import PARTS
from xuezheng.figures import YEAR, Assessment, Figure, Population, Ratio, RequirementCount, Status

BY = ("nature", "school", "urban_rural")
KINDERGARTENS = Population(Kindergarten, YEAR, by=(*BY, "space_level", "teachers_level", "certified_level"))
CLASSES = Population(KindergartenClass, YEAR, by=("class_kind", "school", "urban_rural"))
COUNTY = Population(CountyYear, YEAR)


def _funds(label: str, column: str) -> Figure:
    definition = f"时期所在年度“县域学前教育情况表”填报的{label}，没有填报的没有数。"
    return COUNTY.money(label, _[column], definition, better="higher")


# Kindergartens and children
kindergartens = KINDERGARTENS.count(
    "填报幼儿园",
    "所",
    "时期所在年度填报“幼儿园基本情况表”的幼儿园和附设幼儿班的学校数。",
    related=("children",),
)
children = KINDERGARTENS.figure(
    "在园幼儿", "人", _.children.sum(), "时期所在年度填报的各班幼儿数之和，没有报班级的幼儿园不计。", by=BY
)
inclusive_children = KINDERGARTENS.figure(
    "普惠性幼儿园在园幼儿",
    "人",
    _.children.sum(),
    "时期所在年度公办园和普惠性民办园的在园幼儿数，哪些办园性质属于这两类见办园性质代码。",
    where=_.inclusive,
    by=BY,
    empty="zero",
)
public_children = KINDERGARTENS.figure(
    "公办园在园幼儿",
    "人",
    _.children.sum(),
    "时期所在年度公办园的在园幼儿数，哪些办园性质属于公办园见办园性质代码。",
    where=_.public,
    by=BY,
    empty="zero",
)
population = COUNTY.figure(
    "户籍3—6岁人口", "人", _.population.sum(), "时期所在年度“县域学前教育情况表”填报的户籍所在地3—6岁人口数。"
)

# 1 to 3: how many children are in kindergartens, and in which
enrolment_rate = Ratio(
    "学前三年毛入园率",
    top="preschool.children",
    bottom="preschool.population",
    definition="时期所在年度在园幼儿数除以户籍所在地3—6岁人口数。",
    better="higher",
)
inclusive_rate = Ratio(
    "普惠性幼儿园覆盖率", top="preschool.inclusive_children", bottom="preschool.children", better="higher"
)
public_rate = Ratio(
    "公办园在园幼儿占比", top="preschool.public_children", bottom="preschool.children", better="higher"
)

# 4 and 5: money
public_funds = _funds("公办园生均公用经费财政拨款", "public_funds")
subsidy = _funds("普惠性民办园生均补助", "subsidy")
staff_pay = _funds("公办园在编教师年人均工资", "staff_pay")
nonstaff_pay = _funds("公办园非在编教师年人均工资", "nonstaff_pay")
pay_rate = Ratio(
    "公办园非在编教师工资与在编教师之比",
    top="preschool.nonstaff_pay",
    bottom="preschool.staff_pay",
    better="higher",
)

# 6: areas
new_kindergartens = KINDERGARTENS.count(
    "2017年后规划设计的幼儿园", "所", "时期所在年度填报的幼儿园中，2017年后规划设计的幼儿园数。", where=_.new_design, empty="zero"
)  # fmt: skip
new_with_space = KINDERGARTENS.count(
    "2017年后规划设计、生均面积达标的幼儿园",
    "所",
    "时期所在年度2017年后规划设计的幼儿园中，建筑、活动用房、户外场地三项生均面积都不低于标准的幼儿园数。",
    where=_.new_design & (_.space_level == "kept"),
    related=("building_each", "activity_each", "outdoor_each"),
    empty="zero",
)
new_space_rate = Ratio(
    "2017年后规划设计的幼儿园生均面积达标比例",
    top="preschool.new_with_space",
    bottom="preschool.new_kindergartens",
    better="higher",
)
old_kindergartens = KINDERGARTENS.count(
    "2017年及以前规划设计的幼儿园", "所", "时期所在年度填报的幼儿园中，2017年及以前规划设计的幼儿园数。", where=~_.new_design, empty="zero"
)  # fmt: skip
old_with_space = KINDERGARTENS.count(
    "2017年及以前规划设计、生均面积达标的幼儿园",
    "所",
    "时期所在年度2017年及以前规划设计的幼儿园中，建筑、活动用房、户外场地三项生均面积都不低于标准的幼儿园数。",
    where=~_.new_design & (_.space_level == "kept"),
    related=("building_each", "activity_each", "outdoor_each"),
    empty="zero",
)
old_space_rate = Ratio(
    "2017年及以前规划设计的幼儿园生均面积达标比例",
    top="preschool.old_with_space",
    bottom="preschool.old_kindergartens",
    better="higher",
)
short_of_space = KINDERGARTENS.count(
    "生均面积不达标的幼儿园",
    "所",
    "时期所在年度建筑、活动用房、户外场地三项生均面积有一项低于标准的幼儿园数。",
    where=_.space_level == "short",
    related=("building_each", "activity_each", "outdoor_each", "new_design"),
    empty="zero",
    better="lower",
)

# 7: sizes of classes
classes = CLASSES.count("幼儿园班级", "个", "时期所在年度填报“幼儿园班级表”的班级数。", related=("children",))
regular_classes = CLASSES.count(
    "班额合规班级",
    "个",
    "时期所在年度幼儿数不超过班额上限的班级数。",
    where=_.size_level == "kept",
    related=("name", "children"),
    empty="zero",
)
regular_rate = Ratio(
    "班额合规班级比例", top="preschool.regular_classes", bottom="preschool.classes", better="higher"
)
large_classes = CLASSES.count(
    "班额超标班级",
    "个",
    "时期所在年度幼儿数超过班额上限的班级数。",
    where=_.size_level == "short",
    related=("name", "children"),
    empty="zero",
    better="lower",
)

# 8 and 9: teachers
teachers = KINDERGARTENS.figure(
    "幼儿园专任教师", "人", _.teachers.sum(), "时期所在年度“幼儿园基本情况表”填报的专任教师数之和。", by=BY
)
children_a_teacher = Ratio(
    "每名专任教师的在园幼儿",
    top="preschool.children",
    bottom="preschool.teachers",
    unit="人",
    definition="时期所在年度在园幼儿数除以专任教师数。",
    better="lower",
)
principals_and_teachers = KINDERGARTENS.figure(
    "园长和专任教师",
    "人",
    (_.principals + _.teachers).sum(),
    "时期所在年度填报的园长数、专任教师数之和。",
    by=BY,
)
certified = KINDERGARTENS.figure(
    "持证的园长和专任教师",
    "人",
    (_.certified_principals + _.certified_teachers).sum(),
    "时期所在年度填报的持证园长数、持证专任教师数之和。",
    by=BY,
)
certified_rate = Ratio(
    "园长和专任教师持证比例",
    top="preschool.certified",
    bottom="preschool.principals_and_teachers",
    better="higher",
)

# 10: satisfaction
questionnaires_valid = COUNTY.figure(
    "学前教育有效问卷", "份", _.valid.sum(), "时期所在年度学前教育社会认可度调查的有效问卷数。"
)
questionnaires_satisfied = COUNTY.figure(
    "学前教育满意问卷", "份", _.satisfied.sum(), "时期所在年度学前教育社会认可度调查的满意问卷数。"
)
satisfaction_rate = Ratio(
    "学前教育社会认可度",
    top="preschool.questionnaires_satisfied",
    bottom="preschool.questionnaires_valid",
    better="higher",
)

# Kindergartens of residential quarters, and what the county has registered of its self-evaluation
community = KINDERGARTENS.count(
    "小区配套幼儿园", "所", "时期所在年度填报的小区配套幼儿园数。", where=_.community, by=BY, empty="zero"
)
community_inclusive = KINDERGARTENS.count(
    "办成公办园或普惠性民办园的小区配套幼儿园",
    "所",
    "时期所在年度小区配套幼儿园中，公办园和普惠性民办园的数。",
    where=_.community & _.inclusive,
    by=BY,
    empty="zero",
)
community_rate = Ratio(
    "小区配套幼儿园办成普惠的比例",
    top="preschool.community_inclusive",
    bottom="preschool.community",
    better="higher",
)
self_evaluations = Population(SelfEvaluation, YEAR, by=("item", "result")).count(
    "登记的普及普惠自评项目",
    "项",
    "时期所在年度登记了自评结论和佐证材料的普及普惠评估项目数。",
    related=("document",),
)

# The verdict on the county: every requirement, judged from the whole snapshot
evaluation = Assessment(
    "学前教育普及普惠评估",
    assess,
    parts={NUMBERS: "国家指标"} | PARTS,
    policies=list(dict.fromkeys(f"preschool.{indicator.limit}" for indicator in INDICATORS)),
    registers=(Kindergarten, KindergartenClass, CountyYear, SelfEvaluation),
    matter="preschool.verdict",
)


def _requirements(label: str, status: Status, text: str) -> RequirementCount:
    definition = (
        f"时期所在年度学前教育普及普惠的要求中{text}的项数：国家指标的各项标准各一项，自评表的各项目各一项，"
        "自评基本合格的算达到。"
    )
    return RequirementCount(label, evaluation, status, definition)


requirements_met = _requirements("普及普惠达到的要求", Status.MET, "达到")
requirements_not_met = _requirements("普及普惠没有达到的要求", Status.NOT_MET, "没有达到")
requirements_unreported = _requirements("普及普惠没有报告的要求", Status.UNREPORTED, "没有报告，不能判定")
