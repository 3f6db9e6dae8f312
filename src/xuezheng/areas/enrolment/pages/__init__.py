"""The enrolment area's entries on the home page, and its dashboard."""

from xuezheng.web.ui.area_pages import Chart, Dashboard, Highlight, Table, Trend

HOME = [
    Highlight("enrolment.schools"),
    Highlight("enrolment.pupils"),
    Highlight("enrolment.classes"),
    Highlight("enrolment.oversize_classes"),
    Chart("enrolment.pupils", by="stage"),
]
DASHBOARDS = {
    "enrolment": Dashboard(
        "学籍招生看板",
        [
            *HOME,
            Highlight("enrolment.oversize_rate"),
            Highlight("enrolment.class_average"),
            Highlight("enrolment.boarding_rate"),
            Highlight("enrolment.pupils_from_elsewhere"),
            Highlight("enrolment.arrivals"),
            Highlight("enrolment.departures"),
            Highlight("enrolment.suspended"),
            Trend("enrolment.pupils"),
            Chart("enrolment.events", by="kind"),
            Chart("enrolment.classes", by="size"),
            Chart("enrolment.pupils", by="household"),
            Table("enrolment.pupils", by="school"),
        ],
    )
}
