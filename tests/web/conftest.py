"""A small district of two schools: enough rows for each page, the same keys every time."""

import re
import shutil
from datetime import date, timedelta
from functools import cache
from threading import Event, Thread
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright
from tests.machine import BROWSER, require

from xuezheng.api import answering
from xuezheng.areas.aid.models import Award
from xuezheng.collections import collecting
from xuezheng.core.periods import Period
from xuezheng.jobs import transitions
from xuezheng.jobs.child import carry_out
from xuezheng.linkage.models import Candidate, Link, ListRow
from xuezheng.plans.models import PlanItem, Target
from xuezheng.records.identifiers import id_check_digit
from xuezheng.records.models import (
    ApiToken,
    Batch,
    ClassGroup,
    District,
    Person,
    PersonCategory,
    Pupil,
    School,
    Term,
    User,
)
from xuezheng.reports.templates import catalogue as template_catalogue
from xuezheng.snapshots import freeze
from xuezheng.web.assets import bundle
from xuezheng.workbooks import sheet_catalogue

PASSWORD = "白日依山尽-1957"
#: How long a browser waits for what a page is to show, in milliseconds: a slow machine is no fault.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
POOR_PUPILS = 3
CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHORT_REPORT = """
# {{ bureau }}{{ period }}工作情况报告

## 一、资助

资助建档立卡学生{{ n("aid.registered_poor_pupils") }}，金额{{ n("aid.registered_poor_amount") }}。

| 学段 | 人数 |
| 全部 | {{ n("aid.registered_poor_pupils") }} |

## 二、学籍

在校学生{{ n("enrolment.pupils") }}。

党员{{ n("party.members") }}。
"""


def id_number(order: int) -> str:
    first = f"34990020100301{order:03d}"
    return first + id_check_digit(first)


def build() -> SimpleNamespace:
    batch = Batch.objects.create(pk=1, file_name="学生名册-春.xlsx", content_sha256="0" * 64, sheets=[])
    source = {"batch": batch, "source_sheet": "学生名册"}
    District.objects.create(pk=1, code="349900", name="云岭区", bureau_name="云岭区教育局")
    term = Term.objects.create(pk=1, code="2019春", starts_on=date(2019, 2, 18), ends_on=date(2019, 7, 5))
    kinds = {"urban_rural": "121", "runner": "831"}
    own = School.objects.create(pk=1, code="2134990001", name="云岭第一小学", kind="211", **kinds)
    other = School.objects.create(pk=2, code="2134990002", name="松溪小学", kind="211", **kinds)
    pupils = []
    for order in range(1, 7):
        school = own if order <= 4 else other
        group, _ = ClassGroup.objects.get_or_create(
            school=school, name="三年级1班", defaults={"pk": school.pk, "stage": "primary", "grade": 3}
        )
        number = id_number(order)
        person = Person.objects.create(
            pk=order,
            name=f"学生{'甲乙丙丁戊己'[order - 1]}",
            id_number=number,
            sex="male" if int(number[16]) % 2 else "female",
            birth_date=date(2010, 3, 1),
            household_division="349900",
            source_row=order + 1,
            **source,
        )
        pupils.append(
            Pupil.objects.create(
                pk=order,
                person=person,
                student_number=f"G{number}",
                class_group=group,
                boarding=Pupil.Boarding.DAY,
                entered_on=date(2016, 9, 1),
                source_row=order + 1,
                **source,
            )
        )
    # Two of the own school, one of the other.
    for order in (1, 2, 5):
        pupil = pupils[order - 1]
        PersonCategory.objects.create(
            pk=order, person=pupil.person, category="registered_poor", starts_on=date(2016, 1, 1)
        )
        Award.objects.create(
            pk=order,
            person=pupil.person,
            programme="registered_poor",
            term=term,
            stage="primary",
            school=pupil.class_group.school,
            school_name=pupil.class_group.school.name,
            study_division="349900",
            boarding=Pupil.Boarding.DAY,
            amount=50_000,
            paid_on=date(2019, 5, 20),
        )
    # On the poverty register: the first pupil, and another name under the second one's number.
    for pk, name, order in ((1, "学生甲", 1), (2, "覃大壮", 2)):
        row = ListRow.objects.create(
            pk=pk, category="registered_poor", listed_on=date(2019, 3, 1), place=pk, name=name, id_number=id_number(order)
        )  # fmt: skip
        found = pk == 1
        link = Link.objects.create(
            pk=pk, row=row, content_hash=f"{pk:032}", state="found" if found else "open",
            reason="number" if found else "name_conflict", person=pupils[0].person if found else None,
        )  # fmt: skip
        Candidate.objects.create(link=link, person=pupils[order - 1].person, strength=0.9999 if found else 0)
    item = PlanItem.objects.create(
        pk=1, planned_for="2019H1", number=10, title="教育扶贫", section="aid", due_on=date(2019, 6, 30),
        measures="逐人核对名单。", started_on=date(2019, 2, 20),
    )  # fmt: skip
    for title, school, value in (("全区资助学生", None, 3), ("第一小学资助学生", own, 9)):
        Target.objects.create(
            item=item, title=title, section="aid", due_on=date(2019, 6, 30), school=school,
            figure="aid.registered_poor_pupils", operator="at_least", value=value,
        )  # fmt: skip
    return SimpleNamespace(batch=batch, term=term, own=own, other=other, pupils=pupils)


