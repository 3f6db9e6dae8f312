"""``xuezheng demo``: build a complete invented district, imported by the same path as any user's workbooks."""

import argparse
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

from django.utils import timezone

from xuezheng import registry
from xuezheng.cli.records.import_ import show
from xuezheng.cli.records.link import show as show_lists
from xuezheng.cli.shared import OUT, prepare_database, progress_shown
from xuezheng.collections import collecting
from xuezheng.core.data_folder import home
from xuezheng.core.periods import Period
from xuezheng.demo import Expected, Workbook
from xuezheng.demo.county import County, HalfYear, counties
from xuezheng.demo.people import DISTRICT
from xuezheng.figures import catalogue
from xuezheng.intake import Outcome, import_workbook
from xuezheng.intake.expectations.findings import Explain
from xuezheng.linkage.job import link
from xuezheng.linkage.lists import take_up
from xuezheng.linkage.models import ListRow
from xuezheng.policy import taking
from xuezheng.policy.packs import Level, formerly_in_the_program, shipped
from xuezheng.records.models import District, School, Term, User, registers
from xuezheng.reports.compose import compose
from xuezheng.reports.templates.versions import take_pack
from xuezheng.reports.word import document
from xuezheng.reports.word.document import Sources
from xuezheng.snapshots import Snapshot, freeze
from xuezheng.snapshots.snapshot import ids
from xuezheng.workbooks import sheet_catalogue, write_workbook


@dataclass(frozen=True)
class DemoHalfYear:
    """A half-year of a demonstration.

    ``period`` is its key, as ``2019H1``. ``workbooks`` takes the module ``demo`` of an area and returns the
    area's workbooks; ``after`` is called with the same module once all workbooks are imported. ``frozen_on``
    is the day of the snapshot for its report.
    """

    period: str
    workbooks: Callable[[ModuleType], Iterable[Workbook]]
    frozen_on: date
    after: Callable[[ModuleType], None] = lambda area: None


def _named(period: str, rows: str, frozen_on: date) -> DemoHalfYear:
    """A half-year whose workbooks an area's function ``rows`` yields; one named after_… does what comes after they are in."""
    return DemoHalfYear(
        period,
        lambda area: getattr(area, rows, tuple)(),
        frozen_on,
        lambda area: getattr(area, f"after_{rows}", lambda: None)(),
    )


@dataclass(frozen=True)
class Demonstration:
    """What ``xuezheng demo`` builds: a district with its half-years.

    ``division`` is the division code of the district, ``packs`` are the codes of the policy packs in force,
    and ``half_years`` are built in this order. ``expected`` returns the figures that must result for the
    first half-year; ``clerk_of`` is the name of the school whose clerk gets an account.
    """

    division: str
    packs: Sequence[str]
    half_years: Sequence[DemoHalfYear]
    expected: Callable[[], list[Expected]]
    clerk_of: str


