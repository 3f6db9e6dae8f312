"""Workbooks of other layouts: each column is confirmed once, then the rows go the way of a template's, and next time nothing is asked."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.conftest import NINE_YEAR, citizen_id
from tests.intake.foreign_layouts import SCHOOL, people, write

from xuezheng.areas.finance.models import Expenditure, PublicFunds
from xuezheng.areas.quality.models import ExamResult
from xuezheng.core.periods import Period
from xuezheng.intake.mappings.confirmation import confirm
from xuezheng.intake.mappings.foreign import LEFT_OUT
from xuezheng.intake.mappings.versions import as_pack, from_pack
from xuezheng.intake.uploads import Upload
from xuezheng.records.models import LayoutMapping, Pupil, School, User
from xuezheng.workbooks import WorkbookRefused
from xuezheng.workbooks.layouts.mapping import MappingError, Measure, Wide, parse

ENTERED = {"entered_on": "2018-09-01"}
HEAD = ("序号", "姓 名", "性别", "出生年月", "身份证号码", "学籍号", "家庭住址", "是否住校")


pytestmark = pytest.mark.usefixtures("own_home")


def roster(people_of, head=HEAD, school=SCHOOL):
    """One sheet a class, with a title, a line below it, and signatures."""
    sheets = []
    for class_name, pupils in people_of.items():
        rows = [
            [f"{school}{class_name}学生花名册"],
            ["班主任：张老师", "", "填表日期：2019年3月1日"],
            list(head),
        ]
        rows += [
            [i, n, s, d[:7].replace("-", "."), c, f"G{c}", "文峰村3组", "否"]
            for i, (n, s, d, c) in enumerate(pupils, 1)
        ]
        sheets.append(
            (class_name, [*rows, ["合计", f"{len(pupils)}人"], ["班主任签字：", "", "校长签字："]], [])
        )
    return sheets


def uploaded(folder, sheets, user, name="花名册.xlsx"):
    write(folder / name, sheets)
    return Upload.receive((folder / name).read_bytes(), name, user)


def confirmed(upload, user, paths=(), fills=ENTERED):
    for form in upload.mapping_forms:
        confirm(form, dict(paths), fills, upload.summary.name, user)
    upload.preview(user)
    return upload


def test_confirmed_once_then_imported_without_a_question(tmp_path, office):
    both = people(8)
    upload = uploaded(tmp_path, roster({"三（1）班": both[:4], "八（1）班": both[4:6]}), office)
    assert upload.summary.mappings == 1, upload.mapping_forms
    assert not upload.summary.may_be_committed
    assert Pupil.objects.count() == 0
    assert [item["title"] for item in upload.mapping_forms[0].missing] == ["入学日期"]
    confirmed(upload, office)
    problems = [
        upload.page(n, "problems", 0) for n, s in enumerate(upload.summary.sheets) if s.counts["problems"]
    ]
    assert upload.summary.may_be_committed, problems
    outcome = upload.commit(office)
    assert outcome.saved
    groups = sorted(Pupil.objects.values_list("class_group__name", "boarding", "source_row"))
    assert [group[0] for group in groups] == ["三年级1班"] * 4 + ["八年级1班"] * 2
    assert [row for *_, row in groups] == [4, 5, 6, 7, 4, 5]
    next_term = uploaded(tmp_path, roster({"三（1）班": both}), office, "下学期.xlsx")
    assert next_term.summary.mappings == 0
    (layout,) = next_term.known_layouts
    assert (layout.template, layout.sheets, layout.fills) == (
        "学生名册",
        ["三（1）班"],
        {"入学日期": "2018-09-01"},
    )
    assert next_term.commit(office).saved
    assert Pupil.objects.count() == 8


def test_a_changed_heading_asks_only_about_itself(tmp_path, office):
    confirmed(uploaded(tmp_path, roster({"三（1）班": people(4)}), office), office)
    head = [*HEAD[:4], "公民身份号码", *HEAD[5:]]
    upload = uploaded(tmp_path, roster({"三（1）班": people(4)}, head), office)
    (form,) = upload.mapping_forms
    assert [column["heading"] for column in form.columns if column["in_question"]] == ["公民身份号码"]
    assert len(form.questions) == 1
    assert [item["value"] for item in form.missing] == ["2018-09-01"]


def test_a_problem_names_the_cell_of_the_file(tmp_path, office):
    wrong = [("张小三", "男", "2012-05-01", "349900201205010011"), *people(2)]
    upload = confirmed(uploaded(tmp_path, roster({"三（1）班": wrong}), office), office)
    place = next(n for n, s in enumerate(upload.summary.sheets) if s.counts["problems"])
    problems = upload.page(place, "problems", 0)
    assert "第4行E列“身份证件号”" in [problem["place"] for problem in problems]
    assert {problem["row"] for problem in problems} == {4}


def test_the_mapping_of_a_school_is_not_that_of_others(tmp_path, office):
    clerk = User.objects.create(username="学校", role="clerk", school=School.objects.get(code=NINE_YEAR))
    sheets = roster({"三（1）班": people(4)})
    confirmed(uploaded(tmp_path, sheets, clerk), clerk)
    assert uploaded(tmp_path, sheets, clerk).summary.mappings == 0
    assert uploaded(tmp_path, sheets, office).summary.mappings == 1


def test_one_column_for_two_is_refused(tmp_path, office):
    upload = uploaded(tmp_path, roster({"三（1）班": people(4)}), office)
    with pytest.raises(MappingError, match="对应了两列"):
        confirmed(upload, office, {6: "person.name"})
    with pytest.raises(MappingError, match="还没有“身份证件号”"):
        confirmed(upload, office, {4: ""})
    with pytest.raises(MappingError, match="入学日期"):
        confirmed(upload, office, fills={"entered_on": "去年"})
    assert not LayoutMapping.objects.exists()


@pytest.mark.parametrize(("days", "is_asked"), [(0, False), (-1, True)])
def test_a_day_typed_in_an_earlier_half_year_is_asked_anew(tmp_path, office, days, is_asked):
    both = people(8)
    confirmed(uploaded(tmp_path, roster({"三（1）班": both[:4]}), office), office)
    start = Period.half_year_of(timezone.localdate()).start
    made_at = timezone.make_aware(datetime.combine(start, time(8))) + timedelta(days)
    LayoutMapping.objects.update(made_at=made_at)
    later = uploaded(tmp_path, roster({"八（1）班": both[4:]}), office)
    assert bool(later.mapping_forms) == is_asked
    for form in later.mapping_forms:
        assert [(item["title"], item["value"]) for item in form.missing] == [("入学日期", "")]
        assert form.questions == ["“入学日期”上次都填“2018-09-01”，请填写这张表的。"]
        assert not later.summary.may_be_committed
        with pytest.raises(MappingError, match="还没有“入学日期”"):
            confirm(form, {}, {}, later.summary.name, office)
        confirmed(later, office, fills={"entered_on": "2019-09-01"})
    assert later.summary.may_be_committed, later.problem_kinds
    later.commit(office)
    years = set(
        Pupil.objects.filter(person__name__in=[name for name, *_ in both[4:]]).values_list(
            "entered_on__year", flat=True
        )
    )
    assert years == {2019 if is_asked else 2018}


def test_left_out_and_another_template(tmp_path, office):
    upload = uploaded(tmp_path, roster({"三（1）班": people(4)}), office)
    upload.choose(upload.mapping_forms[0].fingerprint, "营养改善学生名单")
    upload.preview(office)
    assert upload.mapping_forms[0].template == "营养改善学生名单"


def test_where_nothing_is_near_a_person_chooses_the_template(tmp_path, office):
    rows = [["甲栏", "姓名", "备注"], ["春风", "李一", "好"], ["夏雨", "王二", "好"]]
    upload = uploaded(tmp_path, [("记录", rows, [])], office, "记录.xlsx")
    [form] = upload.mapping_forms
    assert (form.template, form.sheets, form.rows) == ("", ["记录"], 2)
    assert [(column["heading"], column["samples"]) for column in form.columns][:1] == [
        ("甲栏", ["春风", "夏雨"])
    ]
    assert "没有相近的模板" in form.sentence()
    assert not upload.summary.may_be_committed
    upload.choose(form.fingerprint, "学生名册")
    upload.preview(office)
    assert upload.mapping_forms[0].template == "学生名册"
    upload.choose(form.fingerprint, LEFT_OUT)
    with pytest.raises(WorkbookRefused, match="没有可导入的表"):
        upload.preview(office)


def test_a_strange_table_beside_a_known_one_is_a_note(tmp_path, office):
    strange = ("记录", [["甲栏", "姓名", "备注"], ["春风", "李一", "好"]], [])
    upload = uploaded(tmp_path, [*roster({"三（1）班": people(4)}), strange], office)
    assert [form.template for form in upload.mapping_forms] == ["学生名册"]
    assert any(kind.sheet == "记录" and not kind.is_error for kind in upload.problem_kinds)


def test_amounts_in_ten_thousands_become_yuan(tmp_path, office):
    rows = [["2019年公用经费拨付表"], ["单位：万元"], ["学校标识码", "学段", "学期", "核定学生数", "核定寄宿生数", "拨付金额（元）", "拨款文号", "拨付日期"],
            [NINE_YEAR, "小学", "2019春", 1500, 0, 45.36, "云财〔2019〕1号", "2019-03-15"]]  # fmt: skip
    upload = uploaded(tmp_path, [("公用经费拨付表", rows, [])], office)
    assert upload.summary.mappings == 1
    confirmed(upload, office)
    upload.commit(office)
    assert PublicFunds.objects.get().amount == 453_600_00


@pytest.mark.parametrize(("title", "yuan"), [("单位：万元", 15_000_00), ("单位：元", 1_50)])
def test_months_side_by_side_become_rows_in_the_unit_of_the_title(tmp_path, office, title, yuan):
    rows = [["2025年教育经费支出表"], [title], ["支出科目", "资金性质", "1月", "2月", "3月"],
            ["小学教育", "一般公共预算", "1.5", "2", ""], ["初中教育", "一般公共预算", "3", "4", "5"]]  # fmt: skip
    upload = confirmed(uploaded(tmp_path, [("支出", rows, [])], office, "支出.xlsx"), office, fills={})
    assert upload.summary.may_be_committed, upload.problem_kinds
    assert upload.commit(office).saved
    spent = {
        (line.month.isoformat(), line.get_function_display()): line.amount
        for line in Expenditure.objects.all()
    }
    assert len(spent) == 5
    assert spent["2025-01-01", "小学教育"] == yuan


def test_terms_side_by_side_become_rows_of_their_own(tmp_path, office):
    rows = [["2018-2019学年拨付表"], ["学校标识码", "学段", "核定学生数", "秋季拨付金额", "春季拨付金额"],
            [NINE_YEAR, "小学", 1500, "300.5", "400"]]  # fmt: skip
    upload = uploaded(tmp_path, [("Sheet1", rows, [])], office, "公用经费.xlsx")
    confirmed(upload, office, fills={})
    assert upload.summary.may_be_committed, upload.problem_kinds
    assert upload.commit(office).saved
    assert dict(PublicFunds.objects.values_list("term__code", "amount")) == {
        "2018秋": 300_50,
        "2019春": 400_00,
    }


@pytest.mark.parametrize(
    ("groups", "leaves", "order"),
    [
        (("小学", "初中"), ("学生数", "寄宿生数", "金额"), (0, 1, 2, 3, 4, 5)),
        (("学生数", "寄宿生数", "金额"), ("小学", "初中"), (0, 3, 1, 4, 2, 5)),
    ],
    ids=["measures below stages", "stages below measures"],
)
def test_several_measures_of_each_stage_side_by_side_become_a_row_of_each_stage(
    tmp_path, office, groups, leaves, order
):
    cells = [820, 40, 24.66, 500, 12, 20.15]
    size = len(leaves)
    heads = [["学校名称", *(group for group in groups for _ in leaves)], ["", *leaves * len(groups)]]
    areas = [(1, 0, 2, 0), *((1, at, 1, at + size - 1) for at in range(1, 7, size))]
    rows = [["2019年春季学期公用经费拨付表（单位：万元）"], *heads, [SCHOOL, *(cells[place] for place in order)]]  # fmt: skip
    upload = uploaded(tmp_path, [("拨付", rows, areas)], office, "公用经费.xlsx")
    confirmed(upload, office, fills={})
    assert upload.summary.may_be_committed, upload.problem_kinds
    assert upload.commit(office).saved
    assert set(PublicFunds.objects.values_list("stage", "pupils", "boarders", "amount")) == {
        ("primary", 820, 40, 246_600_00),
        ("junior", 500, 12, 201_500_00),
    }
    later = uploaded(tmp_path, [("拨付", rows, areas)], office, "公用经费.xlsx")
    assert later.summary.mappings == 0


def test_a_mapping_of_an_earlier_release_has_one_measure():
    content = {
        "template": "公用经费拨付表",
        "columns": [],
        "wide": {"dimension": "stage", "measure": "pupils", "values": {"小学人数": "小学"}, "conversion": ""},
    }
    mapping = parse(content, "一张表")
    assert mapping.wide == Wide("stage", (Measure("pupils", {"小学人数": "小学"}),))
    assert parse(mapping.as_object(), "一张表") == mapping


def test_mappings_move_as_a_pack(tmp_path, office):
    confirmed(uploaded(tmp_path, roster({"三（1）班": people(4)}), office), office)
    pack = as_pack()
    LayoutMapping.objects.all().delete()
    assert from_pack(pack, office) == 1
    assert from_pack(pack, office) == 0
    assert uploaded(tmp_path, roster({"三（1）班": people(4)}), office).summary.mappings == 0
    for text in ("", "layouts: [{name: 甲}]", pack.replace("person.name", "person.nickname")):
        with pytest.raises(MappingError):
            from_pack(text, office)


def test_the_page_confirms(tmp_path, office, client):
    upload = uploaded(tmp_path, roster({"三（1）班": people(4)}), office)
    client.force_login(office)
    address = reverse("web:upload", args=[upload.token])
    page = client.get(address).content.decode()
    assert "确认对应关系" in page
    assert people(1)[0][3] not in page
    form = upload.mapping_forms[0]
    answers = {f"column-{number}": column["path"] for number, column in enumerate(form.columns)}
    answers |= {"decision": "map", "layout": form.fingerprint, "fill-entered_on": "2018-09-01"}
    assert client.post(address, answers).status_code == 302
    assert "台账还没有改动，请核对后提交" in client.get(address).content.decode()
    assert client.post(address, {"decision": "again", "layout": form.fingerprint}).status_code == 302
    asked = Upload.of(office, upload.token)
    assert not asked.summary.may_be_committed
    assert asked.mapping_forms[0].questions == []
    client.post(address, answers)
    assert Upload.of(office, upload.token).summary.may_be_committed
    assert LayoutMapping.objects.count() == 2


def test_a_section_confirms_no_mapping_of_another(tmp_path, office):
    upload = uploaded(tmp_path, roster({"三（1）班": people(4)}), office)
    finance = User.objects.create(username="财务", role="section", section="finance")
    with pytest.raises(MappingError, match="不能导入这张表"):
        confirm(upload.mapping_forms[0], {}, ENTERED, "花名册.xlsx", finance)
    assert citizen_id(1) not in str(upload.mapping_forms)


def scores(rows, title=f"{SCHOOL}2018-2019学年度第二学期期末成绩"):
    head = ["班级", "学号", "姓名", "语文", "数学", "总分", "名次"]
    return [
        (
            "期末成绩",
            [
                [title],
                head,
                *([group, n, name, a, b, a + b, n] for n, (group, name, a, b) in enumerate(rows, 1)),
            ],
            [],
        )
    ]


@pytest.fixture
def classes(tmp_path, office):
    """Two classes of a school in the registers; one name is in both, another twice in one."""
    first, second, third, fourth, fifth = people(5)
    second = (first[0], *second[1:])  # the name of another child, in the other class
    fifth = (fourth[0], *fifth[1:])  # and in the same class
    upload = uploaded(
        tmp_path, roster({"三（1）班": [first, third, fourth, fifth], "八（1）班": [second]}), office
    )
    confirmed(upload, office).commit(office)
    return first, second, third, fourth


def problems_of(upload):
    counts = [sheet.counts["problems"] for sheet in upload.summary.sheets]
    return [
        problem
        for number, count in enumerate(counts)
        if count
        for problem in upload.page(number, "problems", 0)
    ]


def test_who_is_named_by_class_only_is_looked_up(tmp_path, office, classes):
    first, second, third, _ = classes
    rows = [("三(1)班", first[0], 90, 91), ("三(1)班", third[0], 80, 81), ("八(1)班", second[0], 70, 71)]
    upload = uploaded(tmp_path, scores(rows), office, "成绩.xlsx")
    (form,) = upload.mapping_forms
    assert (form.template, form.questions) == ("考试成绩表", [])
    assert "按学校、班级和姓名从台账中查" in form.notes[0]
    assert confirmed(upload, office, fills={}).commit(office).saved
    results = ExamResult.objects.values_list("person__id_number", "class_name", "subject", "score")
    assert sorted((number, group, float(score)) for number, group, _, score in results) == sorted(
        (number, group, float(score))
        for (_, _, _, number), group, pair in (
            (first, "三年级1班", (90, 91)),
            (third, "三年级1班", (80, 81)),
            (second, "八年级1班", (70, 71)),
        )
        for score in pair
    )
    again = uploaded(tmp_path, scores([("三(1)班", first[0], 95, 96)]), office, "再考.xlsx")
    assert (again.summary.mappings, again.summary.errors) == (0, 0)


def test_who_is_not_sure_is_asked_for_row_by_row(tmp_path, office, classes):
    *_, fourth = classes
    rows = [("三(1)班", "无此人", 90, 91), ("三(1)班", fourth[0], 80, 81), ("八(1)班", fourth[0], 70, 71)]
    upload = confirmed(uploaded(tmp_path, scores(rows), office, "成绩.xlsx"), office, fills={})
    assert upload.summary.errors == 6  # two subjects of each row
    problems = problems_of(upload)
    messages = [problem["message"] for problem in problems]
    assert "台账中这个班没有“无此人”" in messages[0]
    assert f"台账中这个班有2个“{fourth[0]}”" in messages[2]
    assert f"台账中这个班没有“{fourth[0]}”" in messages[4]
    assert [problem["row"] for problem in problems] == [3, 3, 4, 4, 5, 5]
    assert not ExamResult.objects.exists()


def test_pupils_of_another_school_are_not_looked_up(tmp_path, office, classes):
    first, *_ = classes
    elsewhere = School.objects.create(
        code="2134990009", name="云岭三小", kind="211", urban_rural="121", runner="831"
    )
    clerk = User.objects.create(username="三小", role=User.Role.CLERK, school=elsewhere)
    upload = uploaded(tmp_path, scores([("三(1)班", first[0], 90, 91)]), clerk, "成绩.xlsx")
    upload = confirmed(upload, clerk, fills={})
    assert any("没有" in problem["message"] for problem in problems_of(upload))
    assert not upload.summary.may_be_committed
