"""Declares the staffing entries on the home page, the dashboard, the navigation, and the URLs of rotation."""

from django.urls import path

from xuezheng.areas.staffing.pages.rotation import due, requests_and_posts, seasons
from xuezheng.areas.staffing.pages.rotation_files import letters, moves, plan_file
from xuezheng.areas.staffing.pages.rotation_plans import placement, plan, plans
from xuezheng.web.ui.area_pages import Chart, Dashboard, Entry, Highlight, Table, Trend, where_permitted

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
NAVIGATION = [Entry("交流轮岗", "rotations", shown_to=where_permitted("see", "staffing.rotation"))]
urlpatterns = [
    path("rotation/", seasons, name="rotations"),
    path("rotation/<int:year>/", due, name="rotation"),
    path("rotation/<int:year>/requests/", requests_and_posts, name="rotation_requests"),
    path("rotation/<int:year>/plans/", plans, name="rotation_plans"),
    path("rotation/<int:year>/moves/", moves, name="rotation_moves"),
    path("rotation/plans/<int:pk>/", plan, name="rotation_plan"),
    path("rotation/plans/<int:pk>/<slug:kind>/", plan_file, name="rotation_file"),
    path("rotation/letters/<slug:token>/", letters, name="rotation_letters"),
    path("rotation/placements/<int:pk>/", placement, name="rotation_placement"),
]
