"""Handing in a workbook, seeing what it would do, and deciding."""

import io
import re
from html import unescape
from threading import Barrier, BoundedSemaphore, Thread

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from tests.intake.hostile import KINDS
from tests.web.conftest import do_jobs

from xuezheng.core.data_folder import home
from xuezheng.intake.uploads import Upload
from xuezheng.records.models import Batch, ClassGroup, Pupil, School, User
from xuezheng.web import jobs
from xuezheng.workbooks import sheet_catalogue, write_workbook

PAGE = "/intake/"
CLASSES, PUPILS = "班级名册", "学生名册"
OWN, OTHER = "2134990001", "2134990002"
NEW_CLASS = [OWN, "四年级1班", "小学", "4", ""]


@pytest.fixture
def hand_in(tmp_path):
    def post(client, sheets, name="填报.xlsx"):
        path = tmp_path / "out.xlsx"
        write_workbook(path, {sheet_catalogue.sheet(title): rows for title, rows in sheets.items()})
        return client.post(PAGE, {"file": SimpleUploadedFile(name, path.read_bytes())})

    return post


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_a_clerk_hands_in_previews_and_commits(as_user, hand_in, users):
    client = as_user("clerk")
    preview = hand_in(client, {CLASSES: [NEW_CLASS]})["Location"]
    html = text(client.get(preview))
    assert "没有发现问题。台账还没有改动，请核对后提交。" in html
    assert "新增 1" in html
    assert "四年级1班" in html
    assert not ClassGroup.objects.filter(name="四年级1班").exists()
    html = text(client.post(preview, {"decision": "commit"}, follow=True))
    assert "已导入（批次" in html
    batch = Batch.objects.first()
    assert (batch.made_by, batch.file_name) == (users["clerk"], "填报.xlsx")
    again = text(client.post(preview, {"decision": "commit"}, follow=True))
    assert "这份文件已经提交、取消" in again
    assert Batch.objects.count() == 2


def test_problems_are_shown_by_sheet_and_row_with_their_remedy(as_user, hand_in):
    client = as_user("clerk")
    rows = [NEW_CLASS, [OWN, "四年级2班", "小学", "9", ""], [OTHER, "四年级1班", "小学", "4", ""]]
    preview = hand_in(client, {CLASSES: rows})["Location"]
    html = text(client.get(preview))
    assert "有2处错误，不能提交。" in html
    assert "第3行D列“年级”" in html
    assert "小学的年级应为1至6。" in html
    assert "第4行" in html
    assert "不能由您填报。请删去这一行" in html
    assert 'value="commit"' not in html
    assert text(client.get(f"{preview}?sheet=0&kind=rejected")).count("xz-wrong") == 1
    refused = text(client.post(preview, {"decision": "commit"}, follow=True))
    assert "还有问题没有解决。请改好后重新上传" in refused
    assert not ClassGroup.objects.filter(name="四年级1班", school__code=OWN).exists()


def test_readings_are_confirmed_then_committed(as_user, hand_in):
    client = as_user("office")
    preview = hand_in(client, {CLASSES: [[OWN, " 四年级1班", "小学", "4", ""]]})["Location"]
    html = text(client.get(preview))
    assert "可按“四年级1班”读取，须经确认。" in html
    assert 'value="commit"' not in html
    html = text(client.post(preview, {"decision": "confirm"}, follow=True))
    assert "按您确认的读法" in html
    assert 'value="commit"' in html
    client.post(preview, {"decision": "commit"})
    assert ClassGroup.objects.filter(name="四年级1班").exists()


