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
from xuezheng.figures import YEAR, Population, Ratio, flow, stock

EVALUATED = flow("evaluated_on")
FINDING_BY = ("kind", "topic", "school", "school_kind")
VISIT_BY = ("aspect", "school", "runner")

INDICATORS = Population(Indicator, YEAR, by=("scope", "topic"))
indicators = INDICATORS.count(
    "评价指标", "项", "时期所在年度用于学校年度考核的评价指标项数。", related=("weight",)
)
indicator_weight = INDICATORS.figure(
    "评价指标权重", "分", _.weight.sum(), "时期所在年度评价指标的权重之和，同一适用范围应为一百分。"
)
EVALUATIONS = Population(Evaluation, EVALUATED, by=("school", "school_kind"))
evaluated_schools = EVALUATIONS.schools(
    "年度考核学校",
    "时期内接受年度考核的学校和幼儿园数，等次由综合得分和最低得分标准确定。",
    by=("grade", "school", "school_kind"),
    related=("score",),
)
excellent_schools = EVALUATIONS.schools(
    "考核优秀学校",
    "时期内年度考核综合得分达到优秀等次的学校和幼儿园数。",
    where=_.grade == "excellent",
    related=("score",),
    empty="zero",
)
excellent_rate = Ratio(
    "考核优秀率",
    top="inspection.excellent_schools",
    bottom="inspection.evaluated_schools",
    definition="时期内接受年度考核的学校和幼儿园中，达到优秀等次的所占的比例。",
)
pending_evaluations = EVALUATIONS.schools(
    "未评完的考核",
    "时期内年度考核中，还有指标没有得分、不能计算综合得分的学校和幼儿园数。",
    where=_.grade == "pending",
    related=("weight_scored",),
    empty="zero",
)
evaluation_score = EVALUATIONS.figure(
    "年度考核平均得分",
    "分",
    _.score.mean().round(1),
    "时期内年度考核已评完的学校和幼儿园综合得分的平均数。",
    better="higher",
)
topic_score = Population(IndicatorScore, EVALUATED, by=("topic", "scope", "school", "indicator")).figure(
    "分类指标平均得分",
    "分",
    ((_.score * _.weight).sum() / _.weight.sum()).round(1),
    "时期内年度考核各指标得分按权重加权的平均数，按百分制。",
)
FINDINGS = Population(Finding, flow("found_on"), by=(*FINDING_BY, "state"))
findings = FINDINGS.count(
    "督导发现问题", "个", "时期内各类督导发现并列入清单的问题数。", related=("issue", "due_on", "mended_on")
)
inspected_schools = FINDINGS.schools(
    "督导发现问题的学校",
    "时期内各类督导发现了问题的学校数，一校多次计一所。",
    by=("kind", "topic", "school_kind"),
)
findings_mended = FINDINGS.count(
    "已整改的督导问题",
    "个",
    "时期内督导发现的问题中，到快照日已整改的问题数，含逾期整改的。",
    where=_.state.isin(["in_time", "late"]),
    related=("issue", "mended_on"),
    empty="zero",
)
findings_overdue = FINDINGS.count(
    "逾期未整改的督导问题",
    "个",
    "时期内督导发现的问题中，到快照日已过整改时限而没有整改的问题数。",
    where=_.state == "overdue",
    by=FINDING_BY,
    related=("issue", "due_on"),
    empty="zero",
    better="lower",
)
mended_rate = Ratio(
    "督导问题整改率",
    top="inspection.findings_mended",
    bottom="inspection.findings",
    definition="时期内督导发现的问题中，到快照日已整改的所占的比例。",
    better="higher",
)
VISITS = Population(KindergartenVisit, flow("visited_on"), by=VISIT_BY)
kindergarten_visits = VISITS.count(
    "学前教育督查",
    "项次",
    "时期内对幼儿园和附设幼儿班日常督查的项次数，一园一日一项内容计一项次。",
    by=(*VISIT_BY, "passed"),
)
kindergartens_visited = VISITS.schools(
    "接受督查的幼儿园",
    "时期内接受过日常督查的幼儿园和附设幼儿班的学校数，一园多次计一所。",
    by=("aspect", "runner", "school_kind"),
)
visits_failed = VISITS.count(
    "督查不符合要求",
    "项次",
    "时期内对幼儿园和附设幼儿班日常督查中不符合要求的项次数。",
    where=~_.passed,
    related=("problem",),
    empty="zero",
)
visits_passed = VISITS.count(
    "督查符合要求",
    "项次",
    "时期内对幼儿园和附设幼儿班日常督查中符合要求的项次数。",
    where=_.passed,
    empty="zero",
)
visit_pass_rate = Ratio(
    "学前教育督查合格率",
    top="inspection.visits_passed",
    bottom="inspection.kindergarten_visits",
    definition="时期内对幼儿园和附设幼儿班的日常督查中，符合要求的项次所占的比例。",
    better="higher",
)
INSTITUTIONS = Population(TrainingInstitution, stock("opened_on", "closed_on"), by=("kind", "standing"))
institutions = INSTITUTIONS.count("校外培训机构", "家", "时期末在办的校外培训机构数，证照状况以快照日为准。")
unlicensed_institutions = INSTITUTIONS.count(
    "无证或证照过期的培训机构",
    "家",
    "时期末在办的校外培训机构中，到快照日没有办学许可证或许可证已过有效期的机构数。",
    where=_.standing != "licensed",
    related=("name", "licensed_until"),
    empty="zero",
    better="lower",
)
institutions_closed = Population(TrainingInstitution, flow("closed_on"), by=("kind", "standing")).count(
    "停办的校外培训机构", "家", "停办日期在时期内的校外培训机构数，含责令停办。"
)
CHECKS = Population(
    InstitutionCheck, flow("checked_on"), by=("problem", "institution", "institution_kind", "check_state")
)
institution_checks = CHECKS.count("校外培训机构检查", "次", "时期内对校外培训机构的检查次数。")
institutions_checked = CHECKS.figure(
    "接受检查的培训机构",
    "家",
    _.institution.nunique(),
    "时期内接受过检查的校外培训机构数，一家多次计一家。",
    by=("problem", "institution_kind"),
)
institution_problems = CHECKS.count(
    "培训机构存在问题",
    "个",
    "时期内对校外培训机构的检查中发现的问题数。",
    where=_.check_state != "clean",
    related=("due_on", "mended_on"),
    empty="zero",
)
institution_problems_mended = CHECKS.count(
    "培训机构已整改问题",
    "个",
    "时期内对校外培训机构的检查中发现的问题，到快照日已整改的个数。",
    where=_.check_state.isin(["in_time", "late"]),
    related=("due_on", "mended_on"),
    empty="zero",
)
institution_mended_rate = Ratio(
    "培训机构问题整改率",
    top="inspection.institution_problems_mended",
    bottom="inspection.institution_problems",
    definition="时期内对校外培训机构检查发现的问题中，到快照日已整改的所占的比例。",
    better="higher",
)
overcharging_institutions = CHECKS.figure(
    "超期预收费的培训机构",
    "家",
    _.institution.nunique(),
    "时期内检查发现一次性收费的时间跨度、课时数、金额或提前收费的天数超过规定限度的校外培训机构数。",
    where=_.overcharged.fill_null(False),
    by=("institution", "institution_kind"),
    related=("prepaid_months", "prepaid_lessons", "prepaid_amount", "prepaid_days_ahead"),
    empty="zero",
    better="lower",
)
