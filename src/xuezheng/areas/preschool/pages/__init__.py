"""Declares the entries of the area on the home page, its dashboard, navigation, and URLs."""

from django.urls import path

from xuezheng.areas.preschool.pages.verdict import form_file, verdict
from xuezheng.web.ui.area_pages import Chart, Dashboard, Entry, Highlight, Table, Trend, where_permitted

HOME = [
    Highlight("preschool.enrolment_rate"),
    Highlight("preschool.inclusive_rate"),
    Highlight("preschool.public_rate"),
    Highlight("preschool.large_classes"),
]
DASHBOARDS = {
    "preschool": Dashboard(
        "学前教育看板",
        [
            *HOME,
            Highlight("preschool.regular_rate"),
            Highlight("preschool.children_a_teacher"),
            Highlight("preschool.short_of_space"),
            Trend("preschool.enrolment_rate"),
            Chart("preschool.children", by="nature"),
            Table("preschool.large_classes", by="school"),
        ],
    )
}
NAVIGATION = [Entry("普及普惠", "verdict", shown_to=where_permitted("see", "preschool.verdict"))]
urlpatterns = [
    path("verdict/", verdict, name="verdict"),
    path("verdict/<int:year>/<slug:kind>/", form_file, name="form_file"),
]
