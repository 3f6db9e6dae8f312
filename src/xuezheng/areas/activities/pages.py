"""What the section's area shows on the home page."""

from xuezheng.web.pages import Chart, Highlight

HOME = [
    Highlight("activities.events"),
    Highlight("activities.study_tour_pupils"),
    Highlight("activities.farm_coverage"),
    Highlight("activities.visitors"),
    Chart("activities.study_tour_pupils", by="stage"),
]
