"""A clerk explains numbers on the preview page; until then nothing is committed."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from xuezheng.areas.balance.models import Facilities
from xuezheng.collections import collecting
from xuezheng.core.data_folder import home
from xuezheng.core.periods import Period
from xuezheng.records.models import Batch, School, ValueExplanation
from xuezheng.workbooks import sheet_catalogue

CONDITIONS = "学校办学条件表"
OWN = "2134990001"
WHY = "拆除旧楼，新建综合楼一栋。"
COMMIT = 'value="commit"'


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def conditions(year, teaching, sports="6000"):
    return [OWN, str(year), teaching, "100", sports, "300000", "30", "2", "2"]


@pytest.fixture
def before(district):
    return Facilities.objects.create(
        school=district.own, year=2018, teaching_area=5000, indoor_sports_area=100, sports_area=6000,
        equipment=30_000_000, media_rooms=30, music_rooms=2, art_rooms=2,
    )  # fmt: skip


@pytest.fixture
def hand_in(workbook, snapshot):
    def send(client, row, page="/intake/"):
        file = workbook({CONDITIONS: [row]}, f"{row[1]}.xlsx")
        answer = client.post(page, {"file": SimpleUploadedFile(file.name, file.read_bytes())})
        assert answer.status_code == 302
        return answer["Location"]

    return send


def fields(html):
    return re.findall(r'name="(text-[0-9a-f]+)"', html)


def test_numbers_are_explained_one_by_one_before_they_are_committed(
    as_user, hand_in, before, assert_closed, users
):
    client = as_user("clerk")
    preview = hand_in(client, conditions(2019, "7000"))
    response = client.get(preview)
    assert_closed(response)
    html = text(response)
    assert "有1个数与上期或同类学校相差较大" in html
    assert "2018年为5000，增加40.0%" in html
    assert COMMIT not in html
    (name,) = fields(html)
    html = text(client.post(preview, {"decision": "commit"}, follow=True))
    assert "还有问题没有解决" in html
    html = text(client.post(preview, {"decision": "explain", name: "对的"}, follow=True))
    assert "还有1个数没有说明" in html
    assert ">对的</textarea>" in html
    assert COMMIT not in html
    assert COMMIT in text(client.post(preview, {"decision": "explain", name: WHY}, follow=True))
    waiting = [path for path in (home() / "uploads").rglob("*") if path.is_file()]
    assert not any(WHY.encode() in path.read_bytes() for path in waiting)
    # Another number differs now: what was written stays, and the new one blocks.
    Facilities.objects.filter(pk=before.pk).update(sports_area=3000)
    html = text(client.post(preview, {"decision": "commit"}, follow=True))
    assert "台账在您预览之后有了变化" in html
    assert COMMIT not in html
    assert len(fields(html)) == 2
    assert f">{WHY}</textarea>" in html
    (other,) = set(fields(html)) - {name}
    client.post(preview, {"decision": "explain", other: WHY})
    html = text(client.post(preview, {"decision": "commit"}, follow=True))
    assert html.count(f"说明：{WHY}") == 2
    assert {it.made_by for it in ValueExplanation.objects.all()} == {users["clerk"]}
    assert Facilities.objects.get(year=2019).teaching_area == 7000


def test_what_was_said_last_year_is_taken_over_by_one_click(as_user, hand_in, before):
    client = as_user("clerk")
    for year, area in ((2019, "7000"), (2020, "9000")):
        preview = hand_in(client, conditions(year, area))
        html = text(client.get(preview))
        (name,) = fields(html)
        key = name.removeprefix("text-")
        if year == 2019:
            assert "上次说明" not in html
            client.post(preview, {"decision": "explain", name: WHY})
        else:
            assert re.search(f"上次说明（2019年，clerk [0-9-]+）：{WHY}", html)
            assert f">{WHY}</textarea>" in text(client.post(preview, {"take": key, name: ""}, follow=True))
        assert "已导入" in text(client.post(preview, {"decision": "commit"}, follow=True))
    assert [it.text for it in ValueExplanation.objects.all()] == [WHY, WHY]


def test_only_who_handed_it_in_explains(as_user, hand_in, before):
    preview = hand_in(as_user("clerk"), conditions(2019, "7000"))
    (name,) = fields(text(as_user("clerk").get(preview)))
    answer = as_user("office").post(preview, {"decision": "explain", name: WHY})
    assert answer["Location"] == "/intake/"
    assert COMMIT not in text(as_user("clerk").get(preview))


def test_the_board_of_a_collection_counts_what_a_school_explained(as_user, hand_in, before, district):
    opened = collecting.open_collection(
        "办学条件", Period.parse("2019"), "balance", [sheet_catalogue.sheet(CONDITIONS)], School.objects.all(), date(2019, 12, 20)
    )  # fmt: skip
    client = as_user("clerk")
    own = opened.submissions.get(school=district.own)
    preview = hand_in(client, conditions(2019, "7000"), f"/intake/submissions/{own.pk}/")
    (name,) = fields(text(client.get(preview)))
    client.post(preview, {"decision": "explain", name: WHY})
    client.post(preview, {"decision": "commit"})
    board = text(as_user("office").get(f"/intake/collections/{opened.pk}/"))
    batch = Batch.objects.latest("pk")
    assert f'<td class="num"><a href="/intake/batches/{batch.pk}/">1</a></td>' in board
    assert board.count('<td class="num"></td>') == 1
