"""What a reader is told when the server lacks something, and what a log keeps of it."""

import json
import logging
import re
import shutil
import stat
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DataError, OperationalError, connection
from django.test import RequestFactory
from django.utils import timezone

from xuezheng.cli import main
from xuezheng.core import disk_space, log_files
from xuezheng.core.data_folder import home
from xuezheng.intake import import_workbook
from xuezheng.intake.uploads import Upload
from xuezheng.jobs.attachments import MOST_BYTES, Attachment, AttachmentGone, TooMuchWaiting
from xuezheng.jobs.heartbeat import beat_worker
from xuezheng.records.models import Look
from xuezheng.snapshots import freeze
from xuezheng.web.security import access_log
from xuezheng.web.serving import error_pages
from xuezheng.web.serving.request_log import cut
from xuezheng.workbooks import WorkbookRefused


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def little_room(monkeypatch):
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(disk_space.shutil, "disk_usage", lambda path: usage._replace(free=299 * 2**20))


def lines(prefix):
    [path] = (home() / "logs").glob(f"{prefix}-*.log")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return path.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OperationalError("connection refused"), 503, "数据库暂时不能使用"),
        (OperationalError("database or disk is full"), 507, "磁盘已满"),
        (OSError(28, "No space left on device"), 507, "磁盘已满"),
        (disk_space.NoRoom("只剩3兆"), 507, "只剩3兆"),
        (TooMuchWaiting(), 429, "很多文件在等待处理"),
        (OverflowError("Python int too large"), 400, "数字过大"),
        (DataError("value too long"), 400, "内容过长"),
    ],
)
def test_each_lack_has_a_page_of_its_own(error, status, words):
    request = RequestFactory().get("/figures/")
    request.number = "abc123"
    response = error_pages.answer_for(request, error)
    assert response.status_code == status
    assert words in response.content.decode()
    assert response["X-Request-ID"] == "abc123"
    assert "请求编号：abc123" in response.content.decode()
    program = error_pages.answer_for(RequestFactory().get("/api/v1/plan/"), error)
    assert words in json.loads(program.content)["error"]


def test_any_other_error_has_none(rf):
    assert error_pages.answer_for(rf.get("/"), ZeroDivisionError()) is None
    assert "刚才的操作没有完成" in error_pages.server_error(rf.get("/")).content.decode()


def test_with_little_room_nothing_that_writes_much_begins_and_pages_are_read(
    as_user, snapshot, little_room, workbook, client, users, password
):
    office = as_user("office")
    with pytest.raises(disk_space.NoRoom, match="只剩299兆，少于须保留的300兆，暂时不能接收文件"):
        Upload.keep(b"x", "x.xlsx", users["office"])
    with pytest.raises(disk_space.NoRoom, match="不能生成快照"):
        freeze(date(2019, 6, 30))
    with pytest.raises(disk_space.NoRoom, match="不能导入"):
        import_workbook(workbook({}))
    office.raise_request_exception = False
    exported = office.post("/registers/pupil/export/", {"all": "1"})
    assert exported.status_code == 507
    assert "不能生成文件" in exported.content.decode()
    assert office.get("/registers/pupil/").status_code == 200
    assert client.post("/login/", {"username": "clerk", "password": password})["Location"] == "/"


@pytest.mark.django_db
def test_health_says_what_works_and_nothing_else(folder, client, little_room, monkeypatch):
    beat_worker()
    found = client.get("/health/")
    assert (found.status_code, found.json()) == (
        503, {"status": "failing", "database": True, "disk": False, "worker": True},
    )  # fmt: skip
    monkeypatch.setenv("XUEZHENG_FREE_MEGABYTES", "1")
    assert client.get("/health/").json() == {"status": "ok", "database": True, "disk": True, "worker": True}
    assert client.post("/health/").status_code == 405


@pytest.mark.django_db
def test_the_command_ends_with_what_it_finds(folder, capsys, monkeypatch):
    monkeypatch.setenv("XUEZHENG_FREE_MEGABYTES", "1")
    assert main(["health"]) == 1
    assert "后台进程没有运行" in capsys.readouterr().out
    beat_worker()
    assert main(["health", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "ok"
    assert main(["health"]) == 0


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/welcome/SECRET-abc/", "/welcome/<token>/"),
        ("/welcome/SECRET-abc", "/welcome/…"),
        ("/intake/uploads/0123456789abcdef/marked/", "/intake/uploads/<token>/marked/"),
        ("/registers/pupil/12/", "/registers/pupil/12/"),
        ("/reports/half_year/2019H1/docx/", "/reports/half_year/2019H1/docx/"),
        ("/figures/aid.amount/", "/figures/aid.amount/"),
        ("/学生甲/", "/…"),
        ("/registers/pupil/学生甲/", "/registers/…"),
        ("/intake/templates/学生甲/", "/intake/templates/<title>/"),
        ("/reports/half_year/学生甲 x/", "/reports/half_year/<period>/"),
        ("/", "/"),
    ],
)
def test_a_path_is_kept_without_what_it_may_tell(path, kept):
    assert cut(path) == kept


