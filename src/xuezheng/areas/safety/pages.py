"""What the safety office's area shows on the home page."""

from xuezheng.web.pages import Chart, Highlight

HOME = [
    Highlight("safety.drills"),
    Highlight("safety.hazard_closed_rate"),
    Highlight("safety.hazards_overdue"),
    Highlight("safety.bullying_in_time_rate"),
    Chart("safety.hazards", by="kind"),
]
