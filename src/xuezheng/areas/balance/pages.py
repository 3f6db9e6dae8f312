"""What the balance area shows on the home page."""

from xuezheng.web.pages import Chart, Highlight

HOME = [
    Highlight("balance.passing_rate"),
    Highlight("balance.schools_passing"),
    Highlight("balance.schools_with_large_classes"),
    Chart("balance.equipment_per_pupil", by="stage"),
]
