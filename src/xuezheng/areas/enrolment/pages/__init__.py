"""Declares the enrolment entries on the home page, the dashboard, the navigation, and the URLs."""

from django.urls import path

from xuezheng.areas.enrolment.pages.draws import draw, draw_file, draws, new_draw
from xuezheng.areas.enrolment.pages.forecasts import forecast, forecast_file, forecast_list, forecast_of
from xuezheng.areas.enrolment.pages.season import season, season_file, seasons
from xuezheng.areas.enrolment.pages.zone_plans import zone_file, zone_plan
from xuezheng.areas.enrolment.pages.zones import zone_inputs, zones
from xuezheng.web.ui.area_pages import Chart, Dashboard, Door, Entry, Highlight, Table, Trend, where_permitted

HOME = [
    Highlight("enrolment.schools"),
    Highlight("enrolment.pupils"),
    Highlight("enrolment.classes"),
    Highlight("enrolment.oversize_classes"),
    Chart("enrolment.pupils", by="stage"),
]
OF_SCHOOL = ["enrolment.pupils", "enrolment.classes", "enrolment.absent_pupils"]
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
DOORS = [Door("学位预测", forecast_of)]
NAVIGATION = [
    Entry("招生", "seasons", shown_to=where_permitted("see", "enrolment.season")),
    Entry("学区", "zones", shown_to=where_permitted("see", "enrolment.zone")),
]
urlpatterns = [
    path("draws/", draws, name="draws"),
    path("draws/new/", new_draw, name="new_draw"),
    path("draws/<int:pk>/", draw, name="draw"),
    path("draws/<int:pk>/<slug:kind>/", draw_file, name="draw_file"),
    path("season/", seasons, name="seasons"),
    path("season/<int:year>/<slug:stage>/", season, name="season"),
    path("season/<int:year>/<slug:stage>/<int:school>/<slug:kind>/", season_file, name="season_file"),
    path("zones/", zones, name="zones"),
    path("zones/<int:year>/<slug:stage>/", zone_inputs, name="zone_inputs"),
    path("zones/plans/<int:pk>/", zone_plan, name="zone_plan"),
    path("zones/plans/<int:pk>/<slug:kind>/", zone_file, name="zone_file"),
    path("forecasts/", forecast_list, name="forecasts"),
    path("forecasts/<slug:stage>/", forecast, name="forecast"),
    path("forecasts/<slug:stage>/<slug:kind>/", forecast_file, name="forecast_file"),
]
