"""What the enrolment area shows on the home page."""

from xuezheng.web.pages import Chart, Highlight

HOME = [
    Highlight("enrolment.schools"),
    Highlight("enrolment.pupils"),
    Highlight("enrolment.classes"),
    Highlight("enrolment.oversize_classes"),
    Chart("enrolment.pupils", by="stage"),
]
