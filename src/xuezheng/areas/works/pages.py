"""The works area's key figures on the home page, and its dashboard."""

from xuezheng.web.ui.area_pages import Chart, Dashboard, Highlight, Table, Trend

HOME = [
    Highlight("works.projects", {"state": "under_construction"}),
    Highlight("works.projects_delivered"),
    Highlight("works.milestones_overdue"),
    Chart("works.projects", by="state"),
]
DASHBOARDS = {
    "works": Dashboard(
        "项目看板",
        [
            *HOME,
            Highlight("works.milestones_on_time_rate"),
            Highlight("works.contract_rate"),
            Highlight("works.smart_use_rate"),
            Highlight("works.repairs_under_way"),
            Trend("works.milestones_on_time_rate"),
            Chart("works.smart_users", by="application"),
            Table("works.milestones_due", by="code"),
        ],
    )
}
