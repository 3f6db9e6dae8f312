"""The enrolment area's entries on the home page, its dashboard, and its pages of public draws."""

from django.urls import path

from xuezheng.areas.enrolment.pages.draws import draw, draw_file, draws, new_draw
from xuezheng.web.ui.area_pages import Chart, Dashboard, Entry, Highlight, Table, Trend, where_permitted

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
NAVIGATION = [Entry("公开派位", "draws", shown_to=where_permitted("see", "enrolment.draw"))]
urlpatterns = [
    path("draws/", draws, name="draws"),
    path("draws/new/", new_draw, name="new_draw"),
    path("draws/<int:pk>/", draw, name="draw"),
    path("draws/<int:pk>/<slug:kind>/", draw_file, name="draw_file"),
]
