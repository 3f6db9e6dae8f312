"""The health area's key figures on the home page, and its dashboard."""

from xuezheng.web.ui.area_pages import Chart, Dashboard, Highlight, Table, Trend

HOME = [
    Highlight("health.nutrition_amount"),
    Highlight("health.myopia_rate"),
    Highlight("health.fitness_good_rate"),
    Highlight("health.counselling_cases"),
    Chart("health.myopia_rate", by="stage"),
]
OF_SCHOOL = ["health.nutrition_pupils"]
DASHBOARDS = {
    "health": Dashboard(
        "体卫看板",
        [
            *HOME,
            Highlight("health.low_vision_rate"),
            Highlight("health.fitness_pass_rate"),
            Highlight("health.counselling_open"),
            Highlight("health.severe_vision_pupils"),
            Trend("health.myopia_rate"),
            Chart("health.fitness_tested", by="fitness_grade"),
            Table("health.myopia_rate", by="school"),
        ],
    )
}
