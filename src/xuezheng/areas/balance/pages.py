"""The balance area's entries on the home page, and its dashboard."""

from xuezheng.web.ui.area_pages import Chart, Dashboard, Highlight, Table, Trend

HOME = [
    Highlight("balance.passing_rate"),
    Highlight("balance.schools_passing"),
    Highlight("balance.schools_with_large_classes"),
    Chart("balance.equipment_per_pupil", by="stage"),
]
DASHBOARDS = {
    "balance": Dashboard(
        "优质均衡看板",
        [
            *HOME,
            Highlight("balance.pupils_judged"),
            Highlight("balance.schools_short_of_rooms"),
            Highlight("balance.schools_reaching_all"),
            Trend("balance.passing_rate"),
            Chart("balance.rooms_per_pupil", by="school"),
            Table("balance.schools_passing", by="school"),
        ],
    )
}
