"""The verdict on the county: at every limit, with what is missing, the levels of the self-evaluation, page and files."""

import re
from datetime import date
from fractions import Fraction
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from xuezheng.areas.preschool.models import CountyYear, Kindergarten, KindergartenClass, SelfEvaluation
from xuezheng.areas.preschool.procedures.county import county_verdict
from xuezheng.areas.preschool.procedures.form_files import HEADINGS
from xuezheng.areas.preschool.procedures.items import Counts, city_levels
from xuezheng.core.periods import Period
from xuezheng.figures import Conclusion, FigureError, Status, catalogue
from xuezheng.records.models import School, User
from xuezheng.reports.evaluation import compare
from xuezheng.snapshots import Snapshot, freeze

VERDICT = "/preschool/verdict/"
YEAR = 2021


def enter(order, nature, sizes, teachers, runner="831", **fields):
    """Enter a kindergarten that has every area a child, with so many classes of each size."""
    school = School.objects.create(
        code=f"119900{order:04}", name=f"第{'一二三四'[order - 1]}幼儿园", kind="111", urban_rural="121", runner=runner
    )  # fmt: skip
    children = sum(size * number for size, number in sizes.items())
    form = {
        "community": False, "new_design": False, "principals": 1, "certified_principals": 1, "teachers": teachers,
        "certified_teachers": teachers, "building_area": 11 * children, "activity_area": 9 * children, "outdoor_area": 4 * children,
    }  # fmt: skip
    Kindergarten.objects.create(school=school, year=YEAR, nature=nature, **{**form, **fields})
    KindergartenClass.objects.bulk_create(
        KindergartenClass(
            school=school, year=YEAR, name=f"{size}人{place}班", class_kind="middle", children=size
        )
        for size, number in sizes.items()
        for place in range(number)
    )


@pytest.fixture
def county(lone_district):
    """The county of the research: population 6000, 5280 children, 176 of 200 classes, 352 teachers; the rest at its limits."""
    enter(1, "education", {30: 90}, 180, new_design=True)
    enter(2, "affordable", {20: 84, 10: 2}, 112, runner="999")
    enter(3, "private", {37: 16, 36: 8}, 60, runner="999", outdoor_area=3519)
    CountyYear.objects.create(
        year=YEAR, population=6000, staff_pay=80000_00, nonstaff_pay=60000_00, public_funds=500_00, subsidy=500_00,
        valid=200, satisfied=170,
    )  # fmt: skip
    SelfEvaluation.objects.bulk_create(
        SelfEvaluation(year=YEAR, item=f"i{number:02}", result="qualified", document="佐证")
        for number in range(1, 37)
    )


def judge(year=YEAR):
    freeze(date(2021, 12, 20))
    return county_verdict(Snapshot.latest(), year)


def statuses(verdict):
    return {each.indicator.key: each.status for each in verdict.indicators}


def values(verdict):
    return {
        each.indicator.key: round(float(each.measured.value), 2)
        for each in verdict.indicators
        if each.measured.value is not None
    }


def text_of(answer):
    return re.sub(r"<[^>]+>|\s", "", answer.content.decode())


def test_the_county_of_the_research_passes_with_everything_at_its_limit(county):
    verdict = judge()
    assert values(verdict) == {
        "enrolment": 88, "inclusive": 83.33, "public": 51.14, "public_funds": 500, "subsidy": 500, "pay": 75,
        "new_space": 100, "old_space": 50, "regular": 88, "teachers": 15, "certified": 100, "satisfaction": 85,
    }  # fmt: skip
    assert {each.indicator.number for each in verdict.indicators} == set(range(1, 11))
    assert set(statuses(verdict).values()) == {Status.MET}
    assert (verdict.failures, verdict.missing) == ([], [])
    assert verdict.conclusion is Conclusion.PASSES
    assert verdict.levels == ("巩固", "提高", "创优")
    # Kindergartens that lack something are named, also where the county has enough.
    failing = {each.indicator.key: [school.problem for school in each.failing] for each in verdict.indicators}
    assert failing["inclusive"] == ["非普惠性民办园，在园880人"]
    assert failing["old_space"] == ["生均户外场地3.999平方米（标准4）"]
    assert failing["teachers"] == ["专任教师112人，每人15.18名幼儿"]
    assert len(failing["regular"]) == 1
    assert failing["certified"] == failing["new_space"] == []


