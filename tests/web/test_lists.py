"""The list of a register: filters, words, views, selections, what is pasted, exported and changed at once."""

import io
import re
from urllib.parse import unquote

import openpyxl
import pytest

from xuezheng.areas.aid.models import Award
from xuezheng.areas.party.models import Organisation
from xuezheng.core import number_text
from xuezheng.intake import undo
from xuezheng.records.models import Batch, ClassGroup, Look, Person, Pupil, School, User, registers
from xuezheng.web.lists.columns import Kind, columns_of
from xuezheng.web.lists.request import RESERVED
from xuezheng.web.models import ListView

PUPILS = "/registers/pupil/"
NAME = re.compile("学生[甲乙丙丁戊己]")


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def names(response):
    """The names in the list, in order."""
    assert response.status_code == 200
    return [cells[0][1][2:] for _, cells in response.context["listing"].lines]


def searched(client, words, address=PUPILS, **further):
    return client.post(address, {"words.q": words, **further}, follow=True)


def book_of(response):
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def as_shown(value, column):
    if isinstance(value, str) or value is None:
        return value or ""
    if column.kind is Kind.MONEY:
        return number_text.write(round(value * 100), "", "yuan", money=True)
    places = getattr(column.field, "decimal_places", None)
    return str(value) if places is None else f"{value:.{places}f}"


@pytest.mark.parametrize("role", ["office", "clerk"])
def test_an_export_has_the_rows_and_cells_of_the_list_whatever_the_register(as_user, role):
    client = as_user(role)
    exported = 0
    for name in registers():
        page = client.get(f"/registers/{name}/?size=200")
        if page.status_code == 403:
            assert client.post(f"/registers/{name}/export/").status_code == 403
            continue
        listing = page.context["listing"]
        rows = book_of(client.post(f"/registers/{name}/export/?size=200"))
        shown = [[cell for _, cell in cells] for _, cells in listing.lines]
        assert rows[0] == [column.title for column in listing.columns]
        written = rows[1 : len(shown) + 1]
        assert [[as_shown(*it) for it in zip(row, listing.columns, strict=True)] for row in written] == shown
        assert f"共{len(shown)}行" in rows[-1][0]
        exported += len(shown)
    assert exported > 10


def test_an_export_keeps_filter_order_columns_and_selection_and_says_so(as_user):
    client = as_user("office")
    query = "?columns=person,class_group__stage,person__id_number&sort=-person&boarding=day"
    rows = book_of(client.post(f"{PUPILS}export/{query}", {"rows": "1,3,5"}))
    assert rows[0] == ["人员", "班级·学段", "身份证件号"]
    assert [row[0] for row in rows[1:4]] == sorted(["学生甲", "学生丙", "学生戊"], reverse=True)
    assert {row[1] for row in rows[1:4]} == {"小学"}
    assert all("***" in row[2] for row in rows[1:4])
    told = rows[-1][0]
    assert all(
        words in told
        for words in ("就读方式：走读", "按人员从大到小排序", "只含所选的行", "共3行", "office", "遮盖")
    )


def test_a_long_export_is_written_in_the_background_and_noted_when_it_is_fetched(as_user, monkeypatch, work):
    from xuezheng.web.registers import export

    monkeypatch.setattr(export, "MOST_AT_ONCE", 2)
    client = as_user("office")
    query = "?columns=person,class_group__stage&sort=-person"
    at_once = book_of(client.post(f"{PUPILS}export/{query}", {"rows": "1,3"}))
    waiting = client.post(f"{PUPILS}export/{query}", {"rows": "1,3,5"})["Location"]
    [job] = work()
    assert (job.state, set(job.arguments)) == ("done", {"token"})
    page = client.get(waiting, follow=True)
    address = page.redirect_chain[-1][0]
    assert "导出完成" in page.content.decode()
    rows = book_of(client.get(f"{address}?file=1"))
    assert rows[0] == at_once[0]
    assert [row[0] for row in rows[1:4]] == sorted(["学生甲", "学生丙", "学生戊"], reverse=True)
    client.get("/looks/")
    assert [(look.people, look.purpose) for look in Look.objects.all()[:2]] == [
        (3, "导出台账"),
        (2, "导出台账"),
    ]
    assert as_user("aid").get(address).status_code == 302


