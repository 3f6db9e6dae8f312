"""The safety area's key figures on the home page, and its dashboard."""

from xuezheng.web.ui.area_pages import Chart, Dashboard, Highlight, Table, Trend

HOME = [
    Highlight("safety.drills"),
    Highlight("safety.hazard_closed_rate"),
    Highlight("safety.hazards_overdue"),
    Highlight("safety.bullying_in_time_rate"),
    Chart("safety.hazards", by="kind"),
]
OF_SCHOOL = ["safety.open_hazards"]
DASHBOARDS = {
    "safety": Dashboard(
        "安全看板",
        [
            *HOME,
            Highlight("safety.open_hazards"),
            Highlight("safety.drilled_schools"),
            Highlight("safety.clusters"),
            Highlight("safety.health_mended_rate"),
            Trend("safety.hazard_closed_rate"),
            Chart("safety.drills", by="kind"),
            Table("safety.open_hazards", by="school"),
        ],
    )
}