def test_a_little_less_and_every_number_fails_with_how_much_is_lacking(county):
    CountyYear.objects.update(
        population=6212, nonstaff_pay=59999_99, public_funds=499_99, subsidy=499_99, satisfied=169
    )
    Kindergarten.objects.filter(school__code="1199000001").update(
        teachers=179, certified_teachers=178, building_area=28187, nature="affordable"
    )
    Kindergarten.objects.filter(school__code="1199000002").update(activity_area=13888, nature="private")
    seven = KindergartenClass.objects.filter(children=30)[:7]
    KindergartenClass.objects.filter(pk__in=[group.pk for group in seven]).update(class_kind="small")
    verdict = judge()
    assert set(statuses(verdict).values()) == {Status.NOT_MET}
    reasons = {each.indicator.key: each.reason for each in verdict.indicators}
    assert reasons == {
        "enrolment": "84.997%，低于标准85%，相差0.003个百分点。",  # 5280/6212
        "inclusive": "51.14%，低于标准80%，相差28.86个百分点。",  # 2700/5280
        "public": "0%，低于标准50%，相差50个百分点。",
        "public_funds": "499.99元，低于标准500元，相差0.01元。",
        "subsidy": "499.99元，低于标准500元，相差0.01元。",
        "pay": "74.99999%，低于标准75%，相差0.00001个百分点。",
        "new_space": "0%，低于标准100%，相差100个百分点。",
        "old_space": "0%，低于标准50%，相差50个百分点。",
        "regular": "84.5%，低于标准85%，相差0.5个百分点。",  # 169 of 200
        "teachers": "15.04人，高于标准15人，相差0.04人。",  # 5280/351
        "certified": "99.72%，低于标准100%，相差0.28个百分点。",  # 353/354
        "satisfaction": "84.5%，低于标准85%，相差0.5个百分点。",
    }
    assert verdict.conclusion is Conclusion.FAILS
    assert [item.number for item in verdict.items if item.reason] == [1, 2, 3]


@pytest.mark.parametrize("limit", [50, 75, 80, 85, 100, 500])
def test_a_number_at_its_limit_is_within_it_and_a_little_beyond_is_not(limit):
    exact, little = Fraction(limit), Fraction(1, 10**9)
    assert [compare(exact - step, exact, "at_least", "%")[0] for step in (0, little)] == [Status.MET, Status.NOT_MET]  # fmt: skip
    assert [compare(exact + step, exact, "at_most", "%")[0] for step in (0, little)] == [Status.MET, Status.NOT_MET]  # fmt: skip
    assert compare(None, exact, "at_least", "%")[0] is Status.UNREPORTED


def test_the_levels_of_a_city_are_those_of_the_research():
    granted = {
        results: city_levels(Counts(*results), YEAR)
        for results in [(30, 6, 0, 0), (31, 5, 0, 0), (33, 3, 0, 0), (29, 7, 0, 0), (28, 8, 0, 0), (29, 6, 1, 0), (35, 0, 0, 1)]
    }  # fmt: skip
    assert granted == {
        (30, 6, 0, 0): ["巩固"],
        (31, 5, 0, 0): ["巩固", "提高"],
        (33, 3, 0, 0): ["巩固", "提高", "创优"],
        (29, 7, 0, 0): ["巩固"],
        (28, 8, 0, 0): [],
        (29, 6, 1, 0): [],
        (35, 0, 0, 1): [],
    }


def test_what_nobody_reported_is_never_met(county):
    CountyYear.objects.update(
        population=None, staff_pay=None, public_funds=None, subsidy=None, valid=None, satisfied=None
    )
    SelfEvaluation.objects.filter(item="i36").delete()
    School.objects.create(
        code="1199000009", name="没有填的幼儿园", kind="111", urban_rural="121", runner="831"
    )
    verdict = judge()
    assert set(statuses(verdict).values()) == {Status.UNREPORTED}
    assert verdict.conclusion is Conclusion.UNDECIDED
    assert verdict.levels == ()
    assert verdict.missing[0] == "没有填的幼儿园没有填报“幼儿园基本情况表”“幼儿园班级表”"
    assert verdict.missing[-1] == "“普及普惠自评表”没有登记第36项"


def test_a_kindergarten_without_classes_leaves_the_numbers_of_forms_open(county):
    KindergartenClass.objects.filter(school__code="1199000003").delete()
    verdict = judge()
    # 4400 of 6000 are too few so far, and would be enough with those of the third kindergarten.
    reasons = {each.indicator.key: each.reason for each in verdict.indicators}
    assert (
        reasons["enrolment"]
        == "有1所没有填报齐全，不能下结论。按已经填报的：73.33%，低于标准85%，相差11.67个百分点。"
    )
    of_the_county = {"public_funds", "subsidy", "pay", "satisfaction"}
    assert {key for key, status in statuses(verdict).items() if status is Status.MET} == of_the_county
    assert Status.NOT_MET not in statuses(verdict).values()
    assert verdict.silent == ("第三幼儿园没有填报“幼儿园班级表”",)
    assert verdict.conclusion is Conclusion.UNDECIDED


