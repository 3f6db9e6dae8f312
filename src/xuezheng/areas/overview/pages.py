"""The office's key figures on the home page, and the dashboards of the office, of all sections, and of the leaders."""

from xuezheng.web.ui.area_pages import Chart, Dashboard, Highlight, Table, Trend, where_permitted

HOME = [
    Highlight("overview.plan_items"),
    Highlight("overview.work_entries"),
    Highlight("overview.trainings"),
    Highlight("overview.prizes"),
    Chart("overview.trainings", by="section"),
]
OF_DISTRICT = [
    "enrolment.pupils",
    "staffing.staff_in_post",
    "aid.registered_poor_aided_rate",
    "finance.execution_rate",
    "balance.passing_rate",
    "safety.hazard_closed_rate",
    "enrolment.oversize_classes",
    "staffing.rotated_rate",
    "aid.registered_poor_pupils",
    "health.myopia_rate",
    "inspection.mended_rate",
    "works.milestones_on_time_rate",
]
_DISTRICT_HIGHLIGHTS = [Highlight(key) for key in OF_DISTRICT]
DASHBOARDS = {
    "leader": Dashboard(
        "局领导看板",
        [
            *_DISTRICT_HIGHLIGHTS,
            Trend("enrolment.pupils"),
            Trend("finance.education_expenditure"),
            Chart("enrolment.pupils", by="stage"),
            Chart("aid.aid_amount", by="programme"),
            Chart("works.projects", by="state"),
            Chart("safety.open_hazards", by="kind"),
        ],
        shown_to=where_permitted("see", "overview.leader_dashboard"),
    ),
    "office": Dashboard(
        "办公室看板",
        [
            *HOME,
            *_DISTRICT_HIGHLIGHTS,
            Chart("overview.work_entries", by="section"),
            Trend("overview.prizes"),
            Table("overview.training_places", by="school"),
        ],
        shown_to=where_permitted("see", "overview.office_dashboard"),
    ),
}