def test_a_line_tells_who_when_where_and_what(folder, as_user, snapshot, monkeypatch):
    monkeypatch.setenv("XUEZHENG_HOME", str(folder))
    response = as_user("clerk").get("/registers/pupil/?q=学生甲", REMOTE_ADDR="10.1.2.3", follow=True)
    number = response["X-Request-ID"]
    [line] = [line for line in lines("access") if number in line]
    assert re.fullmatch(
        rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{{4}} {number} 10\.1\.2\.3 clerk GET /registers/pupil/ 200 \d+ms",
        line,
    )
    assert "学生甲" not in "".join(lines("access"))


@pytest.mark.django_db
def test_an_error_is_logged_where_it_happened_and_without_what_was_typed(folder, client, monkeypatch):
    def fail(*arguments, **named):
        person = "学生甲 349900201003010019"
        try:
            raise ValueError(person)
        except ValueError as error:
            raise LookupError(f"{person} of {named}") from error

    monkeypatch.setattr("xuezheng.web.login.invitations.render", fail)
    client.raise_request_exception = False
    response = client.get("/welcome/SECRET-token/")
    assert response.status_code == 500
    number = response["X-Request-ID"]
    assert f"请求编号：{number}" in response.content.decode()
    written = "\n".join(lines("errors"))
    assert number in written
    assert "test_error_pages.py" in written
    assert "LookupError" in written
    assert "ValueError" in written
    assert "/welcome/<token>/" in written
    for canary in ("学生甲", "349900201003010019", "SECRET"):
        assert canary not in written


@pytest.mark.django_db
def test_an_error_of_the_database_is_logged_without_the_row(folder):
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO records_district (code) VALUES ('学生甲')")
    except Exception:
        logging.getLogger("xuezheng.jobs.child").exception("job %s failed", 1)
    written = "\n".join(lines("errors"))
    assert "IntegrityError" in written
    assert "学生甲" not in written


def test_what_was_kept_for_half_a_year_is_removed(folder):
    old, young = (
        folder / "logs" / f"access-{timezone.localdate() - timedelta(days=days):%Y-%m-%d}.log"
        for days in (200, 180)
    )
    old.parent.mkdir()
    old.touch()
    young.touch()
    handler = log_files.DailyFile("access")
    handler.emit(logging.LogRecord("x", logging.INFO, "", 0, "a line", (), None))
    handler.close()
    assert not old.exists()
    assert young.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'{"id": 1}', b"\xff\xfe", b'{"id": "x", "at": 3, "by": 1, "persons": 7}'],
)
def test_a_damaged_line_of_the_access_log_is_put_aside_and_stops_no_page(
    folder, as_user, snapshot, monkeypatch, content
):
    monkeypatch.setenv("XUEZHENG_HOME", str(folder))
    client = as_user("office")
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    request.user.pk = int(client.session["_auth_user_id"])
    access_log.note(request, "台账", "核对", [1])
    (folder / "looks" / "0.json").write_bytes(content)
    page = client.get("/looks/")
    assert page.status_code == 200
    assert "有1条查阅记录的文件已损坏" in page.content.decode()
    assert Look.objects.count() == 1
    assert [path.name for path in (folder / "looks").iterdir()] == ["0.damaged"]


@pytest.mark.django_db
def test_what_one_user_lets_wait_is_bounded(folder, users, monkeypatch):
    assert MOST_BYTES < 2**30
    monkeypatch.setattr("xuezheng.jobs.attachments.MOST_BYTES", 300_000)
    for _ in range(2):
        Attachment.create(users["clerk"], "x.docx", b"x" * 100_000)
        Upload.keep(b"x" * 100_000, "x.xlsx", users["clerk"])
    with pytest.raises(TooMuchWaiting, match="很多文件在等待处理"):
        Attachment.create(users["clerk"], "x.docx", b"x" * 100_000)
    with pytest.raises(WorkbookRefused, match="很多文件在等待处理"):
        Upload.keep(b"x" * 100_000, "x.xlsx", users["clerk"])
    assert Upload.keep(b"x", "x.xlsx", users["office"])


@pytest.mark.django_db
def test_what_a_job_has_brought_is_its_owners_alone_and_encrypted(folder, users, as_user):
    attachment = Attachment.create(users["clerk"], "名单.docx", "学生甲".encode())
    attachment.keep("page", "学生乙".encode())
    assert Attachment.open(users["clerk"], attachment.token).content().decode() == "学生甲"
    with pytest.raises(AttachmentGone):
        Attachment.open(users["office"], attachment.token)
    stored = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert not any(name.encode() in stored for name in ("学生甲", "学生乙", "名单"))
    for name in ("office", "leader", "administrator"):
        assert as_user(name).get(f"/reports/check/{attachment.token}/").status_code == 302
