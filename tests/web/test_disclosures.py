"""Files with whole numbers of persons leave a line: who, what, how many; the office sees it, nobody changes it."""

from datetime import date

import pytest

from xuezheng import registry
from xuezheng.imports import collecting
from xuezheng.records.models import Disclosure, School
from xuezheng.records.periods import Period

pytestmark = pytest.mark.django_db


@pytest.fixture
def workbook(users):
    """The address of the workbook that the clerk's school is asked for: names of four pupils, two of them twice."""
    sheets = [registry.sheet("学生名册"), registry.sheet("困难学生认定名单"), registry.sheet("班级名册")]
    period = Period.parse("2019春")
    opened = collecting.open_collection(
        "名册", period, "aid", sheets, School.objects.all(), date(2019, 6, 20)
    )
    own = opened.submissions.get(school=users["clerk"].school)
    return f"/intake/submissions/{own.pk}/workbook/"


def test_a_school_s_workbook_leaves_a_line_without_anything_of_its_pupils(as_user, users, workbook, district):
    assert as_user("clerk").get(workbook).status_code == 200
    assert as_user("aid").get(workbook).status_code == 200
    lines = list(Disclosure.objects.order_by("pk"))
    assert [(it.kind, it.by, it.people) for it in lines] == [
        ("school_workbook", users["clerk"], 4),
        ("school_workbook", users["aid"], 4),
    ]
    assert lines[0].what == "云岭第一小学 名册.xlsx"
    page = as_user("office").get("/disclosures/").content.decode()
    assert page.count("云岭第一小学 名册.xlsx") == 2
    assert not [it.person.name for it in district.pupils if it.person.name in page]


def test_who_is_refused_leaves_no_line(as_user, workbook):
    assert as_user("leader").get(workbook).status_code in (403, 404)
    assert not Disclosure.objects.exists()


def test_a_file_whose_line_cannot_be_written_does_not_go_out(as_user, workbook, monkeypatch):
    def broken(**told):
        raise OSError("disk full")

    monkeypatch.setattr(Disclosure.objects, "create", broken)
    with pytest.raises(OSError, match="disk full"):
        as_user("clerk").get(workbook)


def test_only_the_office_sees_the_lines_and_nobody_changes_them(as_user, users, workbook):
    as_user("clerk").get(workbook)
    for name in ("aid", "leader", "clerk"):
        assert as_user(name).get("/disclosures/").status_code == 403
        assert not Disclosure.objects.visible_to(users[name])
    assert 'href="/disclosures/"' in as_user("office").get("/intake/").content.decode()
    assert 'href="/disclosures/"' not in as_user("clerk").get("/intake/").content.decode()
    line = Disclosure.objects.get()
    for change in (line.save, line.delete, Disclosure.objects.all().delete, Disclosure.objects.update):
        with pytest.raises(TypeError, match="never"):
            change()
