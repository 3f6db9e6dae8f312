"""The rule columns of the activities area, for study tours."""

import ibis

from xuezheng.areas.activities.models import StudyTour
from xuezheng.policy import Policy
from xuezheng.records.code_lists import code_list
from xuezheng.rules import column

TOUR_THEMES = {"fitting": "符合学段主题", "other": "其他主题"}


@column(StudyTour, choices=TOUR_THEMES)
def fit(tour: ibis.Table, policy: Policy) -> ibis.Value:
    """主题与学段：主题是出发日施行的本学段主题的为符合，其余为其他主题。"""
    # The policy names themes as people do.
    theme = ibis.cases(
        *((tour.theme == code, label) for code, label in code_list("activities.tour_theme").choices)
    )
    return ibis.cases((theme == policy.tour_theme.on(tour.day, tour.stage), "fitting"), else_="other")