def test_what_the_county_does_not_have_does_not_apply_and_an_item_against_its_number_is_unqualified(county):
    Kindergarten.objects.update(new_design=False)
    CountyYear.objects.update(population=6212)
    verdict = judge()
    assert statuses(verdict)["new_space"] is Status.NOT_APPLICABLE
    assert verdict.failures == [
        "学前三年毛入园率：84.997%，低于标准85%，相差0.003个百分点",
        "自评项目“第1项 学前三年毛入园率”不合格",
    ]
    assert verdict.items[0].reason.endswith("登记为“合格”，与指标不符，请核对。")
    assert (verdict.counts, verdict.levels) == (Counts(35, 0, 1, 0), ())


def test_without_a_standard_in_force_nothing_is_met(county):
    for model in (Kindergarten, KindergartenClass, CountyYear):
        model.objects.update(year=2015)
    verdict = judge(2015)
    assert set(statuses(verdict).values()) == {Status.UNREPORTED}
    assert verdict.missing[-1] == "没有这一年施行的普及普惠评估项目"


def test_the_bureau_sees_the_page_and_takes_the_form_and_others_do_not(county):
    SelfEvaluation.objects.filter(item="i11").update(
        result="basic", explanation="制度待完善", note="年底复核"
    )
    SelfEvaluation.objects.filter(item="i36").delete()
    freeze(date(2021, 12, 20))

    def answer(role, address, section=""):
        name = f"{role}{section}"
        user, _ = User.objects.get_or_create(
            username=name, defaults={"role": role, "section": section, "toured_at": timezone.now()}
        )
        client = Client()
        client.force_login(user)
        return client.get(address)

    for role, section, status in (
        ("office", "", 200), ("leader", "", 200), ("auditor", "", 200), ("section", "preschool", 200),
        ("section", "inspection", 200), ("section", "safety", 403), ("clerk", "", 403), ("security", "", 403),
    ):  # fmt: skip
        assert answer(role, VERDICT, section).status_code == status, (role, section)
    page = answer("office", VERDICT)
    text = text_of(page)
    assert "结论：不能判定" in text
    assert "None" not in text
    assert "合格34项，基本合格1项，不合格0项，未登记1项" in text
    assert "没有达到任何一等，有项目未登记" in text
    assert "每名专任教师的在园幼儿15人不超过15人达到" in text
    assert b"/figures/preschool.children_a_teacher" in page.content
    assert b"preschool.class_size" not in page.content
    assert "2018年还没有幼儿园填报" in text_of(answer("office", f"{VERDICT}?year=2018"))
    book = load_workbook(BytesIO(b"".join(answer("office", f"{VERDICT}{YEAR}/xlsx/").streaming_content)))
    rows = list(book["自评表"].values)
    assert rows[2] == HEADINGS
    assert rows[2] == ("项目", "一级指标", "二级指标", "评估等级及认定标准", "自评说明", "自评结论", "佐证材料", "备注")  # fmt: skip
    assert rows[13][0] == "政府保障情况"
    assert rows[13][4:] == ("制度待完善", "基本合格", "佐证", "年底复核")
    assert rows[38][5] is None
    assert [row[2] for row in book["国家指标"].values if row[0] == 8] == [15]
    document = Document(BytesIO(b"".join(answer("office", f"{VERDICT}{YEAR}/docx/").streaming_content)))
    assert [cell.text for cell in document.tables[0].rows[0].cells] == list(HEADINGS)
    assert answer("office", f"{VERDICT}2018/xlsx/").status_code == 404
    assert answer("office", f"{VERDICT}{YEAR}/pdf/").status_code == 404
    assert answer("clerk", f"{VERDICT}{YEAR}/xlsx/").status_code == 403


def test_counts_of_requirements_open_to_their_rows_and_refuse_other_dimensions(county):
    SelfEvaluation.objects.filter(item="i26").update(result="unqualified")
    freeze(date(2021, 12, 20))
    snapshot, figure = Snapshot.latest(), catalogue.figure("preschool.requirements_not_met")
    answer = figure.at(snapshot, Period.parse("2021"), part="quality")
    assert (answer.value, answer.row_count) == (1, 1)
    rows = figure.rows(snapshot, Period.parse("2021"), part="quality")
    assert rows.table.column("part").to_pylist() == ["quality"]
    assert rows.columns["part"].choices["quality"] == "幼儿园保教质量保障情况"
    assert rows.columns["title"].choices == {}
    with pytest.raises(FigureError):
        figure.breakdown(snapshot, Period.parse("2021"), ("school",))
