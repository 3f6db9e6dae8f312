"""What the staffing area shows on the home page."""

from xuezheng.web.pages import Chart, Highlight

HOME = [
    Highlight("staffing.staff_in_post"),
    Highlight("staffing.rotated_rate"),
    Highlight("staffing.recruits_in_post"),
    Highlight("staffing.degree_due"),
    Chart("staffing.teachers", by="title"),
]
