"""A small district, as the workbooks that its schools and sections submit, and its snapshot."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import psycopg
import pytest
import xlsxwriter
from django.core.management import call_command

from xuezheng.core.number_text import chinese
from xuezheng.intake import import_workbook
from xuezheng.jobs import transitions
from xuezheng.jobs.child import carry_out
from xuezheng.plans.models import PlanItem, Target
from xuezheng.records.identifiers import id_check_digit
from xuezheng.records.models import ClassGroup, District, School, WorkEntry
from xuezheng.snapshots import freeze
from xuezheng.workbooks import sheet_catalogue, write_workbook

DIVISION = "349900"
NINE_YEAR, SENIOR, KINDERGARTEN = "3134990001", "3434990002", "1134990003"
CROWDED = 57
_PATIENCE = 300  # seconds to wait for another worker


def named(order, first="众生"):
    """A name with the order in words: a digit in a name is asked about."""
    return first + str(order).translate(str.maketrans("0123456789", "零一二三四五六七八九"))


def citizen_id(order, born="2010-03-01", sex="男", division=DIVISION):
    """A citizen's ID number: no two orders of one day and sex give the same."""
    first = f"{division}{born.replace('-', '')}{order:02d}{1 if sex == '男' else 2}"
    return first + id_check_digit(first)


def pupil(school, group, name, order, born, entered, boarding="走读", sex="男", left=""):
    number = citizen_id(order, born, sex)
    student_number = "" if school == KINDERGARTEN else f"G{number}"
    return [school, group, name, sex, born, "", number, student_number, DIVISION, boarding, entered, left]


def award(name, number, programme, term, stage, school, boarding, amount, paid, tier="", division=DIVISION):
    studied = {NINE_YEAR: "云岭学校", SENIOR: "云岭中学", KINDERGARTEN: "云岭幼儿园"}.get(school, "外地学校")
    return [name, number, programme, term, stage, studied, division, school, boarding, tier, amount, paid]


