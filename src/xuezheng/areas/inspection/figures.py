"""The inspectors' figures."""

from ibis import _

from xuezheng.areas.inspection.models import (
    Evaluation,
    Finding,
    Indicator,
    IndicatorScore,
    InstitutionCheck,
    KindergartenVisit,
    TrainingInstitution,
)
from xuezheng.figures import YEAR, Figure, Ratio, flow, stock

EVALUATED = flow("evaluated_on")
DISCOVERED = flow("found_on")
FINDING_BY = ("kind", "topic", "school", "school_kind")
VISITED = flow("visited_on")
VISIT_BY = ("aspect", "school", "runner")
CHECKED = flow("checked_on")
CHECK_BY = ("problem", "institution", "institution_kind")

indicators = Figure(
    "评价指标",
    unit="项",
    table=Indicator,
    over=YEAR,
    value=_.count(),
    by=("scope", "topic"),
    related=("weight",),
    definition="时期所在年度用于学校年度考核的评价指标项数。",
)
indicator_weight = Figure(
    "评价指标权重",
    unit="分",
    table=Indicator,
    over=YEAR,
    value=_.weight.sum(),
    by=("scope", "topic"),
    definition="时期所在年度评价指标的权重之和，同一适用范围应为一百分。",
)
evaluated_schools = Figure(
    "年度考核学校",
    unit="所",
    table=Evaluation,
    over=EVALUATED,
    value=_.school.nunique(),
    by=("grade", "school", "school_kind"),
    related=("score",),
    definition="时期内接受年度考核的学校和幼儿园数，等次由综合得分和最低得分标准确定。",
)
excellent_schools = Figure(
    "考核优秀学校",
    unit="所",
    table=Evaluation,
    over=EVALUATED,
    where=_.grade == "excellent",
    value=_.school.nunique(),
    by=("school", "school_kind"),
    related=("score",),
    definition="时期内年度考核综合得分达到优秀等次的学校和幼儿园数。",
    empty="zero",
)
excellent_rate = Ratio(
    "考核优秀率",
    top="inspection.excellent_schools",
    bottom="inspection.evaluated_schools",
    definition="时期内接受年度考核的学校和幼儿园中，达到优秀等次的所占的比例。",
)
pending_evaluations = Figure(
    "未评完的考核",
    unit="所",
    table=Evaluation,
    over=EVALUATED,
    where=_.grade == "pending",
    value=_.school.nunique(),
    by=("school", "school_kind"),
    related=("weight_scored",),
    definition="时期内年度考核中，还有指标没有得分、不能计算综合得分的学校和幼儿园数。",
    empty="zero",
)
evaluation_score = Figure(
    "年度考核平均得分",
    unit="分",
    table=Evaluation,
    over=EVALUATED,
    value=_.score.mean().round(1),
    by=("school", "school_kind"),
    definition="时期内年度考核已评完的学校和幼儿园综合得分的平均数。",
)
topic_score = Figure(
    "分类指标平均得分",
    unit="分",
    table=IndicatorScore,
    over=EVALUATED,
    value=((_.score * _.weight).sum() / _.weight.sum()).round(1),
    by=("topic", "scope", "school", "indicator"),
    definition="时期内年度考核各指标得分按权重加权的平均数，按百分制。",
)
findings = Figure(
    "督导发现问题",
    unit="个",
    table=Finding,
    over=DISCOVERED,
    value=_.count(),
    by=(*FINDING_BY, "state"),
    related=("issue", "due_on", "mended_on"),
    definition="时期内各类督导发现并列入清单的问题数。",
)
inspected_schools = Figure(
    "督导发现问题的学校",
    unit="所",
    table=Finding,
    over=DISCOVERED,
    value=_.school.nunique(),
    by=("kind", "topic", "school_kind"),
    definition="时期内各类督导发现了问题的学校数，一校多次计一所。",
)
findings_mended = Figure(
    "已整改的督导问题",
    unit="个",
    table=Finding,
    over=DISCOVERED,
    where=_.state.isin(["in_time", "late"]),
    value=_.count(),
    by=(*FINDING_BY, "state"),
    related=("issue", "mended_on"),
    definition="时期内督导发现的问题中，到冻结日已整改的问题数，含逾期整改的。",
    empty="zero",
)
findings_overdue = Figure(
    "逾期未整改的督导问题",
    unit="个",
    table=Finding,
    over=DISCOVERED,
    where=_.state == "overdue",
    value=_.count(),
    by=FINDING_BY,
    related=("issue", "due_on"),
    definition="时期内督导发现的问题中，到冻结日已过整改时限而没有整改的问题数。",
    empty="zero",
)
mended_rate = Ratio(
    "督导问题整改率",
    top="inspection.findings_mended",
    bottom="inspection.findings",
    definition="时期内督导发现的问题中，到冻结日已整改的所占的比例。",
)
kindergarten_visits = Figure(
    "学前教育督查",
    unit="项次",
    table=KindergartenVisit,
    over=VISITED,
    value=_.count(),
    by=(*VISIT_BY, "passed"),
    definition="时期内对幼儿园和附设幼儿班日常督查的项次数，一园一日一项内容计一项次。",
)
kindergartens_visited = Figure(
    "接受督查的幼儿园",
    unit="所",
    table=KindergartenVisit,
    over=VISITED,
    value=_.school.nunique(),
    by=("aspect", "runner", "school_kind"),
    definition="时期内接受过日常督查的幼儿园和附设幼儿班的学校数，一园多次计一所。",
)
visits_failed = Figure(
    "督查不符合要求",
    unit="项次",
    table=KindergartenVisit,
    over=VISITED,
    where=~_.passed,
    value=_.count(),
    by=VISIT_BY,
    related=("problem",),
    definition="时期内对幼儿园和附设幼儿班日常督查中不符合要求的项次数。",
    empty="zero",
)
visits_passed = Figure(
    "督查符合要求",
    unit="项次",
    table=KindergartenVisit,
    over=VISITED,
    where=_.passed,
    value=_.count(),
    by=VISIT_BY,
    definition="时期内对幼儿园和附设幼儿班日常督查中符合要求的项次数。",
    empty="zero",
)
visit_pass_rate = Ratio(
    "学前教育督查合格率",
    top="inspection.visits_passed",
    bottom="inspection.kindergarten_visits",
    definition="时期内对幼儿园和附设幼儿班的日常督查中，符合要求的项次所占的比例。",
)
institutions = Figure(
    "校外培训机构",
    unit="家",
    table=TrainingInstitution,
    over=stock("opened_on", "closed_on"),
    value=_.count(),
    by=("kind", "standing"),
    definition="时期末在办的校外培训机构数，证照状况以冻结日为准。",
)
unlicensed_institutions = Figure(
    "无证或证照过期的培训机构",
    unit="家",
    table=TrainingInstitution,
    over=stock("opened_on", "closed_on"),
    where=_.standing != "licensed",
    value=_.count(),
    by=("kind", "standing"),
    related=("name", "licensed_until"),
    definition="时期末在办的校外培训机构中，到冻结日没有办学许可证或许可证已过有效期的机构数。",
    empty="zero",
)
institutions_closed = Figure(
    "停办的校外培训机构",
    unit="家",
    table=TrainingInstitution,
    over=flow("closed_on"),
    value=_.count(),
    by=("kind", "standing"),
    definition="停办日期在时期内的校外培训机构数，含责令停办。",
)
institution_checks = Figure(
    "校外培训机构检查",
    unit="次",
    table=InstitutionCheck,
    over=CHECKED,
    value=_.count(),
    by=(*CHECK_BY, "check_state"),
    definition="时期内对校外培训机构的检查次数。",
)
institutions_checked = Figure(
    "接受检查的培训机构",
    unit="家",
    table=InstitutionCheck,
    over=CHECKED,
    value=_.institution.nunique(),
    by=("problem", "institution_kind"),
    definition="时期内接受过检查的校外培训机构数，一家多次计一家。",
)
institution_problems = Figure(
    "培训机构存在问题",
    unit="个",
    table=InstitutionCheck,
    over=CHECKED,
    where=_.check_state != "clean",
    value=_.count(),
    by=(*CHECK_BY, "check_state"),
    related=("due_on", "mended_on"),
    definition="时期内对校外培训机构的检查中发现的问题数。",
    empty="zero",
)
institution_problems_mended = Figure(
    "培训机构已整改问题",
    unit="个",
    table=InstitutionCheck,
    over=CHECKED,
    where=_.check_state.isin(["in_time", "late"]),
    value=_.count(),
    by=(*CHECK_BY, "check_state"),
    related=("due_on", "mended_on"),
    definition="时期内对校外培训机构的检查中发现的问题，到冻结日已整改的个数。",
    empty="zero",
)
institution_mended_rate = Ratio(
    "培训机构问题整改率",
    top="inspection.institution_problems_mended",
    bottom="inspection.institution_problems",
    definition="时期内对校外培训机构检查发现的问题中，到冻结日已整改的所占的比例。",
)
overcharging_institutions = Figure(
    "超期预收费的培训机构",
    unit="家",
    table=InstitutionCheck,
    over=CHECKED,
    where=_.overcharged.fill_null(False),
    value=_.institution.nunique(),
    by=("institution", "institution_kind"),
    related=("prepaid_months",),
    definition="时期内检查发现一次性收费时间跨度超过规定限度的校外培训机构数。",
    empty="zero",
)
