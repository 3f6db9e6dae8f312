"""The activities area's key figures on the home page, and its dashboard."""

from xuezheng.web.ui.area_pages import Chart, Dashboard, Highlight, Table, Trend

HOME = [
    Highlight("activities.events"),
    Highlight("activities.study_tour_pupils"),
    Highlight("activities.farm_coverage"),
    Highlight("activities.visitors"),
    Chart("activities.study_tour_pupils", by="stage"),
]
DASHBOARDS = {
    "activities": Dashboard(
        "德育体艺看板",
        [
            *HOME,
            Highlight("activities.event_pupils"),
            Highlight("activities.study_tour_fit_rate"),
            Highlight("activities.labour_courses"),
            Highlight("activities.pupils_awarded"),
            Trend("activities.study_tour_pupils"),
            Chart("activities.event_pupils", by="event"),
            Table("activities.study_tour_pupils", by="school"),
        ],
    )
}