def small_district():
    poor, grant, tuition = "建档立卡学生资助", "普通高中国家助学金", "普通高中免学杂费"
    crowd = [
        pupil(NINE_YEAR, "三年级1班", named(order), order, "2010-03-01", "2016-09-01")
        for order in range(1, CROWDED + 1)
    ]
    junior = pupil(NINE_YEAR, "八年级1班", "初小兰", 1, "2005-05-05", "2018-09-01", "住校", "女")
    left = pupil(NINE_YEAR, "八年级1班", "离小风", 2, "2005-05-05", "2018-09-01", left="2019-03-01")
    seniors = [
        pupil(SENIOR, "高三1班", named(order, "高生"), order, "2001-01-09", "2016-09-01", sex=sex)
        for order, sex in enumerate("男女男女", start=1)
    ]
    child = pupil(KINDERGARTEN, "大班", "幼小宝", 1, "2013-06-01", "2016-09-01")
    first, second = crowd[0][6], crowd[1][6]
    away = citizen_id(7, "2004-04-04")
    return {
        "本地信息": [[DIVISION, "云岭区", "云岭区教育局"]],
        "学期": [
            ["2018秋", "2018-09-01", "2019-01-25"],
            ["2019春", "2019-02-18", "2019-07-05"],
            ["2019秋", "2019-09-01", "2020-01-15"],
        ],
        "学校名册": [
            [NINE_YEAR, "云岭学校", "九年一贯制学校", "镇中心区", "县级教育部门", "", ""],
            [SENIOR, "云岭中学", "高级中学", "主城区", "县级教育部门", "市示范高中", ""],
            [KINDERGARTEN, "云岭幼儿园", "幼儿园", "村庄", "民办", "", ""],
        ],
        "班级名册": [
            [NINE_YEAR, "三年级1班", "小学", "3", ""],
            [NINE_YEAR, "八年级1班", "初中", "2", ""],
            [SENIOR, "高三1班", "高中", "3", ""],
            [KINDERGARTEN, "大班", "学前", "3", ""],
        ],
        "学生名册": [*crowd, junior, left, *seniors, child],
        "高考报名册": [
            [seniors[0][2], seniors[0][6], SENIOR, "理工类", "2019-06-07"],
            [seniors[1][2], seniors[1][6], SENIOR, "文史类", "2019-06-07"],
            ["社会青年", citizen_id(9, "1999-09-09"), "", "文史类", "2019-06-07"],
        ],
        "困难学生认定名单": [["众生一", first, "", "建档立卡", "2016-01-01", ""]],
        "资助发放名单": [
            award("众生一", first, poor, "2019春", "小学", NINE_YEAR, "走读", "500", "2019-04-01"),
            award("众生一", first, poor, "2019秋", "小学", NINE_YEAR, "走读", "250", "2019-10-01"),
            award("众生二", second, poor, "2019春", "小学", NINE_YEAR, "走读", "400", "2019-04-01"),
            award("初小兰", junior[6], poor, "2019春", "初中", NINE_YEAR, "住校", "625", ""),
            award("初小兰", junior[6], poor, "2019秋", "初中", NINE_YEAR, "走读", "312.5", "2019-10-01"),
            award("外出学", away, poor, "2019春", "初中", "", "住校", "625", "2019-04-01", division="110101"),
            award("幼小宝", child[6], "学前教育困难幼儿资助", "2019春", "学前", KINDERGARTEN, "走读", "500", "2019-04-01"),
            award(junior[2], junior[6], "义务教育寄宿生生活费补助", "2019春", "初中", NINE_YEAR, "住校", "625", "2019-04-01"),
            award(seniors[0][2], seniors[0][6], grant, "2019春", "高中", SENIOR, "走读", "1500", "2019-04-01", "一档"),
            award(seniors[1][2], seniors[1][6], grant, "2019春", "高中", SENIOR, "走读", "1000", "2019-04-01", "二档"),
            award(seniors[0][2], seniors[0][6], tuition, "2019春", "高中", SENIOR, "走读", "700", "2019-04-01"),
        ],
        "资金分配表": [
            [NINE_YEAR, "义务教育免学杂费", "2019春", "31000.25", "财教〔2019〕1号"],
            [NINE_YEAR, "免费教科书", "2019春", "2900", ""],
        ],
        "民生工程项目": [["困难学生资助", "教〔2019〕5号", "2019-03-15"]],
        "教职工名册": [
            ["校长某", citizen_id(3, "1970-07-07"), NINE_YEAR, "校（园）长", "2015-08-01", ""],
            ["教师某", citizen_id(4, "1990-09-09", "女"), NINE_YEAR, "专任教师", "2016-08-01", "2019-03-31"],
            ["干事某", citizen_id(5, "1985-05-05"), "", "行政教辅人员", "2018-01-01", ""],
        ],
    }  # fmt: skip


def take_in(path):
    outcome = import_workbook(path)
    assert outcome.saved, [str(problem) for problem in outcome.problems[:5]]
    return outcome


@pytest.fixture(scope="session")
def citizen():
    return citizen_id


@pytest.fixture
def small():
    """Every sheet of the small district, its rows as text."""
    return small_district()


@pytest.fixture
def workbook(tmp_path):
    """Write a workbook by the templates: rows of text by the sheet's title."""

    def write(sheets, name="上报.xlsx"):
        path = tmp_path / name
        write_workbook(path, {sheet_catalogue.sheet(title): rows for title, rows in sheets.items()})
        return path

    return write


@pytest.fixture
def raw_workbook(tmp_path):
    """Write a workbook as somebody might have typed it: every cell of every row, headings included."""

    def write(sheets, name="上报.xlsx"):
        path = tmp_path / name
        book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
        book.close()
        return path

    return write


@pytest.fixture
def headings():
    """The headings of a template."""
    return lambda title: [column.title for column in sheet_catalogue.sheet(title).columns]


