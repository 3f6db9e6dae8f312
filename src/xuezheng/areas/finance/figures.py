"""The finance section's figures."""

from ibis import _

from xuezheng.areas.finance.models import BudgetLine, Expenditure, FinanceCheck, FundingPaper, PublicFunds
from xuezheng.figures import TERM, YEAR, Figure, Ratio, flow, year_so_far

FUNDS_BY = ("stage", "school", "school_kind", "urban_rural")

education_expenditure = Figure(
    "一般公共预算教育支出",
    unit="元",
    table=Expenditure,
    over=flow("month"),
    where=_.source == "general",
    value=_.amount.sum(),
    by=("function", "month_number"),
    definition="时期内已入账的一般公共预算教育支出之和。",
)
latest_month = Figure(
    "支出入账截止月份",
    unit="月",
    table=Expenditure,
    over=flow("month"),
    where=_.source == "general",
    value=_.month.max().month(),
    definition="时期内一般公共预算教育支出已入账到几月。",
)
compulsory_expenditure = Figure(
    "一般公共预算义务教育支出",
    unit="元",
    table=Expenditure,
    over=flow("month"),
    where=(_.source == "general") & _.function.isin(["2050202", "2050203"]),
    value=_.amount.sum(),
    by=("function", "month_number"),
    definition="时期内已入账的一般公共预算教育支出中，小学教育和初中教育支出之和。",
)
compulsory_share = Ratio(
    "义务教育支出占比",
    top="finance.compulsory_expenditure",
    bottom="finance.education_expenditure",
    definition="时期内已入账的一般公共预算教育支出中，义务教育支出所占的比例。",
)
all_expenditure = Figure(
    "各类资金教育支出",
    unit="元",
    table=Expenditure,
    over=flow("month"),
    value=_.amount.sum(),
    by=("source", "function", "month_number"),
    definition="时期内已入账的各种资金来源的教育支出之和。",
)
budget = Figure(
    "教育支出预算",
    unit="元",
    table=BudgetLine,
    over=YEAR,
    value=_.amount.sum(),
    by=("source", "function"),
    definition="时期所在年度各种资金来源的教育支出预算数之和，有调整的按调整后的数。",
)
general_budget = Figure(
    "一般公共预算教育支出预算",
    unit="元",
    table=BudgetLine,
    over=YEAR,
    where=_.source == "general",
    value=_.amount.sum(),
    by=("function",),
    definition="时期所在年度一般公共预算安排的教育支出预算数，有调整的按调整后的数。",
)
general_spent_so_far = Figure(
    "一般公共预算教育支出本年累计",
    unit="元",
    table=Expenditure,
    over=year_so_far("month"),
    where=_.source == "general",
    value=_.amount.sum(),
    by=("function",),
    definition="时期所在年度从一月到时期末已入账的一般公共预算教育支出之和。",
)
execution_rate = Ratio(
    "一般公共预算教育支出执行率",
    top="finance.general_spent_so_far",
    bottom="finance.general_budget",
    definition="一般公共预算教育支出从一月到时期末的累计数占年度预算数的比例。",
)
public_funds = Figure(
    "公用经费",
    unit="元",
    table=PublicFunds,
    over=TERM,
    where=_.paid,
    value=_.amount.sum(),
    by=FUNDS_BY,
    related=("pupils", "boarders", "due"),
    definition="时期所含学期内已拨付到校的生均公用经费之和。",
)
public_funds_due = Figure(
    "应拨公用经费",
    unit="元",
    table=PublicFunds,
    over=TERM,
    value=_.due.sum(),
    by=FUNDS_BY,
    related=("pupils", "boarders", "counted_pupils", "amount"),
    definition="时期所含学期内按当时标准应拨付到校的生均公用经费之和，不论是否已拨付。",
)
public_funds_paid_rate = Ratio(
    "公用经费拨付率",
    top="finance.public_funds",
    bottom="finance.public_funds_due",
    definition="时期所含学期内，按标准应拨的公用经费中已拨付到校的所占的比例。",
)
funded_pupils = Figure(
    "公用经费核定学生",
    unit="人",
    table=PublicFunds,
    over=TERM,
    value=_.pupils.sum(),
    by=FUNDS_BY,
    related=("counted_pupils",),
    definition="时期所含学期内核定公用经费的学生数，含幼儿。",
)
unpaid_public_funds = Figure(
    "未拨付的公用经费",
    unit="笔",
    table=PublicFunds,
    over=TERM,
    where=~_.paid,
    value=_.count(),
    by=FUNDS_BY,
    related=("amount", "due"),
    definition="时期所含学期内已核定而到冻结日还没有拨付的公用经费笔数。",
    empty="zero",
)
differing_public_funds = Figure(
    "与标准不一致的公用经费",
    unit="笔",
    table=PublicFunds,
    over=TERM,
    where=_.amount != _.due,
    value=_.count(),
    by=FUNDS_BY,
    related=("pupils", "boarders", "counted_pupils"),
    definition="时期所含学期内，拨付金额与按当时标准应拨金额不相等的公用经费笔数。",
    empty="zero",
)
small_schools = Figure(
    "按保底人数核定的小规模学校",
    unit="所",
    table=PublicFunds,
    over=TERM,
    where=_.counted_pupils > _.pupils,
    value=_.school.nunique(),
    by=("school", "school_kind"),
    related=("pupils", "counted_pupils"),
    definition="时期所含学期内，学生不足规定人数而按规定人数核定公用经费的农村小学和教学点数。",
    empty="zero",
)
papers_issued = Figure(
    "经费管理文件",
    unit="份",
    table=FundingPaper,
    over=flow("issued_on"),
    value=_.count(),
    by=("topic", "with_finance"),
    related=("document", "title"),
    definition="时期内印发的经费管理文件份数。",
)
joint_papers = Figure(
    "会同财政部门印发的文件",
    unit="份",
    table=FundingPaper,
    over=flow("issued_on"),
    where=_.with_finance,
    value=_.count(),
    by=("topic",),
    related=("document", "title"),
    definition="时期内会同财政部门印发的经费管理文件份数。",
    empty="zero",
)
finance_checks = Figure(
    "财务监管检查",
    unit="次",
    table=FinanceCheck,
    over=flow("checked_on"),
    value=_.count(),
    by=("kind", "school", "school_kind", "state"),
    definition="时期内对学校进行的财务监管检查次数，一校一日一项内容计一次。",
)
checked_schools = Figure(
    "接受财务检查的学校",
    unit="所",
    table=FinanceCheck,
    over=flow("checked_on"),
    value=_.school.nunique(),
    by=("kind", "school_kind"),
    definition="时期内接受过财务监管检查的学校数，一校多次计一所。",
)
problems_found = Figure(
    "财务检查发现问题",
    unit="个",
    table=FinanceCheck,
    over=flow("checked_on"),
    value=_.problems.sum(),
    by=("kind", "school", "school_kind", "state"),
    related=("finding",),
    definition="时期内财务监管检查发现的问题数。",
)
problems_mended = Figure(
    "已整改的财务问题",
    unit="个",
    table=FinanceCheck,
    over=flow("checked_on"),
    where=_.state.isin(["in_time", "late"]),
    value=_.problems.sum(),
    by=("kind", "school", "school_kind", "state"),
    related=("finding", "mended_on"),
    definition="时期内财务监管检查发现的问题中，到冻结日已整改的问题数。",
    empty="zero",
)
mended_rate = Ratio(
    "财务问题整改率",
    top="finance.problems_mended",
    bottom="finance.problems_found",
    definition="时期内财务监管检查发现的问题中，到冻结日已整改的所占的比例。",
)
overdue_checks = Figure(
    "逾期未整改的财务检查",
    unit="次",
    table=FinanceCheck,
    over=flow("checked_on"),
    where=_.state == "overdue",
    value=_.count(),
    by=("kind", "school"),
    related=("finding", "due_on"),
    definition="时期内的财务监管检查中，到冻结日已过整改时限而没有整改的次数。",
    empty="zero",
)
