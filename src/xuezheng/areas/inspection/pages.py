"""What the inspectors' area shows on the home page."""

from xuezheng.web.pages import Chart, Highlight

HOME = [
    Highlight("inspection.mended_rate"),
    Highlight("inspection.findings_overdue"),
    Highlight("inspection.kindergartens_visited"),
    Highlight("inspection.unlicensed_institutions"),
    Chart("inspection.topic_score", by="topic"),
]
