"""``xuezheng demo``: build a complete invented district, imported by the same path as any user's workbooks."""

import argparse
import shutil
import time
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from xuezheng import registry
from xuezheng.cli.records.import_ import show
from xuezheng.cli.records.link import show as show_lists
from xuezheng.cli.shared import OUT, prepare_database, progress_shown
from xuezheng.collections import collecting
from xuezheng.core.data_folder import home
from xuezheng.core.periods import Period
from xuezheng.demo import Expected
from xuezheng.demo.people import DISTRICT
from xuezheng.figures import catalogue
from xuezheng.intake import import_workbook
from xuezheng.linkage.job import link
from xuezheng.linkage.lists import take_up
from xuezheng.linkage.models import ListRow
from xuezheng.policy import taking
from xuezheng.policy.packs import Level, shipped
from xuezheng.records.models import District, School, Term, User, registers
from xuezheng.reports.compose import compose
from xuezheng.reports.templates.versions import take_pack
from xuezheng.reports.word import document
from xuezheng.reports.word.document import Sources
from xuezheng.snapshots import Snapshot, freeze
from xuezheng.snapshots.snapshot import ids
from xuezheng.workbooks import sheet_catalogue, write_workbook

# Each half-year of the demonstration: its period, the function of an area's demo.py that gives its workbooks (where there is
# one named after_…, it does what comes after they are in), and the day on which the registers are frozen for its report.
HALF_YEARS = (
    ("2019H1", "workbooks", date(2019, 7, 5)),
    ("2019H2", "autumn_workbooks", date(2020, 1, 10)),
)
PACKS = ("start", "national", "anhui", "huizhou-2019")
EXPECTED_IN = HALF_YEARS[0][0]
_REPORTED = 6  # schools that have answered the open collection
PASSWORD = "xuezheng-demo"  # noqa: S105 - the demonstration's only, never made where there are real data
USERS = {
    "office": (User.Role.OFFICE, "", "办公室"),
    "aid": (User.Role.SECTION, "aid", "资助管理中心"),
    "leader": (User.Role.LEADER, "", "局领导"),
    "clerk": (User.Role.CLERK, "", "岩寺小学经办人"),
    "admin": (User.Role.ADMINISTRATOR, "", "系统管理员"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no arguments: the command builds the demonstration, or checks the existing one."""


def run(options: argparse.Namespace) -> int:
    """Build the demonstration, if it is not there yet, and compare its figures with the expected ones.

    Returns 0; 1 on any difference, or where the database has real data or users.
    """
    prepare_database()
    district = District.objects.first()
    if (district.code != DISTRICT) if district else _in_use():
        OUT.print("这里已有实际数据或用户，演示不会写入。请另设XUEZHENG_HOME后再运行。", style="red")
        return 1
    if district and _is_whole():
        return _check(Snapshot.for_period(Period.parse(EXPECTED_IN)))
    started = time.monotonic()
    taking.pin_beginning([shipped()[code] for code in PACKS])
    for pack in PACKS:
        if shipped()[pack].level == Level.COUNTY:
            take_pack(pack, None)
    reports = []
    for key, rows, day in HALF_YEARS:
        snapshot = _half_year(rows, home() / "demo" / key, Period.parse(key), day)
        if snapshot is None:
            return 1
        reports.append(_compose_report(snapshot, key))
    _ask_schools()
    code = _check(Snapshot.for_period(Period.parse(EXPECTED_IN)))
    for summary in reports:
        OUT.print(summary)
    OUT.print(f"用时{time.monotonic() - started:.0f}秒")
    OUT.print(
        f"登录名：{'、'.join(f'{name}（{title}）' for name, (_, _, title) in USERS.items())}；密码都是{PASSWORD}"
    )
    return code


def _half_year(rows: str, folder: Path, period: Period, day: date) -> Snapshot | None:
    """Import, reconcile and freeze one half-year of the demonstration; return the snapshot, None when a workbook was refused.

    ``rows`` names the functions of the areas that write the workbooks into ``folder``; ``day`` is the day of the freeze.
    """
    with progress_shown() as progress:
        progress("写出工作簿", 0, 1)
        workbooks = _write_workbooks(rows, folder)
        explanations = _explanations()
        for done, path in enumerate(workbooks):
            progress(f"导入{path.stem}", done, len(workbooks))
            outcome = import_workbook(path, explain=lambda finding: explanations.get(finding.subject, ""))
            show(outcome)
            if outcome.refused:
                return None
        lists = ListRow.objects.filter(listed_on__gte=period.start, listed_on__lte=period.end)
        show_lists(link(lists, progress))
        for term in Term.objects.filter(code__in=period.terms):
            take_up(lists, term)
        _make_users()
        for area in registry.modules("demo").values():
            if after := getattr(area, f"after_{rows}", None):
                after()
        return freeze(day, progress)


def _compose_report(snapshot: Snapshot, key: str) -> str:
    """Compose the report of a half-year (``key``, as 2019H1) beside its workbooks, and return a Chinese line with its path."""
    path = home() / "demo" / key / f"半年工作报告 {key}.docx"
    report = compose("half_year", snapshot, Period.parse(key))
    document.write_report(report, path, Sources.NONE)
    return f"{key}：快照{snapshot.id}；报告（{len(report.marks)}个数）：{path}"


def _is_whole() -> bool:
    """Whether the demonstration was built to its end: the last half-year is frozen."""
    _, _, day = HALF_YEARS[-1]
    return any(name.startswith(f"{day}-") for name in ids())


def _in_use() -> bool:
    """Whether there are users or records already, so that invented people and known passwords must not be added."""
    return User.objects.exists() or any(model.objects.exists() for model in registers().values())


def _write_workbooks(rows: str, folder: Path) -> list[Path]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for area in registry.modules("demo").values():
        for name, sheets in getattr(area, rows, tuple)():
            write_workbook(
                folder / name, {sheet_catalogue.sheet(title): rows for title, rows in sheets.items()}
            )
    return sorted(folder.glob("*.xlsx"))


def _explanations() -> dict[str, str]:
    """Return the explanations that the areas give for unusual values, by the subject of the finding."""
    areas = registry.modules("demo").values()
    return {about: text for area in areas for about, text in getattr(area, "EXPLANATIONS", {}).items()}


def _make_users() -> None:
    school = School.objects.get(name="岩寺小学")
    for name, (role, section, _) in USERS.items():
        if not User.objects.filter(username=name).exists():
            own = school if role == User.Role.CLERK else None
            User.objects.create_user(name, password=PASSWORD, role=role, section=section, school=own)


def _ask_schools() -> None:
    """Open a collection that some schools have reported to, one has problems with, and most have not begun."""
    schools = list(School.objects.order_by("code"))
    sheets = [sheet_catalogue.sheet(title) for title in ("学生名册", "班级名册")]
    due_on = timezone.localdate() + timedelta(days=14)
    period = Period.parse("2020H1")
    opened = collecting.open_collection("春季学期学籍核对", period, "enrolment", sheets, schools, due_on)
    others = opened.submissions.exclude(school__name="岩寺小学").order_by("school__code")
    for submission in others[:_REPORTED]:
        collecting.report(submission, None)
    collecting.note_attempt(others[_REPORTED], 3)


def _check(snapshot: Snapshot) -> int:
    """Compare every expected figure, value and text, and print the differences; return 1 on any difference, else 0."""
    tables: list[list[Expected]] = [
        getattr(area, "EXPECTED", []) for area in registry.modules("demo").values()
    ]
    expected = [line for table in tables for line in table]
    differing = 0
    for line in expected:
        answer = catalogue.figure(line.figure).at(snapshot, Period.parse(EXPECTED_IN), **line.slice)
        if (answer.number(), answer.text(line.style)) != (line.value, line.text):
            differing += 1
            OUT.print(
                f"✗ {line.figure} {line.slice}：应为{line.text}，现为{answer.text(line.style)}", style="red"
            )
    if differing:
        OUT.print(f"{len(expected)}项预期指标中有{differing}项不符", style="red")
        return 1
    OUT.print(f"{len(expected)}项预期指标全部重现（all expected figures reproduced）")
    return 0
