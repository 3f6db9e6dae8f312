"""The workbooks of the inspectors."""

from xuezheng.areas.inspection.models import (
    Evaluation,
    Finding,
    Indicator,
    IndicatorScore,
    InstitutionCheck,
    KindergartenVisit,
    TrainingInstitution,
)
from xuezheng.workbooks import Sheet

indicators = Sheet(Indicator, "学校评价指标", columns=["code", "year", "scope", "topic", "title", "weight"])
evaluations = Sheet(Evaluation, "学校年度考核", columns=["school.code", "year", "evaluated_on"])
indicator_scores = Sheet(
    IndicatorScore,
    "学校指标得分",
    columns=["evaluation.school.code", "evaluation.year", "indicator.code", "score"],
)
findings = Sheet(
    Finding,
    "督导问题清单",
    columns=["school.code", "found_on", "kind", "topic", "issue", "due_on", "mended_on"],
)
kindergarten_visits = Sheet(
    KindergartenVisit,
    "学前教育日常督查表",
    columns=["school.code", "visited_on", "aspect", "passed", "problem"],
)
institutions = Sheet(
    TrainingInstitution,
    "校外培训机构名册",
    columns=["name", "kind", "licence", "licensed_until", "opened_on", "closed_on"],
)
institution_checks = Sheet(
    InstitutionCheck,
    "校外培训机构检查表",
    columns=[
        "institution.name",
        "checked_on",
        "problem",
        "prepaid_months",
        "due_on",
        "mended_on",
        "prepaid_lessons",
        "prepaid_amount",
        "prepaid_days_ahead",
    ],
)
