"""What is large is done in the background: its page tells how far it is and leads on."""

from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import expect

from xuezheng.intake import uploads
from xuezheng.jobs import transitions
from xuezheng.jobs.heartbeat import JobProgress
from xuezheng.jobs.models import Job
from xuezheng.records.models import Batch, ClassGroup
from xuezheng.web import jobs as kinds
from xuezheng.workbooks import sheet_catalogue, write_workbook

CLASSES = "班级名册"
NEW_CLASS = ["2134990001", "四年级1班", "小学", "4", ""]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def hand_in(tmp_path, monkeypatch):
    """Hand in a workbook that is large; return the address of its job."""
    monkeypatch.setattr(uploads, "LARGE", 0)

    def post(client, rows=(NEW_CLASS,)):
        write_workbook(tmp_path / "out.xlsx", {sheet_catalogue.sheet(CLASSES): list(rows)})
        file = SimpleUploadedFile("填报.xlsx", (tmp_path / "out.xlsx").read_bytes())
        return client.post("/intake/", {"file": file})["Location"]

    return post


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_a_large_workbook_is_read_by_the_worker_alone(as_user, hand_in, work, monkeypatch):
    client = as_user("clerk")
    with monkeypatch.context() as web:
        web.setattr(uploads, "preview_workbook", lambda *told, **kind: pytest.fail("read by the web process"))
        web.setattr(uploads, "import_workbook", lambda *told, **kind: pytest.fail("read by the web process"))
        job = hand_in(client)
        assert "马上开始" in text(client.get(job))
        assert "1项后台任务进行中" in text(client.get("/intake/"))
    work()
    preview = client.get(job, headers=HTMX)["HX-Redirect"]
    assert "没有发现问题" in text(client.get(preview))
    job = client.post(preview, {"decision": "commit"})["Location"]
    work()
    batch = client.get(job, headers=HTMX)["HX-Redirect"]
    assert "已导入（批次" in text(client.get(batch))
    assert ClassGroup.objects.filter(name="四年级1班").count() == 1
    # Who comes when it has just ended is led on at once; who comes later is asked.
    assert client.get(job)["Location"] == batch
    Job.objects.update(ended_at=timezone.now() - timedelta(minutes=1))
    assert "查看结果" in text(client.get(job))
    assert client.post(job, {"decision": "open"})["Location"] == batch
    assert "后台任务进行中" not in text(client.get("/intake/"))


def test_two_commits_of_one_workbook_give_one_batch(as_user, hand_in, work):
    client = as_user("clerk")
    hand_in(client)
    [job] = work()
    before = Batch.objects.count()
    for _ in range(2):
        client.post(job.result["address"], {"decision": "commit"})
    assert sorted(job.state for job in work()) == [Job.State.DONE, Job.State.FAILED]
    assert Batch.objects.count() == before + 1


def test_a_preview_that_is_not_made_yet_is_not_shown_and_cannot_be_committed(as_user, hand_in, work):
    client = as_user("clerk")
    hand_in(client)
    token = Job.objects.get().arguments["token"]
    for answer in (client.get(f"/intake/uploads/{token}/"), client.post(f"/intake/uploads/{token}/")):
        assert answer["Location"] == "/jobs/"


def test_when_others_are_being_taken_in_a_small_workbook_waits_in_line(as_user, hand_in, monkeypatch):
    monkeypatch.setattr(uploads, "LARGE", 2**20)
    client = as_user("clerk")
    assert "/uploads/" in hand_in(client)
    while kinds._PLACES.acquire(blocking=False):
        pass
    try:
        assert "/jobs/" in hand_in(client)
    finally:
        kinds._PLACES.release(2)
    transitions.claim()
    assert "/jobs/" in hand_in(client)


def test_how_far_it_is_is_told_in_rows_and_time(as_user, hand_in):
    client = as_user("clerk")
    address = hand_in(client)
    job = transitions.claim()
    job.pulse.beat(JobProgress("检查班级名册", 1200, 3600, since=job.pulse.path.stat().st_mtime - 90))
    html = text(client.get(address, headers=HTMX))
    assert "检查班级名册：1200 / 3600" in html
    assert "还需约3分钟" in html
    assert 'value="1200" max="3600"' in html