def test_no_column_bears_a_name_that_an_address_uses_otherwise():
    for model in registers().values():
        assert not set(columns_of(model)) & set(RESERVED), model
        assert not any("." in key for key in columns_of(model))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sort=-person", "甲乙丙丁戊己"),
        ("in_school=2", "戊己"),
        ("boarding=day&boarding=boarder", "甲乙丙丁戊己"),
        ("boarding=boarder", ""),
        ("left_on.missing=yes&in_school=2", "戊己"),
        ("left_on.missing=no", ""),
        ("entered_on.from=2016-09-01&entered_on.to=2016-09-01&class_group=2", "戊己"),
        ("entered_on.to=2016-08-31", ""),
        ("person__sex=male&person__sex=female", "甲乙丙丁戊己"),
        (
            "class_group__school__kind=211&class_group__grade.from=2.5&class_group__grade.to=3.5",
            "甲乙丙丁戊己",
        ),
        ("class_group__grade.from=3.5", ""),
        ("student_number.missing=yes", ""),
        ("person=3", "丙"),
    ],
)
def test_what_is_chosen_stands_in_the_address_and_holds(as_user, query, found):
    shown = names(as_user("office").get(f"{PUPILS}?{query}"))
    assert shown == (sorted(found, reverse=True) if query == "sort=-person" else list(found))


@pytest.mark.parametrize(
    "query",
    [
        "boarding=zzz", "entered_on.from=2016-13-01", "class_group__grade.from=三", "class_group__grade.to=1e999999",
        "left_on.missing=perhaps", "person=99999", "person=x", "in_school=99", "in_school=x", "words=xyz", "pasted=0123",
    ],
)  # fmt: skip
def test_what_cannot_be_read_lists_nothing_and_says_so(as_user, query):
    html = text(as_user("clerk").get(f"{PUPILS}?{query}"))
    assert "没有列出任何记录" in html
    assert not NAME.search(html)


@pytest.mark.parametrize(
    "query", ["page=x", "size=7", "sort=nothing", "columns=nothing,,person", "boarding=", "view=x"]
)
def test_what_means_nothing_is_passed_over(as_user, query):
    assert len(names(as_user("clerk").get(f"{PUPILS}?{query}"))) == 4


def test_words_hold_the_list_but_stand_in_no_address(as_user):
    client = as_user("office")
    assert names(searched(client, "松溪 戊")) == ["戊"]
    assert names(searched(client, "", **{"words.person": "乙"})) == ["乙"]
    assert names(searched(client, "", **{"words.class_group": "第一 三年级"})) == list("甲乙丙丁")
    partly = client.post(PUPILS, {"words.q": "学生戊", "boarding": "day"}, headers={"HX-Request": "true"})
    address = partly["HX-Push-Url"]
    assert "<html" not in text(partly)
    assert "学生戊" not in unquote(address)
    assert names(client.get(address)) == ["戊"]
    old = client.get(f"{PUPILS}?q=学生戊")
    assert "学生戊" not in unquote(old["Location"])
    # The same address in another's hands tells nothing.
    assert not NAME.search(text(as_user("aid").get(address)))


def test_a_whole_number_finds_its_row_by_a_column_and_is_not_looked_up_while_it_is_typed(as_user):
    client = as_user("office")
    number = Pupil.objects.get(pk=2).student_number
    assert names(searched(client, "", **{"words.student_number": number})) == ["乙"]
    assert names(searched(client, "", **{"words.student_number": number[:10]})) == []
    typing = client.post(PUPILS, {"words.q": number[1:]}, headers={"HX-Request": "true"})
    assert typing.status_code == 204
    entered = client.post(PUPILS, {"words.q": number[1:], "go": "1"}, headers={"HX-Request": "true"})
    assert entered["HX-Redirect"] == "/registers/pupil/2/"


def test_columns_are_remembered_for_each_user_and_register(as_user):
    client = as_user("office")
    client.post(f"{PUPILS}columns/", {"column": ["class_group__school__kind", "person", "nothing"]})
    assert [it.key for it in client.get(PUPILS).context["listing"].columns] == [
        "class_group__school__kind",
        "person",
    ]
    assert len(client.get("/registers/person/").context["listing"].columns) > 2
    assert len(as_user("aid").get(PUPILS).context["listing"].columns) > 2
    client.post(f"{PUPILS}columns/", {"usual": "1"})
    assert len(client.get(PUPILS).context["listing"].columns) > 2


def test_nothing_private_of_a_person_becomes_a_column_of_another_register():
    keys = {key for model in registers().values() for key in columns_of(model)}
    assert not {key for key in keys if key.endswith(("__birth_date", "__name")) and "person__" in key}
    for model in registers().values():
        if not model.personal:
            assert not any(key.startswith("person__") for key in columns_of(model)), model


