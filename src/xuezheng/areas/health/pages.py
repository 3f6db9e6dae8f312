"""What the section's area shows on the home page."""

from xuezheng.web.pages import Chart, Highlight

HOME = [
    Highlight("health.nutrition_amount"),
    Highlight("health.myopia_rate"),
    Highlight("health.fitness_good_rate"),
    Highlight("health.counselling_cases"),
    Chart("health.myopia_rate", by="stage"),
]