def test_several_files_wait_for_a_decision_each(as_user, tmp_path):
    client = as_user("office")
    sheet, files = sheet_catalogue.sheet(CLASSES), []
    for number in range(1, 4):
        write_workbook(tmp_path / "out.xlsx", {sheet: [[OWN, f"四年级{number}班", "小学", "4", ""]]})
        files.append(SimpleUploadedFile(f"班级{number}.xlsx", (tmp_path / "out.xlsx").read_bytes()))
    page = text(client.post("/intake/", {"file": files}, follow=True))
    assert "已收下3个文件" in page
    assert page.count("正在检查") >= 3
    do_jobs()
    page = text(client.get("/intake/"))
    assert "班级1.xlsx" not in text(as_user("aid").get("/intake/"))
    # Other tests may have left something waiting.
    previews = re.findall(r'href="(/intake/uploads/[0-9a-f]{32}/)"><div>班级[123].xlsx', page)
    assert len(previews) == 3
    assert "没有发现问题" in page
    for preview in previews:
        client.post(preview, {"decision": "commit"})
        do_jobs()
    assert ClassGroup.objects.filter(name__startswith="四年级").count() == 3
    assert not any(preview in text(client.get("/intake/")) for preview in previews)


def test_of_a_folder_the_workbooks_are_taken(as_user, tmp_path):
    client = as_user("office")
    write_workbook(
        tmp_path / "out.xlsx", {sheet_catalogue.sheet(CLASSES): [[OWN, "四年级7班", "小学", "4", ""]]}
    )
    content = (tmp_path / "out.xlsx").read_bytes()
    names = ["班级7.xlsx", "~$班级7.xlsx", ".DS_Store", "说明.docx", "._班级7.xlsx", "照片.JPG"]
    page = text(
        client.post("/intake/", {"file": [SimpleUploadedFile(name, content) for name in names]}, follow=True)
    )
    assert "“~$班级7.xlsx”、“.DS_Store”、“说明.docx”等5个文件不是工作簿，没有收。" in page
    do_jobs()
    assert len(re.findall("班级7.xlsx</div>", text(client.get("/intake/")))) == 1
    files = [SimpleUploadedFile(name, content) for name in names[1:]]
    assert "选的文件夹里没有.xlsx、" in text(client.post("/intake/", {"file": files}))


def test_too_many_files_at_once_are_refused_whole(as_user):
    client = as_user("office")
    files = [SimpleUploadedFile(f"{number}.csv", b"a") for number in range(51)]
    assert "最多50个" in text(client.post("/intake/", {"file": files}))
    assert "50.csv" not in text(client.get("/intake/"))


def test_each_kind_of_reading_is_confirmed_by_itself(as_user, hand_in):
    client = as_user("office")
    rows = [[OWN, f" 四年级{number}班", "小学", "4", ""] for number in range(1, 5)]
    rows += [[OWN, f"五年级{number}班", "小学", "'5", ""] for number in range(1, 3)]
    preview = hand_in(client, {CLASSES: rows})["Location"]
    html = text(client.get(preview))
    assert "共 2 种" in html
    assert "有6处写法不规范" in html
    names, grades = re.findall(r'name="kind" value="([0-9a-f]+)"', html)
    # Nothing chosen, or what is no kind, changes nothing.
    for kinds in ([], ["0" * 16], [names + grades]):
        html = text(client.post(preview, {"decision": "confirm-kinds", "kind": kinds}, follow=True))
        assert "没有选择要确认的写法" in html
    html = text(client.post(preview, {"decision": "confirm-kinds", "kind": [names]}, follow=True))
    assert "有2处写法不规范" in html
    assert 'value="commit"' not in html
    assert re.findall(r'name="kind" value="([0-9a-f]+)"', html) == [grades]
    html = text(client.post(preview, {"decision": "confirm-kinds", "kind": [grades]}, follow=True))
    assert 'value="commit"' in html
    client.post(preview, {"decision": "commit"})
    assert ClassGroup.objects.filter(name__in=[f"四年级{n}班" for n in range(1, 5)]).count() == 4


def test_errors_are_shown_by_kind_and_not_confirmed(as_user, hand_in):
    client = as_user("office")
    rows = [[OWN, f" 四年级{number}班", "大学", "4", ""] for number in range(1, 4)]
    preview = hand_in(client, {CLASSES: rows})["Location"]
    html = text(client.get(preview))
    assert "共 2 种" in html
    assert 'name="kind"' not in html
    kinds = [kind.key for kind in Upload(preview.strip("/").rpartition("/")[2]).problem_kinds]
    html = text(client.post(preview, {"decision": "confirm-kinds", "kind": kinds}, follow=True))
    assert "有3处错误，另有3处须确认" in html


