"""A number far from last period's, or from that of peers, has to be explained before it is taken in."""

from fractions import Fraction

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.areas.balance.models import StageCondition
from xuezheng.cli import main
from xuezheng.intake import import_workbook, undo, write_marked
from xuezheng.intake.expectations.deviations import ENOUGH, deviations, spread, strays
from xuezheng.intake.expectations.findings import unexplained
from xuezheng.records.models import Batch, School, ValueExplanation
from xuezheng.workbooks import sheet_catalogue

CONDITIONS, FORM, ZONES = "学校办学条件表", "分学段办学条件表", "支出台账"
SCHOOL = "3134990001"
WHY = "新建教学楼一栋，9月投入使用。"
numbers = st.integers(-(10**6), 10**6)


def conditions(year, teaching="5000", equipment="300000"):
    return [SCHOOL, str(year), teaching, "100", "6000", equipment, "30", "2", "2"]


@pytest.fixture
def taken_in(schools, workbook, tmp_path):
    """Import one row of the school's conditions, explained or not."""

    def take(row, why="", title=CONDITIONS, **kind):
        path = workbook({title: [row]}, f"{row[1]}.xlsx")
        return import_workbook(path, explain=lambda finding: why, **kind)

    return take


@given(old=numbers, new=numbers, share=st.integers(0, 200))
def test_a_number_strays_when_it_differs_by_more_than_the_share_of_the_old_one(old, new, share):
    assert strays(old, new, share) == (abs(Fraction(new - old)) > Fraction(share, 100) * abs(old))


@given(st.lists(numbers, min_size=1, max_size=30), st.integers(1, 50), numbers)
def test_spread_goes_with_the_unit_and_the_nought_of_the_numbers(values, times, shift):
    middle, apart = spread(values)
    moved, wide = spread([value * times + shift for value in values])
    assert moved == pytest.approx(middle * times + shift)
    assert wide == pytest.approx(apart * times)


@given(st.lists(numbers, min_size=ENOUGH, max_size=30), st.integers(10**8, 10**12))
def test_one_wild_number_stands_out_however_far_away_and_moves_no_other(values, wild):
    middle, apart = spread([*values, wild])
    assert min(values) <= middle <= max(values)
    assert abs(wild - middle) > 6 * apart


