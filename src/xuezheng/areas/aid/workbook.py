"""The workbooks of the aid office."""

from xuezheng.areas.aid.models import (
    Account,
    Allocation,
    Award,
    Budget,
    CalendarDay,
    Entitlement,
    LivelihoodProject,
    Recognition,
)
from xuezheng.linkage.models import ListRow
from xuezheng.records.models import PersonCategory
from xuezheng.workbooks import Sheet

categories = Sheet(
    PersonCategory,
    "困难学生认定名单",
    columns=[
        "person.name",
        "person.id_number",
        "person.household_division",
        "category",
        "starts_on",
        "ends_on",
        "resolved_on",
    ],
)
outside_lists = Sheet(
    ListRow,
    "外部名单",
    columns=[
        "category",
        "listed_on",
        "place",
        "name",
        "id_number",
        "birth_date",
        "sex",
        "guardian",
        "village",
        "stage",
        "school_name",
        "study_division",
    ],
)
awards = Sheet(
    Award,
    "资助发放名单",
    columns=[
        "person.name",
        "person.id_number",
        "programme",
        "term.code",
        "stage",
        "school_name",
        "study_division",
        "school.code",
        "boarding",
        "tier",
        "amount",
        "paid_on",
    ],
)
entitlements = Sheet(
    Entitlement,
    "应助名单",
    columns=["person.name", "person.id_number", "programme", "term.code", "school.code", "source"],
)
allocations = Sheet(
    Allocation,
    "资金分配表",
    columns=[
        "school.code",
        "programme",
        "term.code",
        "amount",
        "document",
        "monthly_fee",
        "child_months",
    ],
)
livelihood_projects = Sheet(LivelihoodProject, "民生工程项目", columns=["name", "document", "issued_on"])
accounts = Sheet(Account, "代发账户", columns=["person.name", "person.id_number", "holder", "number", "bank"])
budgets = Sheet(Budget, "资助指标表", columns=["programme", "term.code", "amount", "document"])
recognitions = Sheet(
    Recognition,
    "认定申请表",
    columns=[
        "person.name",
        "person.id_number",
        "term.code",
        "school.code",
        "stage",
        "class_name",
        "category",
        "tier",
        "household_size",
        "guardian",
        "phone",
        "reason",
        "applied_on",
    ],
)
calendar_days = Sheet(CalendarDay, "放假调休安排", columns=["day", "kind", "document"])
