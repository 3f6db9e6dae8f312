"""The workbook by which the section fills the register of staff."""

from xuezheng.imports import Sheet
from xuezheng.records.models import StaffMember

staff = Sheet(
    StaffMember,
    "教职工名册",
    columns=["person.name", "person.id_number", "school.code", "post", "post_from", "post_until"],
)
