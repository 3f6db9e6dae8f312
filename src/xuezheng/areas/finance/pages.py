"""The finance area's key figures on the home page, and its dashboard."""

from xuezheng.web.ui.area_pages import Chart, Dashboard, Highlight, Table, Trend

HOME = [
    Highlight("finance.education_expenditure"),
    Highlight("finance.execution_rate"),
    Highlight("finance.public_funds"),
    Highlight("finance.mended_rate"),
    Chart("finance.education_expenditure", by="function"),
]
DASHBOARDS = {
    "finance": Dashboard(
        "经费看板",
        [
            *HOME,
            Highlight("finance.compulsory_share"),
            Highlight("finance.public_funds_paid_rate"),
            Highlight("finance.unpaid_public_funds"),
            Highlight("finance.overdue_checks"),
            Trend("finance.education_expenditure"),
            Chart("finance.public_funds", by="stage"),
            Table("finance.public_funds", by="school"),
        ],
    )
}