def save_view(client, query="boarding=day&sort=-person", **told):
    return client.post(f"{PUPILS}views/?{query}", {"name": "走读生", "shared": "own", **told}, follow=True)


def test_a_view_keeps_columns_choices_and_order_but_no_words(as_user):
    client = as_user("office")
    words = searched(client, "学生甲").redirect_chain[-1][0].partition("?")[2]
    html = text(save_view(client, f"boarding=day&columns=person,boarding&{words}", opens="1"))
    view = ListView.objects.get()
    assert view.query == "boarding=day&columns=person%2Cboarding"
    assert "查找词" in html
    # The list opens with it, until the reader asks for something else.
    opened = client.get(PUPILS, follow=True)
    assert opened.context["present"] == view
    assert [it.key for it in opened.context["listing"].columns] == ["person", "boarding"]
    assert client.get(f"{PUPILS}?view=none").context["present"] is None


def test_a_shared_view_shows_each_reader_what_is_his(as_user, users):
    office, clerk, aid = as_user("office"), as_user("clerk"), as_user("aid")
    save_view(office, "in_school=2", shared="all", name="二校")
    save_view(office, shared="fellows", name="办公室的")
    assert [view.name for view, _ in clerk.get(PUPILS).context["views"]] == ["二校"]
    assert [view.name for view, _ in aid.get(PUPILS).context["views"]] == ["二校"]
    ((_, address),) = clerk.get(PUPILS).context["views"]
    html = text(clerk.get(address))
    assert "没有列出任何记录" in html
    assert "松溪" not in html
    # A school's own views are not for everybody; and nobody changes another's.
    save_view(clerk, shared="all", name="我校的")
    assert ListView.objects.get(name="我校的").shared == ListView.Shared.FELLOWS
    foreign = ListView.objects.get(name="二校")
    assert clerk.post(f"{PUPILS}views/{foreign.pk}/", {"step": "remove", "version": "1"}).status_code == 404
    assert (
        aid.post(f"{PUPILS}views/{ListView.objects.get(name='办公室的').pk}/", {"step": "opens"}).status_code
        == 404
    )


def test_of_two_changes_of_a_view_at_once_the_later_is_told(as_user):
    client = as_user("office")
    save_view(client)
    view = ListView.objects.get()
    address = f"{PUPILS}views/{view.pk}/?boarding=boarder"
    client.post(address, {"step": "update", "version": "1"})
    html = text(
        client.post(address.replace("boarder", "lodger"), {"step": "update", "version": "1"}, follow=True)
    )
    view.refresh_from_db()
    assert (view.query, view.version) == ("boarding=boarder", 2)
    assert "刚在别处改过" in html
    client.post(address, {"step": "remove", "version": "x"})
    assert ListView.objects.count() == 1
    client.post(address, {"step": "remove", "version": "2"})
    assert not ListView.objects.exists()


def test_a_name_of_a_view_is_not_given_twice(as_user):
    client = as_user("office")
    save_view(client)
    assert "已有名为“走读生”的视图" in text(save_view(client, "boarding=boarder"))
    assert ListView.objects.get().query == "boarding=day&sort=-person"
    assert "请给视图起" in text(save_view(client, name=""))


def test_what_is_selected_adds_up_to_the_fen_and_to_own_rows_only(as_user):
    for order, fen in ((1, 33), (2, 50_034), (5, 7)):
        Award.objects.filter(pk=order).update(amount=fen)
    office, clerk = as_user("office"), as_user("clerk")
    sums = text(office.post("/registers/aid_award/sums/", {"rows": "1,2,5,999,x"}))
    assert all(words in sums for words in ("已选 3 条", "500.74", "166.91", "0.07", "500.34"))
    own = text(clerk.post("/registers/aid_award/sums/", {"rows": "1,2,5"}))
    assert all(words in own for words in ("已选 2 条", "500.67"))
    assert "已选 2 条" in text(clerk.post("/registers/aid_award/sums/", {"all": "1"}))
    assert "已选 1 条" in text(office.post("/registers/aid_award/sums/?in_school=2", {"all": "1"}))
    assert "已选 0 条" in text(office.post("/registers/aid_award/sums/?in_school=2", {"rows": "1"}))


def paste(client, lines, address=PUPILS):
    return client.post(f"{address}paste/", {"lines": lines}, follow=True)


