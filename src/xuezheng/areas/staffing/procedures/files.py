"""The Word files of a decided rotation plan: lists of moves, of all or one school, and letters (交流通知)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from xuezheng.areas.staffing.models import Placement, RotationPlan
from xuezheng.areas.staffing.procedures.solver import PlanRefused
from xuezheng.records.models import District, School, Stage
from xuezheng.reports.model import Block, Paragraph, Table
from xuezheng.reports.templates.language import chinese_date
from xuezheng.reports.word import ending, layout
from xuezheng.reports.word.document import plain, save

_HEADINGS = ("序号", "姓名", "学段学科", "现任教学校", "交流到")


def write_list(plan: RotationPlan, rows: Sequence[Placement], path: Path) -> list[int]:
    """Write the list of the moves in ``rows`` as an official document to ``path``, a .docx file.

    Returns the primary keys of the persons in it. Raises :class:`PlanRefused` if the plan is not decided.
    """
    schools = {row.from_school_id for row in rows} | {row.to_school_id for row in rows}
    texts = [
        f"{plan.school_year}学年交流轮岗教师共{len(rows)}人，涉及{len(schools)}所学校，自{_starts(plan)}起到新学校任教。",
        f"本方案依据：{plan.decision}。",
    ]
    blocks: list[Block] = [*(Paragraph((text,)) for text in texts), _table(rows)]
    save(plain(f"{plan.school_year}学年教师交流轮岗名单", _bureau(), _signed(plan), blocks), path)
    return [row.person_id for row in rows]


def write_school_list(plan: RotationPlan, school: School, rows: Sequence[Placement], path: Path) -> list[int]:
    """Write to ``path``, a .docx file, which teachers in ``rows`` leave ``school`` and which come to it.

    Returns the primary keys of the persons in it. Raises :class:`PlanRefused` if the plan is not decided.
    """
    leaving = [row for row in rows if row.from_school_id == school.pk]
    arriving = [row for row in rows if row.to_school_id == school.pk]
    blocks: list[Block] = [
        Paragraph(
            (
                f"{school}：{plan.school_year}学年从你校交流出{len(leaving)}人，到你校交流{len(arriving)}人，自{_starts(plan)}起执行。请做好课务交接。",
            )
        )
    ]
    for title, group in (("调出教师", leaving), ("调入教师", arriving)):
        blocks += (
            [Paragraph((f"{title}{len(group)}人：",)), _table(group)]
            if group
            else [Paragraph((f"没有{title}。",))]
        )
    save(plain(f"{plan.school_year}学年{school}教师交流轮岗名单", _bureau(), _signed(plan), blocks), path)
    return [row.person_id for row in (*leaving, *arriving)]


def write_letters(plan: RotationPlan, rows: Iterable[Placement], path: Path) -> list[int]:
    """Write one letter for each placement in ``rows``, each on its own page, into the .docx file ``path``.

    Returns the primary keys of the persons in it. Raises :class:`PlanRefused` if the plan is not decided.
    """
    bureau = _bureau()
    persons: list[int] = []
    document = layout.new_document()
    document.core_properties.title, document.core_properties.author = "交流通知", bureau
    for row in rows:
        title = document.add_paragraph("交流通知", style=layout.TITLE)
        title.paragraph_format.page_break_before = bool(persons)
        document.add_paragraph(style=layout.PLAIN)
        document.add_paragraph(f"{row.person.name}老师：", style=layout.ADDRESSEE)
        for text in _letter(plan, row):
            layout.apply_style(document.add_paragraph(text), layout.BODY)
        ending.sign(document, bureau, _signed(plan), None, ())
        persons.append(row.person_id)
    save(document, path)
    return persons


def _letter(plan: RotationPlan, row: Placement) -> list[str]:
    subject = f"{Stage(row.stage).label}{row.get_subject_display()}"
    return [
        f"经研究决定（{plan.decision}），你自{_starts(plan)}起由{row.from_school}交流到{row.to_school}，任教{subject}。",
        f"安排理由：{row.reason}",
        f"请在{_starts(plan)}持本通知到{row.to_school}报到，并在此之前与原学校办好课务和资料交接。",
        "对安排有异议的，可以向教育局人事部门反映。",
    ]


def _table(rows: Sequence[Placement]) -> Table:
    cells = [_HEADINGS]
    for order, row in enumerate(rows, 1):
        subject = f"{Stage(row.stage).label}{row.get_subject_display()}"
        cells.append((str(order), row.person.name, subject, str(row.from_school), str(row.to_school)))
    return Table((), tuple(tuple((text,) for text in line) for line in cells))


def _bureau() -> str:
    return str(District.objects.get().bureau_name)


def _starts(plan: RotationPlan) -> str:
    return str(chinese_date(_fixed(plan.starts_on)))


def _signed(plan: RotationPlan) -> date:
    return _fixed(plan.decided_on)


def _fixed(day: date | None) -> date:
    """Return a day that every decided plan has."""
    if day is None:
        raise PlanRefused("方案没有定案，没有名单和通知。请先定案。")
    return day