def test_changed_cells_are_shown_before_and_after(as_user, hand_in):
    client = as_user("clerk")
    preview = hand_in(client, {CLASSES: [[OWN, "三年级1班", "小学", "4", ""]]})["Location"]
    html = text(client.get(preview))
    assert re.search(r"年级：<del[^>]*>3</del> → <ins[^>]*>4</ins>", html)


def test_id_numbers_are_masked(as_user, hand_in, district):
    person = district.pupils[0].person
    row = [
        OWN,
        "三年级1班",
        "学生甲",
        "",
        "",
        "",
        person.id_number,
        f"G{person.id_number}",
        "",
        "住校",
        "2016-09-01",
        "",
    ]
    client = as_user("clerk")
    preview = hand_in(client, {PUPILS: [row]})["Location"]
    for address in (preview, f"{preview}?sheet=0&kind=problems", f"{preview}?sheet=0&kind=changed"):
        html = text(client.get(address))
        assert person.id_number not in html
    assert "学生甲" in html
    assert person.id_number not in preview


def test_the_own_workbook_comes_back_with_the_wrong_cells_marked(as_user, hand_in):
    client = as_user("clerk")
    preview = hand_in(client, {CLASSES: [[OWN, "四年级2班", "小学", "9", ""]]}, "四年级.xlsx")["Location"]
    assert f"{preview}marked/" in text(client.get(preview))
    response = client.get(f"{preview}marked/")
    assert "attachment" in response["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert book.sheetnames[:2] == ["问题汇总", CLASSES]
    assert book[CLASSES]["D2"].comment.text == "小学的年级应为1至6。"
    assert as_user("office").get(f"{preview}marked/")["Location"] == PAGE


def test_cancelling_removes_the_file(as_user, hand_in):
    client = as_user("clerk")
    preview = hand_in(client, {CLASSES: [NEW_CLASS]})["Location"]
    html = text(client.post(preview, {"decision": "cancel"}, follow=True))
    assert "已取消，文件已删除，台账没有任何改动。" in html
    assert client.get(preview)["Location"] == PAGE


def test_what_waits_is_nobody_elses(as_user, hand_in):
    preview = hand_in(as_user("clerk"), {CLASSES: [NEW_CLASS]})["Location"]
    office = as_user("office")
    assert office.get(preview)["Location"] == PAGE
    assert office.post(preview, {"decision": "commit"})["Location"] == PAGE
    assert not ClassGroup.objects.filter(name="四年级1班").exists()


def test_a_change_meanwhile_is_shown_before_anything_is_done(as_user, hand_in):
    client = as_user("clerk")
    preview = hand_in(client, {CLASSES: [[OWN, "三年级1班", "小学", "4", ""]]})["Location"]
    group = ClassGroup.objects.get(school__code=OWN)
    group.grade = 5
    group.save()
    html = text(client.post(preview, {"decision": "commit"}, follow=True))
    assert "台账在您预览之后有了变化，没有提交" in html
    assert re.search(r"年级：<del[^>]*>5</del> → <ins[^>]*>4</ins>", html)
    group.refresh_from_db()
    assert group.grade == 5


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("空.xlsx", b"", "是空文件（0字节）"),
        ("表.xlsx", b"%PDF-1.4", "不是Excel文件"),
        ("半个.xlsx", b"PK\x03\x04" + b"\0" * 500, "不是完整的Excel文件"),
    ],
)
def test_what_cannot_be_read_is_said(as_user, name, content, words):
    response = as_user("office").post(PAGE, {"file": SimpleUploadedFile(name, content)})
    assert words in text(response)


def test_a_post_without_a_file_is_told(as_user):
    assert "invalid-feedback" in text(as_user("office").post(PAGE))


