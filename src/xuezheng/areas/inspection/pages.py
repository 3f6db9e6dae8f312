"""The inspection area's key figures on the home page, and its dashboard."""

from xuezheng.web.ui.area_pages import Chart, Dashboard, Highlight, Table, Trend

HOME = [
    Highlight("inspection.mended_rate"),
    Highlight("inspection.findings_overdue"),
    Highlight("inspection.kindergartens_visited"),
    Highlight("inspection.unlicensed_institutions"),
    Chart("inspection.topic_score", by="topic"),
]
DASHBOARDS = {
    "inspection": Dashboard(
        "督导看板",
        [
            *HOME,
            Highlight("inspection.findings"),
            Highlight("inspection.evaluation_score"),
            Highlight("inspection.visit_pass_rate"),
            Highlight("inspection.institution_mended_rate"),
            Trend("inspection.mended_rate"),
            Chart("inspection.findings", by="topic"),
            Table("inspection.findings_overdue", by="school"),
        ],
    )
}
