"""The workbooks of the finance section."""

from xuezheng.areas.finance.models import BudgetLine, Expenditure, FinanceCheck, FundingPaper, PublicFunds
from xuezheng.workbooks import Sheet, Steady

budget = Sheet(
    BudgetLine,
    "预算安排表",
    columns=["year", "function", "source", "amount"],
    expects=[Steady("amount", within="finance.steady_budget")],
)
expenditure = Sheet(
    Expenditure,
    "支出台账",
    columns=["month", "function", "source", "amount"],
    expects=[Steady("amount", within="finance.steady_spending")],
)
public_funds = Sheet(
    PublicFunds,
    "公用经费拨付表",
    columns=[
        "school.code",
        "stage",
        "term.code",
        "pupils",
        "boarders",
        "amount",
        "document",
        "paid_on",
        "inclusive",
    ],
    expects=[Steady("pupils", within="finance.steady_pupils")],
)
papers = Sheet(
    FundingPaper, "经费文件目录", columns=["document", "title", "topic", "with_finance", "issued_on"]
)
checks = Sheet(
    FinanceCheck,
    "财务监管记录",
    columns=["school.code", "kind", "checked_on", "problems", "finding", "due_on", "mended_on"],
)
