"""Declares the entries of the area on the home page, its dashboard, navigation, and URLs."""

from django.urls import path

from xuezheng.areas.balance.pages.outlook import outlook
from xuezheng.areas.balance.pages.plans import new_plan, plan, plan_file, plans
from xuezheng.areas.balance.pages.verdict import form_file, verdict
from xuezheng.areas.balance.pages.what_if import what_if
from xuezheng.web.ui.area_pages import Chart, Dashboard, Entry, Highlight, Table, Trend, where_permitted

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
NAVIGATION = [Entry("优质均衡", "verdict", shown_to=where_permitted("see", "balance.verdict"))]
urlpatterns = [
    path("verdict/", verdict, name="verdict"),
    path("verdict/<int:year>/<slug:kind>/", form_file, name="form_file"),
    path("what-if/", what_if, name="what_if"),
    path("outlook/", outlook, name="outlook"),
    path("plans/", plans, name="plans"),
    path("plans/new/", new_plan, name="new_plan"),
    path("plans/<int:pk>/", plan, name="plan"),
    path("plans/<int:pk>/<slug:kind>/", plan_file, name="plan_file"),
]
