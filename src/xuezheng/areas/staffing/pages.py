"""The staffing area's entries on the home page, and its dashboard."""

from xuezheng.web.ui.area_pages import Chart, Dashboard, Highlight, Table, Trend

HOME = [
    Highlight("staffing.staff_in_post"),
    Highlight("staffing.rotated_rate"),
    Highlight("staffing.recruits_in_post"),
    Highlight("staffing.degree_due"),
    Chart("staffing.teachers", by="title"),
]
OF_SCHOOL = ["staffing.staff_in_post"]
DASHBOARDS = {
    "staffing": Dashboard(
        "教师队伍看板",
        [
            *HOME,
            Highlight("staffing.establishment_rate"),
            Highlight("staffing.certified_rate"),
            Highlight("staffing.senior_title_rate"),
            Highlight("staffing.conduct_open"),
            Trend("staffing.rotated_rate"),
            Chart("staffing.teachers", by="degree"),
            Table("staffing.staff_in_post", by="school"),
        ],
    )
}