def test_a_job_is_ones_own_and_the_offices(as_user, hand_in, assert_closed):
    address = hand_in(as_user("clerk"))
    assert as_user("aid").get(address).status_code == 404
    assert as_user("leader").post(address, {"decision": "cancel"}).status_code == 404
    office = as_user("office")
    for page in (address, "/jobs/"):
        answer = office.get(page)
        assert "检查工作簿" in text(answer)
        assert_closed(answer)
    assert "检查工作簿" not in text(as_user("aid").get("/jobs/"))


def test_a_cancelled_job_is_not_done_and_may_be_tried_again(as_user, hand_in, work):
    client = as_user("clerk")
    address = hand_in(client)
    client.post(address, {"decision": "cancel"})
    assert work() == []
    assert "已取消。" in text(client.get(address))
    client.post(address, {"decision": "retry"})
    [job] = work()
    assert job.state == Job.State.DONE


def test_a_workbook_that_cannot_be_read_is_told_and_not_kept(as_user, monkeypatch, work):
    monkeypatch.setattr(uploads, "LARGE", 0)
    client = as_user("clerk")
    address = client.post("/intake/", {"file": SimpleUploadedFile("名册.xlsx", b"PK?")})["Location"]
    [job] = work()
    html = text(client.get(address, headers=HTMX))
    assert "“名册.xlsx”不是Excel文件" in html
    assert 'value="retry"' not in html
    assert not (uploads.home() / "uploads" / job.arguments["token"]).exists()


def test_the_office_freezes_by_a_button(as_user):
    assert as_user("aid").post("/jobs/freeze/").status_code == 403
    office = as_user("office")
    assert 'action="/jobs/freeze/"' in text(office.get("/figures/"))
    assert 'action="/jobs/freeze/"' not in text(as_user("leader").get("/figures/"))
    address = office.post("/jobs/freeze/")["Location"]
    assert "生成快照" in text(office.get(address))
    assert Job.objects.get().kind == "freeze"


def test_a_large_workbook_is_marked_by_the_worker_and_then_handed_out(as_user, hand_in, work):
    client = as_user("clerk")
    hand_in(client, [[*NEW_CLASS[:3], "9", ""]])
    preview = work()[0].result["address"]
    assert 'value="mark"' in text(client.get(preview))
    assert client.get(f"{preview}marked/")["Location"] == preview  # nothing is read by the web process
    job = client.post(preview, {"decision": "mark"})["Location"]
    work()
    assert client.get(job, headers=HTMX)["HX-Redirect"] == preview
    assert f'href="{preview}marked/"' in text(client.get(preview))
    with (uploads.home() / "marked.xlsx").open("wb") as file:
        file.writelines(client.get(f"{preview}marked/").streaming_content)
    book = openpyxl.load_workbook(file.name)
    assert "小学的年级应为1至6" in book[CLASSES]["D2"].comment.text


@pytest.mark.browser
def test_the_page_of_a_job_goes_on_by_itself(desk, live_server, tmp_path, work, monkeypatch):
    # The browser's driver runs a loop in this thread, for which Django would refuse to look into the database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    monkeypatch.setattr(uploads, "LARGE", 0)
    path = tmp_path / "填报.xlsx"
    write_workbook(path, {sheet_catalogue.sheet(CLASSES): [NEW_CLASS]})
    clerk = desk("clerk", 390, 800)
    page = clerk.page
    page.goto(f"{live_server.url}/intake/")
    page.get_by_label("工作簿").set_input_files(path)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("马上开始")).to_be_visible()
    work()
    expect(page.get_by_text("没有发现问题。")).to_be_visible()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="导入工作簿")).to_be_visible()
    work()
    expect(page.get_by_text("已导入（批次")).to_be_visible()
    assert clerk.faults == []