def test_a_leader_hands_in_nothing(as_user, hand_in):
    client = as_user("leader")
    assert "您的账号不填报" in text(client.get(PAGE))
    assert hand_in(client, {CLASSES: [NEW_CLASS]}).status_code == 403
    assert client.get(f"{PAGE}templates/{CLASSES}/").status_code == 403


def test_templates_are_offered_to_those_who_may_hand_them_in(as_user):
    client = as_user("aid")
    html = text(client.get(PAGE))
    assert "资助发放名单" in html
    assert f"templates/{CLASSES}" not in html
    assert "工作纪实" in html
    response = client.get(f"{PAGE}templates/资助发放名单/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert book.sheetnames[0] == "资助发放名单"
    assert client.get(f"{PAGE}templates/没有/").status_code == 404


@pytest.mark.parametrize(
    "query", ["sheet=9&kind=added", "sheet=-1", "sheet=²&kind=added", "kind=__class__", "page=x"]
)
def test_a_wrong_address_shows_what_matters_most(as_user, hand_in, query):
    client = as_user("clerk")
    preview = hand_in(client, {CLASSES: [NEW_CLASS]})["Location"]
    assert "四年级1班" in text(client.get(f"{preview}?{query}"))


def test_query_counts(as_user, hand_in, django_assert_num_queries):
    client = as_user("office")
    client.get(PAGE)
    # Session, user, jobs, batches, open collections and how far the schools are.
    with django_assert_num_queries(7):
        client.get(PAGE)
    preview = hand_in(client, {CLASSES: [NEW_CLASS]})["Location"]
    # Session, user, jobs: what is shown lies in the upload.
    with django_assert_num_queries(4):
        client.get(preview)
    assert Pupil.objects.count() == 6


HOSTILE = (
    "far_cell",
    "bomb_in_the_sheet",
    "hundred_thousand_parts",
    "entity_bomb_in_sheet",
    "password",
    "web_page",
    "nothing",
    "csv_of_two_encodings",
)


def kept():
    return set((home() / "uploads").glob("*"))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_on_the_page_and_kept_nowhere(as_user, work, name):
    kind, before = KINDS[name], kept()
    file = SimpleUploadedFile(f"上报{kind.suffix}", kind.make())
    clerk = as_user("clerk")
    answer = clerk.post(PAGE, {"file": file})
    if answer.status_code == 302:  # large enough to be read in the background
        work()
        answer = clerk.get(answer["Location"])
    assert kind.told in unescape(text(answer))
    assert kept() == before


@pytest.mark.django_db(transaction=True)
def test_the_same_file_in_twenty_posts_at_once_gives_one_batch(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "_PLACES", BoundedSemaphore(20))
    School.objects.create(code=OWN, name="甲小学", kind="211", urban_rural="121", runner="831")
    office = User.objects.create(username="办公室", role="office")
    path = tmp_path / "out.xlsx"
    write_workbook(path, {sheet_catalogue.sheet(CLASSES): [NEW_CLASS]})
    content, clients = path.read_bytes(), [Client() for _ in range(20)]
    for client in clients:
        client.force_login(office, "django.contrib.auth.backends.ModelBackend")
    together, answers, failures = Barrier(len(clients)), [], []

    def hand_in_and_commit(client):
        try:
            together.wait()
            posted = client.post(PAGE, {"file": SimpleUploadedFile("班级.xlsx", content)})
            together.wait()
            answers.append(client.post(posted["Location"], {"decision": "commit"}, follow=True))
        except Exception as failure:
            failures.append(failure)
            together.abort()
        finally:
            connection.close()

    threads = [Thread(target=hand_in_and_commit, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    told = [text(answer) for answer in answers]
    assert sum("已导入（批次" in html for html in told) == 1
    assert sum("台账在您预览之后有了变化，没有提交。" in html for html in told) == len(clients) - 1
    assert Batch.objects.count() == ClassGroup.objects.count() == 1
