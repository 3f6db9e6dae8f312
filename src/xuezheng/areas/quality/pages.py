"""What the quality area shows on the home page."""

from xuezheng.web.pages import Chart, Highlight

HOME = [
    Highlight("quality.studios"),
    Highlight("quality.teachers_mentored"),
    Highlight("quality.student_centred_schools"),
    Chart("quality.prizes", by="level"),
]
