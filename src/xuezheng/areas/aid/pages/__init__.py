"""What the aid office's area shows on the home page."""

from xuezheng.web.pages import Chart, Highlight

HOME = [
    Highlight("aid.registered_poor_pupils"),
    Highlight("aid.registered_poor_amount"),
    Highlight("aid.registered_poor_paid_rate"),
    Highlight("aid.tuition_waived_amount"),
    Chart("aid.registered_poor_amount", by="phase"),
]
