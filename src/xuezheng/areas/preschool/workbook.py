"""The Excel sheets of preschool education: forms of kindergartens and of the county, and the self-evaluation."""

from xuezheng.areas.preschool.models import CountyYear, Kindergarten, KindergartenClass, SelfEvaluation
from xuezheng.workbooks import Sheet

kindergartens = Sheet(
    Kindergarten,
    "幼儿园基本情况表",
    columns=[
        "school.code",
        "year",
        "nature",
        "community",
        "new_design",
        "principals",
        "certified_principals",
        "teachers",
        "certified_teachers",
        "building_area",
        "activity_area",
        "outdoor_area",
    ],
)
kindergarten_classes = Sheet(
    KindergartenClass,
    "幼儿园班级表",
    columns=["school.code", "year", "name", "class_kind", "children"],
)
county_years = Sheet(
    CountyYear,
    "县域学前教育情况表",
    columns=[
        "year",
        "population",
        "staff_pay",
        "nonstaff_pay",
        "public_funds",
        "subsidy",
        "valid",
        "satisfied",
    ],
)
self_evaluations = Sheet(
    SelfEvaluation,
    "普及普惠自评表",
    columns=["year", "item", "result", "explanation", "document", "note"],
)
