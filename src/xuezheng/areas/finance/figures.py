"""The finance section's figures."""

from ibis import _

from xuezheng.areas.finance.models import BudgetLine, Expenditure, FinanceCheck, FundingPaper, PublicFunds
from xuezheng.figures import TERM, YEAR, Population, Ratio, flow, year_so_far

EXPENDITURE = Population(Expenditure, flow("month"), by=("function", "month_number"))
education_expenditure = EXPENDITURE.money(
    "一般公共预算教育支出", _.amount, "时期内已入账的一般公共预算教育支出之和。", where=_.source == "general"
)
latest_month = EXPENDITURE.figure(
    "支出入账截止月份",
    "月",
    _.month.max().month(),
    "时期内一般公共预算教育支出已入账到几月。",
    where=_.source == "general",
    by=(),
)
compulsory_expenditure = EXPENDITURE.money(
    "一般公共预算义务教育支出",
    _.amount,
    "时期内已入账的一般公共预算教育支出中，小学教育和初中教育支出之和。",
    where=(_.source == "general") & _.function.isin(["2050202", "2050203"]),
)
compulsory_share = Ratio(
    "义务教育支出占比",
    top="finance.compulsory_expenditure",
    bottom="finance.education_expenditure",
    definition="时期内已入账的一般公共预算教育支出中，义务教育支出所占的比例。",
)
all_expenditure = EXPENDITURE.money(
    "各类资金教育支出",
    _.amount,
    "时期内已入账的各种资金来源的教育支出之和。",
    by=("source", "function", "month_number"),
)
BUDGET_LINES = Population(BudgetLine, YEAR, by=("source", "function"))
budget = BUDGET_LINES.money(
    "教育支出预算", _.amount, "时期所在年度各种资金来源的教育支出预算数之和，有调整的按调整后的数。"
)
general_budget = BUDGET_LINES.money(
    "一般公共预算教育支出预算",
    _.amount,
    "时期所在年度一般公共预算安排的教育支出预算数，有调整的按调整后的数。",
    where=_.source == "general",
    by=("function",),
)
general_spent_so_far = Population(Expenditure, year_so_far("month"), by=("function",)).money(
    "一般公共预算教育支出本年累计",
    _.amount,
    "时期所在年度从一月到时期末已入账的一般公共预算教育支出之和。",
    where=_.source == "general",
)
execution_rate = Ratio(
    "一般公共预算教育支出执行率",
    top="finance.general_spent_so_far",
    bottom="finance.general_budget",
    definition="一般公共预算教育支出从一月到时期末的累计数占年度预算数的比例。",
)
PUBLIC_FUNDS = Population(PublicFunds, TERM, by=("stage", "school", "school_kind", "urban_rural"))
public_funds = PUBLIC_FUNDS.money(
    "公用经费",
    _.amount,
    "时期所含学期内已拨付到校的生均公用经费之和。",
    where=_.paid,
    related=("pupils", "boarders", "due"),
)
public_funds_due = PUBLIC_FUNDS.money(
    "应拨公用经费",
    _.due,
    "时期所含学期内按当时标准应拨付到校的生均公用经费之和，不论是否已拨付。",
    related=("pupils", "boarders", "counted_pupils", "amount"),
)
public_funds_paid_rate = Ratio(
    "公用经费拨付率",
    top="finance.public_funds",
    bottom="finance.public_funds_due",
    definition="时期所含学期内，按标准应拨的公用经费中已拨付到校的所占的比例。",
    better="higher",
)
funded_pupils = PUBLIC_FUNDS.figure(
    "公用经费核定学生",
    "人",
    _.pupils.sum(),
    "时期所含学期内核定公用经费的学生数，含幼儿。",
    related=("counted_pupils",),
)
unpaid_public_funds = PUBLIC_FUNDS.count(
    "未拨付的公用经费",
    "笔",
    "时期所含学期内已核定而到快照日还没有拨付的公用经费笔数。",
    where=~_.paid,
    related=("amount", "due"),
    empty="zero",
    better="lower",
)
differing_public_funds = PUBLIC_FUNDS.count(
    "与标准不一致的公用经费",
    "笔",
    "时期所含学期内，拨付金额与按当时标准应拨金额不相等的公用经费笔数。",
    where=_.amount != _.due,
    related=("pupils", "boarders", "inclusive", "counted_pupils"),
    empty="zero",
    better="lower",
)
small_schools = PUBLIC_FUNDS.schools(
    "按保底人数核定的小规模学校",
    "时期所含学期内，学生不足规定人数而按规定人数核定公用经费的农村小学和教学点数。",
    where=_.counted_pupils > _.pupils,
    by=("school", "school_kind"),
    related=("pupils", "counted_pupils"),
    empty="zero",
)
PAPERS = Population(FundingPaper, flow("issued_on"), by=("topic", "with_finance"))
papers_issued = PAPERS.count(
    "经费管理文件", "份", "时期内印发的经费管理文件份数。", related=("document", "title")
)
joint_papers = PAPERS.count(
    "会同财政部门印发的文件",
    "份",
    "时期内会同财政部门印发的经费管理文件份数。",
    where=_.with_finance,
    by=("topic",),
    related=("document", "title"),
    empty="zero",
)
CHECKS = Population(FinanceCheck, flow("checked_on"), by=("kind", "school", "school_kind", "state"))
finance_checks = CHECKS.count(
    "财务监管检查", "次", "时期内对学校进行的财务监管检查次数，一校一日一项内容计一次。"
)
checked_schools = CHECKS.schools(
    "接受财务检查的学校", "时期内接受过财务监管检查的学校数，一校多次计一所。", by=("kind", "school_kind")
)
problems_found = CHECKS.figure(
    "财务检查发现问题", "个", _.problems.sum(), "时期内财务监管检查发现的问题数。", related=("finding",)
)
problems_mended = CHECKS.figure(
    "已整改的财务问题",
    "个",
    _.problems.sum(),
    "时期内财务监管检查发现的问题中，到快照日已整改的问题数。",
    where=_.state.isin(["in_time", "late"]),
    related=("finding", "mended_on"),
    empty="zero",
)
mended_rate = Ratio(
    "财务问题整改率",
    top="finance.problems_mended",
    bottom="finance.problems_found",
    definition="时期内财务监管检查发现的问题中，到快照日已整改的所占的比例。",
    better="higher",
)
overdue_checks = CHECKS.count(
    "逾期未整改的财务检查",
    "次",
    "时期内的财务监管检查中，到快照日已过整改时限而没有整改的次数。",
    where=_.state == "overdue",
    by=("kind", "school"),
    related=("finding", "due_on"),
    empty="zero",
    better="lower",
)
