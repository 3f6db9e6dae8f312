"""A school's notice of the pupils to be recognised: how long it is posted, and the document."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from xuezheng.areas.aid.models import Notice
from xuezheng.areas.aid.procedures.entitling import in_force
from xuezheng.areas.aid.procedures.steps import StepRefused
from xuezheng.areas.aid.procedures.workdays import is_arranged, last_of_workdays, workdays
from xuezheng.records.models import District
from xuezheng.reports.model import Block, Paragraph, Table
from xuezheng.reports.templates.language import chinese_date
from xuezheng.reports.word.document import plain, save

HEADINGS = ("序号", "姓名", "学校", "班级")


def check_notice(first: date, last: date) -> None:
    """Raise :class:`StepRefused` where a notice from ``first`` to ``last`` has fewer working days than policy requires."""
    required_days = in_force("notice_days", first)
    hangs = len(workdays(first, last)) if last >= first else 0
    if hangs < required_days:
        until = last_of_workdays(first, required_days)
        raise StepRefused(
            f"公示不少于{required_days}个工作日，{first}到{last}只有{hangs}个。"
            f"从{first}起，最早公示到{until}。{unarranged(first, until)}"
        )


def last_day(first: date) -> date:
    """Return the earliest last day that policy permits for a notice posted on ``first``."""
    return last_of_workdays(first, in_force("notice_days", first))


def unarranged(first: date, last: date) -> str:
    """Return a Chinese warning if the holidays of a year from ``first`` to ``last`` are unknown; "" if all are known.

    Holidays are known by policy or as registered days; the days of another year are counted by weekday.
    """
    years = [str(year) for year in range(first.year, last.year + 1) if not is_arranged(year)]
    if not years:
        return ""
    return f"{'、'.join(years)}年的放假安排还没有登记，按周一至周五计；请在“放假和调休日”中登记。"


def people(notice: Notice) -> list[tuple[str, str, str]]:
    """Return (name, school, class) of the pupils on a notice; it states nothing else (教财厅函〔2017〕28号)."""
    steps = notice.steps.select_related("recognition__person", "recognition__school")
    rows = steps.order_by("recognition__class_name", "recognition__pk")
    return [
        (step.recognition.person.name, step.recognition.school.name, step.recognition.class_name)
        for step in rows
    ]


def write_notice(notice: Notice, path: Path) -> None:
    """Write a notice as a Word document to ``path``, in the layout of an official document, signed by the school."""
    rows = people(notice)
    days = len(workdays(notice.first_day, notice.last_day))
    term, bureau = notice.term.code, District.objects.get().bureau_name
    texts = (
        f"经本人申请、学校评议，拟认定下列{len(rows)}名学生为{term}学期家庭经济困难学生，现予公示。",
        f"公示时间：{chinese_date(notice.first_day)}至{chinese_date(notice.last_day)}，共{days}个工作日。"
        f"公示期满后撤下。",
        f"对公示内容有异议的，请在公示期内向学校或{bureau}学生资助管理中心反映。",
    )
    cells = [HEADINGS, *((str(order), *row) for order, row in enumerate(rows, 1))]
    table = Table((), tuple(tuple((text,) for text in row) for row in cells))
    blocks: list[Block] = [*(Paragraph((text,)) for text in texts), table]
    title = f"{term}学期家庭经济困难学生认定公示"
    save(plain(title, notice.school.name, notice.first_day, blocks), path)
