"""The workbook of all staff that the section keeps."""

from collections.abc import Iterator

from xuezheng.demo import Row, Workbook
from xuezheng.demo.staff import DemoStaff, staff


def workbooks() -> Iterator[Workbook]:
    """Yield the workbook: its file name and the rows of its sheet."""
    yield "08 2019春 教职工名册.xlsx", {"教职工名册": [_row(member) for member in staff()]}


def _row(member: DemoStaff) -> Row:
    return (
        member.person.name,
        member.person.id_number,
        member.school.code if member.school else None,
        member.post,
        member.post_from.isoformat(),
        None,
    )