@pytest.fixture
def district(db, small, workbook):
    """The small district in the registers."""
    return take_in(workbook(small, "全区.xlsx"))


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory, django_db_setup, django_db_blocker):
    """The small district frozen, once: freezing reads what is committed, so the rows are removed again."""
    folder = tmp_path_factory.mktemp("district")
    sheets = {sheet_catalogue.sheet(title): rows for title, rows in small_district().items()}
    write_workbook(folder / "全区.xlsx", sheets)
    with django_db_blocker.unblock():
        take_in(folder / "全区.xlsx")
        frozen = freeze(date(2020, 1, 20))
        call_command("flush", interactive=False, verbosity=0)
    return frozen


@contextmanager
def another_district(home, database="elsewhere", copy_of=""):
    """Yield the environment of another district: a data folder, not made yet, and a database of its own, of the same kind as here.

    On a server the database is empty, or holds what the database ``copy_of`` holds; in a file it belongs to the data folder.
    """
    environment = {
        **os.environ,
        "XUEZHENG_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "xuezheng.settings",
    }
    url = os.environ.get("XUEZHENG_DATABASE_URL", "sqlite://")
    if url.startswith("sqlite"):
        yield environment
        return
    name = f"{database}_{os.getpid()}"
    template = f" TEMPLATE {copy_of}_{os.getpid()}" if copy_of else ""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}{template}")
        yield {**environment, "XUEZHENG_DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def elsewhere(tmp_path):
    """The environment of another district with an empty database."""
    with another_district(tmp_path / "elsewhere") as environment:
        yield environment


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory):
    """The data folder of the whole demonstration, built by the command once for all workers; not to be changed.

    What the command printed lies beside it.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demonstration"
    printed = folder / "printed.txt"
    try:
        folder.mkdir()
    except FileExistsError:
        for _ in range(_PATIENCE):
            if printed.exists():
                break
            time.sleep(1)
        else:
            pytest.fail("the demonstration was not built")
    else:
        environment = {**os.environ, "XUEZHENG_HOME": str(folder / "home"), "PYTHONIOENCODING": "utf-8"}
        environment.pop("XUEZHENG_DATABASE_URL", None)
        built = subprocess.run(
            [sys.executable, "-m", "xuezheng", "demo"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
        printed.write_text(built.stdout, encoding="utf-8")
    return folder / "home"


@pytest.fixture
def work():
    """Do the jobs that wait, in this process; return them as they ended."""

    def run():
        done = []
        while job := transitions.claim():
            carry_out(job, lambda *told: None)
            job.refresh_from_db()
            done.append(job)
        return done

    return run


def run_script(script, environment):
    """Run a script in a process of its own; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture
def run_python():
    """Run a script in a process of its own; return what it printed."""
    return run_script


@pytest.fixture
def schools(db):
    """A district of three schools, two of them with a class."""
    District.objects.create(code="349900", name="云岭区", bureau_name="云岭区教育局")
    made = [
        School.objects.create(
            code=f"213499000{order}", name=f"{name}小学", kind="211", urban_rural="121", runner="831"
        )
        for order, name in enumerate("甲乙丙", 1)
    ]
    for school in made[:2]:
        ClassGroup.objects.create(school=school, name="一年级1班", stage="primary", grade=1)
    return made


@pytest.fixture
def item(schools):
    """Make an item of the plan with targets: (title, due day, operator, value, further fields)."""
    numbers = iter(range(1, 99))

    def make(*targets, due="2019-12-31", begun=None, finished=None):
        number = next(numbers)
        made = PlanItem.objects.create(
            planned_for="2019H2",
            number=number,
            title=f"任务{chinese(number)}",
            section="enrolment",
            due_on=due,
            measures="逐项落实。",
            started_on=begun,
            finished_on=finished,
        )
        for title, day, operator, value, further in targets:
            Target.objects.create(
                item=made,
                title=title,
                section="enrolment",
                due_on=day,
                figure="enrolment.classes",
                operator=operator,
                value=Decimal(value),
                **further,
            )
        return made

    return make


@pytest.fixture
def entry(schools):
    def make(title, text, day=date(2019, 10, 8), **further):
        told = {"section": "overview", "topic": "优质均衡", "picked": True, **further}
        return WorkEntry.objects.create(title=title, text=text, day=day, **told)

    return make