def test_a_pasted_column_is_found_in_its_order(as_user, district):
    Person.objects.filter(pk=4).update(name="学生甲")
    number = district.pupils[2].person.id_number
    client = as_user("office")
    page = paste(client, f"学生己\n\n {number} \nG{number.lower()}\n学 生 甲\n无此人\n李四\t{number}\n")
    html = text(page)
    assert [line.rows for line in page.context["lines"]] == [1, 1, 1, 2, 0, 1]
    assert (page.context["found"], page.context["several"], page.context["none"]) == (4, 1, 1)
    assert number not in html
    address = page.redirect_chain[-1][0]
    token = address.partition("=")[2]
    assert "学生" not in unquote(address)
    listed = client.get(f"{PUPILS}?pasted={token}&in_school=1")
    assert len(names(listed)) == 3
    assert "粘贴的名单：4条" in text(listed)
    # It is of this session and this register only.
    assert "没有列出任何记录" in text(as_user("aid").get(f"{PUPILS}?pasted={token}"))
    assert "没有列出任何记录" in text(client.get(f"/registers/person/?pasted={token}"))
    session = str(dict(client.session))
    assert "学生己" not in session
    assert number not in session


def test_pasting_finds_by_codes_and_own_rows_only(as_user):
    page = paste(as_user("office"), "2134990002\n云岭第一小学", "/registers/school/")
    assert [line.records[0][0] for line in page.context["lines"]] == ["松溪小学", "云岭第一小学"]
    clerk = paste(as_user("clerk"), "学生甲\n学生戊")
    assert [line.rows for line in clerk.context["lines"]] == [1, 0]
    assert "一次最多2,000行" in text(paste(as_user("clerk"), "甲\n" * 2001))
    assert "请先粘贴" in text(paste(as_user("clerk"), " \n"))


CHANGE = f"{PUPILS}change/"


def previewed(client, value="boarder", reason="按住宿花名册更正", **selected):
    told = {"field": "boarding", "value": value, "reason": reason, "step": "preview", **selected}
    return client.post(CHANGE, told)


def test_many_are_changed_at_once_with_a_reason_and_undone_as_one(as_user, users):
    client = as_user("office")
    Pupil.objects.filter(pk=3).update(boarding="boarder")
    page = previewed(client, rows="1,2,3")
    assert (page.context["changed"], page.context["unchanged"]) == (2, 1)
    assert Pupil.objects.filter(boarding="boarder").count() == 1
    done = client.post(CHANGE, {"sealed": page.context["sealed"]}, follow=True)
    batch = Batch.objects.latest("pk")
    assert done.redirect_chain[-1][0] == f"/intake/batches/{batch.pk}/"
    assert "按住宿花名册更正" in text(done)
    assert set(Pupil.objects.filter(boarding="boarder").values_list("pk", flat=True)) == {1, 2, 3}
    first = Pupil.objects.get(pk=1)
    newest = first.history.first()
    assert (newest.history_change_reason, newest.history_user) == (
        f"批量修改批次{batch.pk}：按住宿花名册更正",
        users["office"],
    )
    # Where the row came from is still told.
    assert (first.batch.file_name, first.source_row) == ("学生名册-春.xlsx", 2)
    html = text(client.get("/registers/pupil/1/"))
    assert re.search(r"就读方式</th><td><del[^>]*>走读</del></td><td><ins[^>]*>住校", html)
    assert f"/intake/batches/{batch.pk}/" in html
    # Sent again it changes nothing; undone, all is as it was.
    assert "没有改" in text(client.post(CHANGE, {"sealed": page.context["sealed"]}))
    assert undo(batch.pk, users["office"]).restored == 2
    assert set(Pupil.objects.filter(boarding="boarder").values_list("pk", flat=True)) == {3}


def test_a_later_change_stands_in_the_way_of_undoing(as_user, users):
    client = as_user("office")
    for value in ("boarder", "lodger"):
        client.post(CHANGE, {"sealed": previewed(client, value, rows="1,2").context["sealed"]})
    first, second = Batch.objects.order_by("pk")[1:]
    refused = text(client.post(f"/intake/batches/{first.pk}/"))
    assert f"请先撤销批次{second.pk}" in refused
    assert Pupil.objects.filter(boarding="lodger").count() == 2
    undo(second.pk, users["office"])
    undo(first.pk, users["office"])
    assert not Pupil.objects.exclude(boarding="day").exists()


