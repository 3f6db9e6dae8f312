"""The teaching area's key figures on the home page, and its dashboard."""

from xuezheng.web.ui.area_pages import Chart, Dashboard, Highlight, Table

HOME = [
    Highlight("quality.studios"),
    Highlight("quality.teachers_mentored"),
    Highlight("quality.student_centred_schools"),
    Chart("quality.prizes", by="level"),
]
DASHBOARDS = {
    "quality": Dashboard(
        "教学质量看板",
        [
            *HOME,
            Highlight("quality.exam_takers"),
            Chart("quality.exam_takers", by="stage"),
            Table("quality.exam_takers", by="school"),
        ],
    )
}
