"""What the finance section's area shows on the home page."""

from xuezheng.web.pages import Chart, Highlight

HOME = [
    Highlight("finance.education_expenditure"),
    Highlight("finance.execution_rate"),
    Highlight("finance.public_funds"),
    Highlight("finance.mended_rate"),
    Chart("finance.education_expenditure", by="function"),
]
