"""The documents of a zone plan: the paper for the public hearing in Word, and tables in Excel."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import xlsxwriter

from xuezheng.areas.enrolment.models import ZonePlan
from xuezheng.areas.enrolment.procedures.zoning.frozen import read_problem
from xuezheng.areas.enrolment.procedures.zoning.problem import Measures, Problem, distances, measure
from xuezheng.areas.enrolment.procedures.zoning.reasons import breaches, explain
from xuezheng.core.atomic_files import written_whole
from xuezheng.records.models import Stage
from xuezheng.reports.model import Block, Paragraph, Table
from xuezheng.reports.word.document import plain, save
from xuezheng.workbooks.template import TEXT_ONLY

_SCHOOL_HEADINGS = (
    "学校",
    "学位",
    "照原划分的人数",
    "本方案人数",
    "平均路程（米）",
    "最远（米）",
    "社区（村）",
)
_COMMUNITY_HEADINGS = ("社区（村）", "适龄儿童", "原学校", "本方案学校", "路程（米）", "理由")
_SOURCE_HEADING = "适龄儿童数来自"


def write_hearing_paper(plan: ZonePlan, bureau: str, day: date, path: Path) -> None:
    """Write the document for the hearing or publication of a plan to ``path``, a .docx file.

    It has the principles, places and children of each school before and after, each change with its reason,
    and all zones. ``bureau`` is the name of the bureau, ``day`` the date of the document. The plan must have
    been computed.
    """
    problem = read_problem(plan.inputs)
    measures = measure(problem, plan.assignment)
    draft = plan.state == ZonePlan.State.DRAFT
    blocks: list[Block] = [
        *(Paragraph((text,)) for text in _principles(plan, problem)),
        *(Paragraph((text,)) for text in _outcome(problem, measures)),
        Table(("各校学位和划分",), _cells([_SCHOOL_HEADINGS, *_school_rows(problem, plan, measures)])),
        *_changes(problem, plan, measures),
        Table(
            ("各社区（村）所属学校",),
            _cells([_COMMUNITY_HEADINGS, *_community_rows(problem, plan, measures)]),
        ),
        Paragraph((_about_data(plan),)),
    ]
    stage = Stage(plan.stage).label
    title = f"{plan.year}年{stage}学区划分方案{'（征求意见稿）' if draft else ''}"
    save(plain(title, bureau, day, blocks), path)


def write_tables(plan: ZonePlan, path: Path) -> None:
    """Write the tables of schools and communities of a computed plan to ``path``, an Excel file."""
    problem = read_problem(plan.inputs)
    measures = measure(problem, plan.assignment)
    with (
        written_whole(path) as temporary,
        xlsxwriter.Workbook(temporary, TEXT_ONLY) as book,
    ):
        bold = book.add_format({"bold": True})
        communities = [
            (*row, about.basis)
            for row, about in zip(_community_rows(problem, plan, measures), problem.communities, strict=True)
        ]
        for name, headings, rows in (
            ("各校", _SCHOOL_HEADINGS, _school_rows(problem, plan, measures)),
            ("各社区", (*_COMMUNITY_HEADINGS, _SOURCE_HEADING), communities),
        ):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, headings, bold)
            for number, row in enumerate(rows, start=1):
                sheet.write_row(number, 0, row)
            sheet.set_column(0, len(headings) - 1, 16)
            sheet.freeze_panes(1, 1)


def _principles(plan: ZonePlan, problem: Problem) -> list[str]:
    settings = problem.settings
    overload = f"（可超出{settings.overload_percent}%）" if settings.overload_percent else ""
    return [
        f"一、原则。免试、就近入学；每个社区（村）整体划给一所学校；各校人数不超过学位{overload}；同一学校的社区（村）相连；"
        "尽量不改变原来的划分，尽量让孩子与哥哥姐姐同校。",
        f"二、方法。依次求：超出学位的儿童最少；路程超过{settings.limit_metres}米的儿童最少；全部儿童的路程最短，"
        f"其中改划一名儿童按多走{settings.change_metres}米、与哥哥姐姐不同校一名按多走{settings.sibling_metres}米计。"
        f"路程登记了步行距离的用登记的，没有的按直线距离乘{settings.detour:g}。"
        f"相连：所划学校离社区（村）最近，或者社区（村）离该校最近，或者有一个离该校更近的相邻社区（村）同校；与最近的{settings.neighbours}个社区（村）互为相邻。",
    ]


def _outcome(problem: Problem, measures: Measures) -> list[str]:
    children = sum(about.children for about in problem.communities)
    total = f"三、结果。{len(problem.communities)}个社区（村）、适龄儿童{children}人，划给{len(problem.schools)}所学校"
    changed = f"与{problem.last_label}的划分相比，{len(measures.changed)}个社区（村）、{measures.changed_children}人改换学校"
    bases = Counter(about.basis for about in problem.communities)
    sources = "，".join(f"{basis}{number}个" for basis, number in bases.most_common())
    broken = "".join(breaches(problem, measures))
    rest = f"须说明的：{broken}" if broken else "没有超出学位、超过限距、不连片的。"
    return [f"{total}。适龄儿童数来自：{sources}。{changed}。{rest}"]


def _changes(problem: Problem, plan: ZonePlan, measures: Measures) -> list[Block]:
    if not measures.changed:
        return [Paragraph(("四、没有社区（村）改换学校。",))]
    lines = [
        f"{problem.communities[place].name}（{problem.communities[place].children}人）划入{problem.schools[plan.assignment[place]].name}："
        f"{explain(problem, plan.assignment, measures, place, plan.locked)}。"
        for place in measures.changed
    ]
    return [Paragraph(("四、改换学校的社区（村）和理由：",)), *(Paragraph((line,)) for line in lines)]


def _about_data(plan: ZonePlan) -> str:
    decided = f"决定依据：{plan.decision}。" if plan.decision else ""
    result = f"结果校验值{plan.result_hash}。" if plan.result_hash else ""
    return f"{decided}方案第{plan.pk}号第{plan.version}版，数据校验值{plan.inputs_hash}。{result}"


def _school_rows(problem: Problem, plan: ZonePlan, measures: Measures) -> list[tuple[str | int, ...]]:
    before = measure(problem, problem.last)
    return [
        (
            school.name,
            school.places,
            before.loads[number],
            measures.loads[number],
            *(value if value is not None else "—" for value in distances(problem, plan.assignment, number)),
            "、".join(
                about.name
                for about, assigned in zip(problem.communities, plan.assignment, strict=True)
                if assigned == number
            )
            or "—",
        )
        for number, school in enumerate(problem.schools)
    ]


def _community_rows(problem: Problem, plan: ZonePlan, measures: Measures) -> list[tuple[str | int, ...]]:
    return [
        (
            about.name,
            about.children,
            "、".join(problem.schools[each].name for each in about.last) or "—",
            problem.schools[school].name,
            problem.metres[place][school],
            explain(problem, plan.assignment, measures, place, plan.locked),
        )
        for place, (about, school) in enumerate(zip(problem.communities, plan.assignment, strict=True))
    ]


def _cells(rows: list[tuple[str | int, ...]]) -> tuple[tuple[tuple[str], ...], ...]:
    return tuple(tuple((str(cell),) for cell in row) for row in rows)
