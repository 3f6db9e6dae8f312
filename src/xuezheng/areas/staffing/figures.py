"""The section's figures."""

from ibis import _

from xuezheng.figures import Figure, stock
from xuezheng.records.models import StaffMember

staff_in_post = Figure(
    "在职教职工",
    unit="人",
    table=StaffMember,
    over=stock("post_from", "post_until"),
    value=_.person.nunique(),
    by=("post", "school", "school_kind", "sex"),
    definition="时期末在职的教职工人数，含局机关。",
)