def test_rows_that_changed_meanwhile_are_refused_and_told(as_user):
    client = as_user("office")
    page = previewed(client, rows="1,2,3")
    noted = Pupil.objects.get(pk=1)
    noted.boarding = "lodger"
    noted.save()
    Pupil.objects.filter(pk=2).update(boarding="other")
    html = text(client.post(CHANGE, {"sealed": page.context["sealed"]}))
    assert "2 条没有改" in html
    assert "学生甲" in html
    assert dict(Pupil.objects.filter(pk__in=(1, 2, 3)).values_list("pk", "boarding")) == {
        1: "lodger",
        2: "other",
        3: "boarder",
    }


def test_a_change_of_many_is_checked_as_one_of_a_single_record_is(as_user):
    client = as_user("office")
    told = {"field": "stage", "value": "senior", "reason": "更正", "step": "preview", "all": "1"}
    page = client.post("/registers/classgroup/change/", told)
    assert page.context["faulty"] == ClassGroup.objects.count() > 0
    assert "小学不办高中" in text(page)
    assert "不能以" in text(previewed(client, reason="导入批次7", rows="1"))
    assert "sealed" not in previewed(client, value="zzz", rows="1").context
    assert "sealed" not in previewed(client, reason="", rows="1").context
    # What identifies a row, or must differ in each, is not offered.
    fields = {key for key, _ in client.post("/registers/school/change/", {"all": "1"}).context["fields"]}
    assert "urban_rural" in fields
    assert not fields & {"name", "code"}
    # Nor what follows from the enrolment events.
    assert {key for key, _ in client.post(CHANGE, {"all": "1"}).context["fields"]} == {"boarding"}


def test_only_who_may_change_one_may_change_many_and_own_previews_only(as_user):
    office = as_user("office")
    sealed = previewed(office, rows="1").context["sealed"]
    assert previewed(as_user("clerk"), rows="1").status_code == 403
    assert as_user("clerk").post(CHANGE, {"sealed": sealed}).status_code == 403
    User.objects.filter(username="aid").update(section="enrolment")
    assert "已经不能用了" in text(as_user("aid").post(CHANGE, {"sealed": sealed}, follow=True))
    for broken in ("x", sealed[:-8], sealed[::-1]):
        assert "已经不能用了" in text(office.post(CHANGE, {"sealed": broken}, follow=True))
    assert not Pupil.objects.exclude(boarding="day").exists()


def test_a_list_of_many_pages_has_every_row_once(as_user, district):
    School.objects.bulk_create(
        School(
            code=f"21349910{order:02}", name=f"同等小学{order}", kind="211", urban_rural="121", runner="831"
        )
        for order in range(40)
    )
    client = as_user("office")
    address, seen = "/registers/school/?sort=kind", []
    while address:
        listing = client.get(address).context["listing"]
        seen += [record.pk for record, _ in listing.lines]
        address = listing.next if listing.page.has_next() else ""
    assert len(seen) == len(set(seen)) == 42


def test_whom_a_row_names_by_right_is_not_to_be_guessed_by_filtering(as_user, district):
    """A party organisation names its secretary to who may see that person, and to nobody else: not by words, numbers, order."""
    Organisation.objects.create(
        name="机关支部", kind="branch", founded_on="2010-01-01", secretary=district.pupils[0].person
    )  # fmt: skip
    address = "/registers/party_organisation/"
    number = district.pupils[0].person.id_number
    office, leader = as_user("office"), as_user("leader")
    for words in ({"words.q": "学生甲"}, {"words.secretary": "学生甲"}):
        assert "机关支部" in text(office.post(address, words, follow=True))
        assert "机关支部" not in text(leader.post(address, words, follow=True))
    assert "机关支部" in text(leader.get(f"{address}?sort=secretary"))
    assert not columns_of(Organisation)["secretary"].order
    for pasted in ("学生甲", number):
        assert paste(leader, pasted, address).context["rows"] == 0
    assert "学生甲" not in text(leader.get(address))


def test_a_column_keeps_its_own_filter_beside_the_choice_of_a_school(as_user):
    for query in ("", "?in_school=1"):
        listing = as_user("office").get(f"/registers/aid_award/{query}").context["listing"]
        head = next(head for head in listing.headers if head.column.key == "school")
        assert head.condition.form == "words"
        assert not head.condition.active


def test_what_was_sealed_for_an_address_is_no_preview_of_a_change(as_user):
    office = as_user("office")
    address = searched(office, "甲").redirect_chain[-1][0]
    words = re.search("words=([^&]+)", address)[1]
    response = office.post(f"{PUPILS}change/", {"sealed": words}, follow=True)
    assert "这次预览已经不能用了" in text(response)