@pytest.fixture(scope="session")
def frozen(tmp_path_factory, django_db_setup, django_db_blocker):
    """The district's snapshot, made once: freezing reads what is committed, so the rows are removed again."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("XUEZHENG_HOME", str(home))
        build()
        freeze(date(2019, 6, 30))
        call_command("flush", interactive=False, verbosity=0)
    return home


@pytest.fixture
def snapshot(frozen, monkeypatch):
    monkeypatch.setenv("XUEZHENG_HOME", str(frozen))


@pytest.fixture
def district(db: None) -> SimpleNamespace:
    built = build()
    # The rows bear numbers that we gave them: on PostgreSQL the next one must not bear one of these again.
    models = [model for model in apps.get_models() if model._meta.app_label not in ("contenttypes", "auth")]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    return built


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def users(district: SimpleNamespace) -> dict[str, User]:
    return make_users(district.own)


@cache
def hashed() -> str:
    """The password's hash, which is slow to make on purpose."""
    return make_password(PASSWORD)


def make_users(school: School) -> dict[str, User]:
    def make(name: str, **kind: object) -> User:
        return User.objects.create(username=name, password=hashed(), toured_at=timezone.now(), **kind)

    return {
        "office": make("office", role=User.Role.OFFICE),
        "aid": make("aid", role=User.Role.SECTION, section="aid"),
        "leader": make("leader", role=User.Role.LEADER),
        "clerk": make("clerk", role=User.Role.CLERK, school=school),
        "administrator": make("administrator", role=User.Role.ADMINISTRATOR),
        "security": make("security", role=User.Role.SECURITY),
        "auditor": make("auditor", role=User.Role.AUDITOR),
    }


@pytest.fixture
def as_user(users: dict[str, User]):
    def log_in(name: str) -> Client:
        client = Client()
        client.force_login(users[name])
        return client

    return log_in


@pytest.fixture
def token(users):
    """Make a token for programs; return its secret."""

    def make(name="office", scopes=tuple(ApiToken.Scope.values), days=1, **further):
        secret = f"xz_{name}{'-'.join(scopes)}{days}"
        ApiToken.objects.create(
            owner=users[name],
            title="市局平台",
            scopes=list(scopes),
            secret_hash=answering.hashed(secret),
            expires_on=timezone.localdate() + timedelta(days=days),
            **further,
        )
        return secret

    return make


@pytest.fixture
def assert_closed():
    """Assert that a page names no other server and holds no inline code."""

    def check(response) -> None:
        policy = response["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        html = response.content.decode()
        assert not re.findall(r"https?://", html)
        assert not re.findall(r"<style|\sstyle=|\son[a-z]+=", html)
        assert all(
            "src=" in tag or 'type="application/json"' in tag for tag in re.findall(r"<script[^>]*>", html)
        )

    return check


@pytest.fixture
def short_report(tmp_path, monkeypatch):
    """A report of two sections' numbers, and one without data, in the place of the whole one."""
    path = tmp_path / "half_year.md"
    path.write_text(SHORT_REPORT, encoding="utf-8")
    monkeypatch.setattr(template_catalogue, "shipped_templates", lambda: {"half_year": path})


@pytest.fixture
def school_workbook(users):
    """The address of the workbook that the clerk's school is asked for: names of four pupils, two of them twice."""
    sheets = [
        sheet_catalogue.sheet("学生名册"),
        sheet_catalogue.sheet("困难学生认定名单"),
        sheet_catalogue.sheet("班级名册"),
    ]
    period = Period.parse("2019春")
    opened = collecting.open_collection(
        "名册", period, "aid", sheets, School.objects.all(), date(2019, 6, 20)
    )
    own = opened.submissions.get(school=users["clerk"].school)
    return f"/intake/submissions/{own.pk}/workbook/"


@pytest.fixture(scope="session")
def assets():
    if not bundle.is_current():
        bundle.bundle()


class Desk:
    """A page that notes what must not happen: a request to another place, an error, a refusal by the policy."""

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("console", lambda message: message.type == "error" and self.faults.append(message.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("response", lambda answer: answer.status >= 400 and self.faults.append(answer.url))
        page.on("request", lambda request: request.url.startswith(home) or self.faults.append(request.url))

    def log_in(self, home: str, name: str, password: str) -> None:
        self.page.goto(home)
        self.page.get_by_label("账号").fill(name)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("云岭区教育局")


def do_jobs() -> None:
    """Do the jobs that wait, as a worker would."""
    while job := transitions.claim():
        carry_out(job, lambda *report: None)


@pytest.fixture
def worker(live_server):
    """Do the jobs that wait, as a worker beside the server does, as long as the test lasts."""
    over = Event()

    def run():
        while not over.wait(0.1):
            do_jobs()
        connection.close()

    thread = Thread(target=run, daemon=True)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.fixture
def desk(snapshot, users, live_server, password, assets):
    """Sit somebody down at a desk: a browser of a size, logged in."""
    require(*BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

        def sit_down(name: str, width: int, height: int, *, touch: bool = False) -> Desk:
            viewport = {"width": width, "height": height}
            page = browser.new_page(viewport=viewport, locale="zh-CN", has_touch=touch, is_mobile=touch)
            page.set_default_timeout(PATIENCE)
            found = Desk(page, live_server.url)
            found.log_in(live_server.url, name, password)
            return found

        yield sit_down
        browser.close()