DISTRICT_OF_2019 = Demonstration(
    DISTRICT,
    [pack.code for pack in formerly_in_the_program()],
    (
        _named("2019H1", "workbooks", date(2019, 7, 5)),
        _named("2019H2", "autumn_workbooks", date(2020, 1, 10)),
    ),
    lambda: [line for area in registry.modules("demo").values() for line in getattr(area, "EXPECTED", [])],
    "岩寺小学",
)
OF_2019 = DISTRICT_OF_2019.packs[-1]
_REPORTED = 6  # schools that have answered the open collection
PASSWORD = "xuezheng-demo"  # noqa: S105 - the demonstration's only, never made where there are real data
USERS = {
    "office": (User.Role.OFFICE, "", "办公室"),
    "aid": (User.Role.SECTION, "aid", "资助管理中心"),
    "leader": (User.Role.LEADER, "", "局领导"),
    "clerk": (User.Role.CLERK, "", "学校经办人"),
    "admin": (User.Role.ADMINISTRATOR, "", "系统管理员"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng demo`` to ``parser``."""
    parser.add_argument(
        "--pack",
        metavar="政策包",
        default=OF_2019,
        choices=[OF_2019, *counties()],
        help=f"用哪个政策包的演示，默认{OF_2019}；另有{'、'.join(counties())}",
    )


def run(options: argparse.Namespace) -> int:
    """Build the demonstration, unless it exists already, and compare its figures with the expected ones.

    Returns 0; 1 where a figure differs, or where the database has real data or users.
    """
    prepare_database()
    chosen = _demonstration(options.pack)
    district = District.objects.first()
    if (district.code != chosen.division) if district else _in_use():
        OUT.print("这里已有实际数据或用户，演示不会写入。请另设XUEZHENG_HOME后再运行。", style="red")
        return 1
    if district and _is_whole(chosen):
        return _check(chosen)
    started = time.monotonic()
    taking.pin_beginning([shipped()[code] for code in chosen.packs])
    for pack in chosen.packs:
        if shipped()[pack].level == Level.COUNTY:
            take_pack(pack, None)
    reports = []
    for half_year in chosen.half_years:
        snapshot = _build_half_year(half_year, chosen.clerk_of)
        if snapshot is None:
            return 1
        reports.append(_compose_report(snapshot, half_year.period))
    if chosen is DISTRICT_OF_2019:
        _ask_schools()
    code = _check(chosen)
    for summary in reports:
        OUT.print(summary)
    OUT.print(f"用时{time.monotonic() - started:.0f}秒")
    OUT.print(
        f"登录名：{'、'.join(f'{name}（{title}）' for name, (_, _, title) in USERS.items())}；密码都是{PASSWORD}"
    )
    return code


def _demonstration(pack: str) -> Demonstration:
    """Return the demonstration of a pack, of which the county of each has its own folder."""
    if pack == OF_2019:
        return DISTRICT_OF_2019
    county = counties()[pack]

    def build(half_year: HalfYear) -> DemoHalfYear:
        def workbooks(area: ModuleType) -> Iterable[Workbook]:
            maker: Callable[[County, HalfYear], Iterable[Workbook]] = getattr(
                area, "county_workbooks", lambda *_: ()
            )
            return maker(county, half_year)

        return DemoHalfYear(half_year.period, workbooks, half_year.frozen_on)

    return Demonstration(
        county.place.division,
        county.about["packs"],
        [build(half_year) for half_year in county.half_years],
        lambda: county.expected,
        county.about["clerk_of"],
    )


def _build_half_year(half_year: DemoHalfYear, clerk_of: str) -> Snapshot | None:
    """Import, reconcile and freeze one half-year; return the snapshot, None when a workbook was refused.

    ``clerk_of`` is the school of which there is a clerk among the users.
    """
    period = Period.parse(half_year.period)
    with progress_shown() as progress:
        progress("写出工作簿", 0, 1)
        workbooks = _write_workbooks(half_year, home() / "demo" / half_year.period)
        explanations = _explanations()
        for done, path in enumerate(workbooks):
            progress(f"导入{path.stem}", done, len(workbooks))
            outcome = _import(path, lambda finding: explanations.get(finding.subject, ""))
            show(outcome)
            if outcome.refused:
                return None
        lists = ListRow.objects.filter(listed_on__gte=period.start, listed_on__lte=period.end)
        show_lists(link(lists, progress))
        for term in Term.objects.filter(code__in=period.terms):
            take_up(lists, term)
        _make_users(clerk_of)
        for area in registry.modules("demo").values():
            half_year.after(area)
        return freeze(half_year.frozen_on, progress)


def _import(path: Path, explain: Explain) -> Outcome:
    """Import a workbook; where only pupils are missing, who are on the roster of their next school that comes later, confirm that they stay."""
    outcome = import_workbook(path, explain=explain)
    only_missing = outcome.missing and all(problem.reading for problem in outcome.problems)
    return import_workbook(path, confirm=True, explain=explain) if only_missing else outcome


def _compose_report(snapshot: Snapshot, key: str) -> str:
    """Compose the report of a half-year (``key``, as 2019H1) beside its workbooks, and return a Chinese line with its path."""
    path = home() / "demo" / key / f"半年工作报告 {key}.docx"
    report = compose("half_year", snapshot, Period.parse(key))
    document.write_report(report, path, Sources.NONE)
    return f"{key}：快照{snapshot.id}；报告（{len(report.marks)}个数）：{path}"


def _is_whole(chosen: Demonstration) -> bool:
    """Whether the demonstration was built to its end: the last half-year is frozen."""
    day = chosen.half_years[-1].frozen_on
    return any(name.startswith(f"{day}-") for name in ids())


def _in_use() -> bool:
    """Whether there are users or records already, so that invented people and known passwords must not be added."""
    return User.objects.exists() or any(model.objects.exists() for model in registers().values())


def _write_workbooks(half_year: DemoHalfYear, folder: Path) -> list[Path]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for area in registry.modules("demo").values():
        for name, sheets in half_year.workbooks(area):
            write_workbook(
                folder / name, {sheet_catalogue.sheet(title): rows for title, rows in sheets.items()}
            )
    return sorted(folder.glob("*.xlsx"))


def _explanations() -> dict[str, str]:
    """Return the explanations that the areas give for unusual values, by the subject of the finding."""
    areas = registry.modules("demo").values()
    return {about: text for area in areas for about, text in getattr(area, "EXPLANATIONS", {}).items()}


def _make_users(clerk_of: str) -> None:
    school = School.objects.get(name=clerk_of)
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


def _check(chosen: Demonstration) -> int:
    """Compare every expected figure of the first half-year, value and text, and print the differences.

    Returns 1 on any difference, else 0.
    """
    period = Period.parse(chosen.half_years[0].period)
    snapshot, expected = Snapshot.for_period(period), chosen.expected()
    differing = 0
    for line in expected:
        answer = catalogue.figure(line.figure).at(snapshot, period, **line.slice)
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