def test_what_differs_from_the_year_before_is_refused_until_it_is_explained(taken_in, tmp_path, workbook):
    assert taken_in(conditions(2018)).saved
    path = workbook({CONDITIONS: [conditions(2019, "7000")]}, "2019.xlsx")
    refused = import_workbook(path)
    (finding,) = refused.unexplained
    assert refused.refused
    assert not refused.saved
    assert refused.sentence() == "“2019.xlsx”未导入：有1处须说明，台账没有任何改动。"
    assert finding.place.place == "“学校办学条件表”第2行C列“教学及辅助用房面积（平方米）”"
    assert finding.deviation.expected == "2018年为5000，增加40.0%（一般不超过20%）"
    write_marked(path, refused, tmp_path / "标注.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "标注.xlsx")[CONDITIONS]["C2"]
    assert cell.fill.fgColor.rgb == "00BDD7EE"
    assert "请写明原因" in cell.comment.text
    assert import_workbook(path, explain=lambda it: "太短").refused
    kept = import_workbook(path, explain=lambda it: WHY).batch
    (said,) = ValueExplanation.objects.all()
    assert (said.batch, said.text, said.value, said.subject) == (kept, WHY, "7000", "云岭学校 2019年")
    # What is in the registers is not asked about again, nor where another column is changed.
    assert not import_workbook(path).findings
    assert taken_in(conditions(2019, "7000", "310000")).saved


def test_what_was_explained_last_is_offered_until_its_import_is_undone(taken_in):
    assert taken_in(conditions(2018)).saved
    explained = taken_in(conditions(2019, "7000"), WHY)
    offered = taken_in(conditions(2020, "9000")).unexplained[0].offered
    assert (offered.text, offered.period, offered.author) == (WHY, "2019年", "")
    undo(explained.batch.pk)
    (finding,) = taken_in(conditions(2020, "9000")).unexplained
    assert finding.offered is None
    assert finding.deviation.expected.startswith("2018年为5000，增加80.0%")


def test_a_month_is_held_against_the_same_month_of_the_year_before(taken_in):
    def spent(month, yuan):
        return taken_in([month, "小学教育", "一般公共预算", yuan], title=ZONES)

    assert spent("2018-05-01", "1000").saved
    assert spent("2019-04-01", "9000").saved
    assert spent("2019-05-01", "1500").saved
    (finding,) = spent("2020-04-01", "90").unexplained
    assert finding.deviation.expected == "2019年4月为9000，减少99.0%（一般不超过50%）"


def test_a_project_without_periods_is_held_against_what_is_registered(taken_in):
    def project(budget):
        row = ["XM01", "综合楼", "校舍维修", SCHOOL, "2018-03-01", budget, "", ""]
        return taken_in(row, title="建设项目台账")

    first = project("1000000")
    assert first.saved, first.problems
    assert project("1100000").saved
    (finding,) = project("1500000").unexplained
    assert finding.deviation.expected.startswith("台账中为1100000，增加36.4%")


def test_an_outlier_among_enough_schools_of_its_kind_has_to_be_explained(schools):
    kinds = {"urban_rural": "210", "runner": "811"}
    peers = [
        School.objects.create(code=f"21349901{n:02}", name=f"第{n}小学", kind="211", **kinds)
        for n in range(ENOUGH)
    ]
    teachers = {"grades": 6, "associate": 0, "bachelor": 20, "master": 0, "backbone": 6}
    forms = [
        StageCondition.objects.create(
            school=school, stage="primary", year=2019, classes=10, pupils=400 + n, largest_class=60, teachers=20 + n,
            pe_teachers=1, music_teachers=1, art_teachers=1, **teachers,
        )
        for n, school in enumerate(peers)
    ]  # fmt: skip
    sheet = sheet_catalogue.sheet(FORM)
    assert deviations(sheet, forms) == []
    wild = forms[3]
    wild.pupils, wild.teachers = 40, 2
    wild.backbone = 2
    wild.save()
    found = deviations(sheet, forms)
    assert {(it.record, it.path) for it in found} == {(wild, "pupils"), (wild, "backbone")}
    told = next(it.expected for it in found if it.path == "pupils")
    assert told.startswith("在校生数÷班级数为4，6所同类学校的中位数为40.15，")
    # What is not touched is not asked about; one school fewer is not enough to judge by.
    assert deviations(sheet, forms, {id(it): {"largest_class": 1} for it in forms}) == []
    assert len(unexplained(sheet, forms)) == 2
    said = {"register": "balance_stagecondition", "record": wild.pk, "thing": f"{wild.school_id}|primary"}
    ValueExplanation.objects.create(
        batch=Batch.objects.create(), path="pupils", check_name="与同类学校比", value="40", **said
    )
    assert [it.path for it in unexplained(sheet, forms)] == ["backbone"]
    forms.pop(0).delete()
    assert deviations(sheet, forms) == []


def test_the_command_tells_what_to_explain_and_takes_one_explanation(
    transactional_db, small, workbook, capsys
):
    first = {title: small[title] for title in ("本地信息", "学期", "学校名册")} | {
        CONDITIONS: [conditions(2018)]
    }
    assert main(["import", str(workbook(first, "一.xlsx"))]) == 0
    path = str(workbook({CONDITIONS: [conditions(2019, "7000")]}, "二.xlsx"))
    assert main(["import", path]) == 1
    printed = capsys.readouterr().out
    assert "（云岭学校 2019年）填的是“7000”，与上期比相差较大：2018年为5000" in printed
    assert "--explain" in printed
    assert main(["import", path, "--explain", WHY]) == 0
    assert ValueExplanation.objects.get().text == WHY
