"""The page of an import, and undoing it there."""

import pytest

from xuezheng.intake import import_workbook
from xuezheng.records.models import Batch, ClassGroup
from xuezheng.workbooks import sheet_catalogue, write_workbook

ADDRESS = "/intake/batches/{}/"


@pytest.fixture
def brought_in(users, tmp_path):
    """A class that the clerk's workbook added."""

    def take(name="clerk"):
        path = tmp_path / "班级.xlsx"
        write_workbook(
            path, {sheet_catalogue.sheet("班级名册"): [["2134990001", "四年级1班", "小学", "4", ""]]}
        )
        return import_workbook(path, users[name]).batch

    return take


def undone(client, batch):
    response = client.post(ADDRESS.format(batch.pk), follow=True)
    return response.status_code, response.content.decode()


@pytest.mark.parametrize("name", ["office", "clerk"])
def test_the_office_and_who_made_it_undo_an_import(as_user, brought_in, users, name):
    batch = brought_in()
    client = as_user(name)
    assert "撤销这次导入" in client.get(ADDRESS.format(batch.pk)).content.decode()
    status, html = undone(client, batch)
    assert (status, "已撤销：删去当时新增的1条" in html) == (200, True)
    assert "撤销这次导入" not in html
    assert not ClassGroup.objects.filter(name="四年级1班").exists()
    assert Batch.objects.get(pk=batch.pk).undone_by == users[name]


@pytest.mark.parametrize(("name", "status"), [("aid", 403), ("leader", 403), ("clerk", 404)])
def test_nobody_else_does(as_user, brought_in, name, status):
    batch = brought_in("office")
    client = as_user(name)
    assert "撤销这次导入" not in client.get(ADDRESS.format(batch.pk)).content.decode()
    assert undone(client, batch)[0] == status
    assert ClassGroup.objects.filter(name="四年级1班").exists()


def test_what_stands_in_the_way_is_listed(as_user, brought_in):
    batch = brought_in()
    group = ClassGroup.objects.get(name="四年级1班")
    group.grade = 5
    group.save()
    status, html = undone(as_user("clerk"), batch)
    assert status == 200
    assert "没有撤销：有1处后来有了变化" in html
    assert "“班级.xlsx”“班级名册”第2行：后来有更改（年级）" in html


def test_an_undone_import_says_so_and_is_not_undone_twice(as_user, brought_in):
    batch = brought_in()
    client = as_user("office")
    undone(client, batch)
    assert "已撤销" in client.get("/").content.decode()
    assert "撤销。" in undone(client, batch)[1]


def test_a_reason_by_hand_does_not_pass_for_an_import(as_user):
    client = as_user("office")
    page = client.get("/registers/person/2/")
    form = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    html = client.post("/registers/person/2/", {**form, "reason": "导入批次1"}).content.decode()
    assert "更改原因不能以" in html


def test_query_count(as_user, brought_in, django_assert_num_queries):
    batch = brought_in()
    client = as_user("office")
    client.get("/")
    # Session, user, jobs, batch, explanations.
    with django_assert_num_queries(6):
        client.get(ADDRESS.format(batch.pk))
