"""What the works office's area shows on the home page."""

from xuezheng.web.pages import Chart, Highlight

HOME = [
    Highlight("works.projects", {"state": "under_construction"}),
    Highlight("works.projects_delivered"),
    Highlight("works.milestones_overdue"),
    Chart("works.projects", by="state"),
]
