"""The pages of report templates: list, new, edit, preview, errors at their line, versions, file; and the switches of areas."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from xuezheng.records.models import Switch
from xuezheng.reports.templates.catalogue import template, templates
from xuezheng.reports.templates.models import TemplateVersion

LIST = "/reports/templates/"
PAGE = "/reports/templates/of/meals/"
NEW = {"name": "meals", "title": "校园餐", "kind": "letter", "beginning": ""}


@pytest.fixture
def office(as_user, snapshot):
    return as_user("office")


@pytest.fixture
def meals(office):
    office.post(LIST, NEW)
    return office


def edit(client, source, step="save", after=1, **more):
    values = {
        "title": "校园餐",
        "kind": "letter",
        "source": source,
        "after": after,
        "period": "2019H1",
        "step": step,
    }
    return client.post(PAGE, {**values, **more}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("beginning", "words"),
    [("", "现将有关情况报告如下"), ("headings", '{{ entries("双减") }}'), ("half_year", "在校在园学生")],
)
def test_a_template_begins_blank_with_usual_headings_or_as_another(office, beginning, words):
    response = office.post(LIST, {**NEW, "beginning": beginning}, follow=True)
    assert "已建立“校园餐”。" in response.content.decode()
    assert words in template("meals").source
    assert edit(office, template("meals").source, "preview").count('class="xz-paper"') == 1


def test_the_editor_and_the_switches_name_no_other_server_and_hold_no_inline_code(
    meals, as_user, assert_closed
):
    assert_closed(meals.get(PAGE))
    assert_closed(as_user("administrator").get("/system/areas/"))


def test_a_preview_saves_nothing_and_shows_the_numbers(meals):
    html = edit(meals, '学校{{ n("enrolment.schools") }}。', "preview")
    assert 'class="number"' in html
    assert template("meals").version == 1


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("一。\n\n资助350人。", "第3行：资助350人。"),
        ("{% if %}", "没有写完整"),
        ('{{ n("aid.nothing") }}', "没有指标“aid.nothing”"),
        ('{{ n("aid.registered_poor_pupils", nothing="x") }}', "第1行不能使用"),
        ("{{ nothing }}", "没有定义"),
        ("{{ n() }}", "括号里写的内容不对"),
    ],
)
def test_an_error_is_said_at_its_line_and_nothing_is_saved(meals, source, words):
    html = edit(meals, source)
    assert words in html
    assert TemplateVersion.objects.count() == 1
    assert source.splitlines()[0].replace('"', "&quot;") in html


def test_versions_are_kept_restored_and_taken_out_of_use(meals):
    first = template("meals").source
    assert "已保存为第2版。" in edit(meals, "另写。")
    assert "已由别人保存" in edit(meals, "同时写的。")
    assert first.splitlines()[2] in meals.get(f"{PAGE}?version=1").content.decode()
    edit(meals, first, after=2)
    assert (template("meals").version, template("meals").source.strip()) == (3, first.strip())
    assert "已停用。" in edit(meals, first, "retire", after=3)
    assert "meals" not in templates()
    assert meals.get("/reports/meals/2019H1/").status_code == 404
    assert "已停用" in meals.get(LIST).content.decode()


def test_a_template_is_exported_and_imported_again(meals):
    content = meals.get(f"{PAGE}file/").content
    file = SimpleUploadedFile("meals.md", content)
    meals.post(LIST, {**NEW, "name": "copy", "file": file})
    assert template("copy").source == template("meals").source
    broken = SimpleUploadedFile("x.md", b"\xff\xfe\x00")
    assert "不是UTF-8文本" in meals.post(LIST, {**NEW, "name": "x", "file": broken}).content.decode()


def test_the_report_and_the_word_file_of_a_new_template(meals):
    edit(meals, '# {{ bureau }}校园餐情况\n\n学校{{ n("enrolment.schools") }}。')
    assert "校园餐情况" in meals.get("/reports/meals/2019H1/").content.decode()
    assert meals.get("/reports/meals/2019H1/docx/").status_code == 200


def test_the_palette_finds_figures_by_their_words(office):
    html = office.get(f"{LIST}palette/?q=建档立卡 学生").content.decode()
    assert "aid.registered_poor_pupils" in html
    assert "没有这样的指标" in office.get(f"{LIST}palette/?q=飞船").content.decode()


@pytest.mark.parametrize("name", ["aid", "leader", "clerk", "administrator"])
def test_only_the_office_changes_templates(meals, as_user, name):
    client = as_user(name)
    assert client.post(LIST, {**NEW, "name": "other"}).status_code == 403
    assert client.post(PAGE, {"step": "save", "source": "改。", "after": 1, "title": "改"}).status_code == 403
    assert client.get(f"{LIST}adopt/").status_code == 403
    assert TemplateVersion.objects.count() == 1


def test_the_administrator_switches_an_area_off_and_it_is_asked_for_nowhere(as_user, snapshot):
    admin, office = as_user("administrator"), as_user("office")
    assert "体质健康" in office.get("/registers/").content.decode()
    html = admin.post("/system/areas/", {"name": "health", "used": "no"}, follow=True).content.decode()
    assert "已停用，下一次生成快照起报告按它写。" in html
    assert "体质健康" not in office.get("/registers/").content.decode()
    assert office.post("/system/areas/", {"name": "health", "used": "yes"}).status_code == 403
    admin.post("/system/areas/", {"name": "nothing", "used": "no"})
    assert Switch.objects.count() == 1
