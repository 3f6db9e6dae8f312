"""The pages of the verdict and of plans on a small county: who sees them, what they say, the files, and the items made of a plan."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from tests.conftest import citizen_id

from xuezheng.areas.balance.jobs import check_plan, gap_plan
from xuezheng.areas.balance.models import EvaluationItem, Facilities, GapPlan, Questionnaire, StageCondition
from xuezheng.areas.balance.procedures.county import county_verdict
from xuezheng.areas.balance.procedures.gap_plan import NoPlan
from xuezheng.areas.balance.procedures.items import item_verdicts
from xuezheng.core.periods import Period
from xuezheng.figures import Conclusion, Status
from xuezheng.figures.catalogue import figure
from xuezheng.plans.models import PlanItem, Target
from xuezheng.policy.current import overridden
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import Batch, ClassGroup, Person, Pupil, School, User
from xuezheng.snapshots import Snapshot, freeze

VERDICT = "/balance/verdict/"
PERIOD = Period.parse("2019")


def enter(order, kind, pupils, **changes):
    """Enter the forms of a school that reaches every standard, but for what is changed."""
    school = School.objects.create(
        code=f"213499{order:04}", name=f"第{'一二三四五'[order - 1]}学校", kind=kind, urban_rural="121", runner="831"
    )  # fmt: skip
    total = sum(pupils.values())
    has = {
        "teaching_area": 6 * total, "indoor_sports_area": 0, "sports_area": 11 * total, "equipment": 2600_00 * total,
        "media_rooms": total // 40 + 1, "music_rooms": 3, "art_rooms": 3,
    }  # fmt: skip
    shared = {name: changes.pop(name, value) for name, value in has.items()}
    Facilities.objects.create(school=school, year=2019, **shared)
    for stage, number in pupils.items():
        form = {
            "pupils": number, "grades": 6, "classes": number // 40 + 1, "largest_class": 42, "teachers": number,
            "associate": 0, "bachelor": number // 15, "master": 0, "backbone": number // 60,
            "pe_teachers": number // 90, "music_teachers": 1, "art_teachers": 1,
        }  # fmt: skip
        StageCondition.objects.create(school=school, year=2019, stage=stage, **{**form, **changes})
    return school


@pytest.fixture
def county(lone_district):
    """Three schools: one lacks backbone teachers, one media rooms, and all items are registered."""
    enter(1, "211", {"primary": 400})
    enter(2, "211", {"primary": 300}, backbone=0)
    enter(3, "312", {"primary": 200, "junior": 200}, media_rooms=4)
    for code in code_list("balance.item").codes.values():
        version = code.on(date(2019, 12, 31))
        if version and code.code not in ("g03", "g04", "g05"):
            part, compare = version.properties["part"], version.properties.get("compare")
            EvaluationItem.objects.create(
                year=2019, item=code.code, result="nothing" if part == "veto" else "met", document="佐证",
                value=Decimal("0.1") if compare == "below" else Decimal(9000) if compare else None,
            )  # fmt: skip
    Questionnaire.objects.create(
        year=2019,
        respondents="parents",
        issued=100,
        valid=100,
        satisfied=85,
        visited=20,
        visited_satisfied=17,
    )


@pytest.fixture
def seat(county):
    """Freeze, and log a user of a role in."""
    freeze(date(2019, 12, 20))

    def log_in(role, **kind):
        user = User.objects.create(
            username=f"{role}{kind.get('section', '')}", role=role, toured_at=timezone.now(), **kind
        )
        client = Client()
        client.force_login(user)
        client.user = user
        return client

    return log_in


def verdict_now(day=date(2019, 12, 21)):
    freeze(day)
    return county_verdict(Snapshot.latest(), 2019)


def text_of(answer):
    return re.sub(r"<[^>]+>|\s", "", answer.content.decode())


def test_the_frozen_columns_and_figures_say_what_the_verdict_says(county):
    verdict, snapshot = verdict_now(), Snapshot.latest()
    rows = snapshot.fetch(snapshot.table("balance_stagecondition"))
    passing = {(row["school"], row["stage"]): row["passes"] for row in rows if row["judged"]}
    assert {each.row.place: each.status is Status.MET for each in verdict.judged.schools} == passing
    levels = {"reached": "达标", "near": "达到85%", "below": "低于85%"}
    for each in verdict.judged.schools:
        row = next(row for row in rows if (row["school"], row["stage"]) == each.row.place)
        for cell in each.cells:
            assert float(cell.value) == pytest.approx(row[cell.indicator.column])
            assert cell.level.value == levels[row[cell.indicator.level]]
    for each in verdict.judged.variations:
        answer = figure(each.indicator.variation).at(snapshot, PERIOD, stage=each.stage)
        assert float(answer.value) == pytest.approx(each.value, abs=1e-7)


def test_what_fails_is_named_with_school_indicator_and_amount(county):
    verdict = verdict_now()
    assert verdict.conclusion is Conclusion.FAILS
    assert any(
        text.startswith("第二学校（小学）达标6项（须6项），没有达标的：每百名学生拥有县级以上骨干教师数0人")
        for text in verdict.failures
    )
    assert verdict.missing == []


def test_a_county_where_all_is_known_and_met_passes_and_not_before(county):
    StageCondition.objects.filter(backbone=0).update(backbone=5)
    Facilities.objects.filter(media_rooms=4).update(media_rooms=12)
    assert verdict_now().conclusion is Conclusion.PASSES
    for change in (
        lambda: EvaluationItem.objects.filter(item="g09").delete(),
        lambda: Questionnaire.objects.all().delete(),
        lambda: EvaluationItem.objects.filter(item="v_fraud").delete(),
        lambda: Facilities.objects.filter(school__kind="211").first().delete(),
    ):
        change()
        verdict = verdict_now()
        assert verdict.conclusion is Conclusion.UNDECIDED
        assert verdict.missing
    # Of rooms, sizes and classes nothing is concluded as long as a school has not sent its form.
    states = {each.code: each.status for each in verdict.items}
    assert [states[code] for code in ("g03", "g04", "g05")] == [Status.UNREPORTED] * 3


@pytest.mark.parametrize(
    ("item", "value", "met"),
    [
        ("g14", "50", True), ("g14", "49.999", False), ("q01", "95", True), ("q01", "94.999", False),
        ("g07", "8000", True), ("g07", "7999.999", False), ("q09_spread", "0.149", True), ("q09_spread", "0.15", False),
        ("q04_final", "5", True), ("q04_final", "4.999", False), ("g13_junior", "95", True), ("g13_junior", "94.9", False),
    ],
)  # fmt: skip
def test_an_item_at_just_above_and_just_below_its_limit(county, item, value, met):
    EvaluationItem.objects.filter(item=item).update(value=Decimal(value))
    freeze(date(2019, 12, 20))
    (verdict,) = [each for each in item_verdicts(Snapshot.latest(), 2019) if each.code == item]
    assert verdict.status is (Status.MET if met else Status.NOT_MET)
    assert ("与数值不符" in verdict.reason) is not met


@pytest.mark.parametrize(
    ("result", "value", "status"),
    [
        ("met", None, Status.UNREPORTED),
        ("not_met", None, Status.NOT_MET),
        ("not_met", "99", Status.NOT_MET),
    ],
)
def test_a_result_without_its_number_is_no_report(county, result, value, status):
    EvaluationItem.objects.filter(item="g14").update(result=result, value=value and Decimal(value))
    freeze(date(2019, 12, 20))
    (verdict,) = [each for each in item_verdicts(Snapshot.latest(), 2019) if each.code == "g14"]
    assert verdict.status is status


def test_a_relaxed_condition_is_met_as_such(county):
    Facilities.objects.filter(school__name="第一学校").update(music_rooms=0)
    EvaluationItem.objects.create(
        year=2019,
        item="g03",
        result="relaxed",
        condition="第一学校教室面积按规划年份放宽",
        document="规划许可",
    )
    freeze(date(2019, 12, 20))
    verdicts = {each.code: each for each in item_verdicts(Snapshot.latest(), 2019)}
    assert verdicts["g03"].status is Status.MET
    assert verdicts["g03"].is_relaxed
    assert verdicts["g03"].value == 1
    assert not verdicts["g04"].is_relaxed


def test_what_evaluation_records_refuse():
    def contradictions(model, **fields):
        return dict(model(year=2019, **fields).faults())

    item = {"document": "佐证"}
    assert contradictions(EvaluationItem, item="g01", result="met", **item) == {}
    assert "没有发生" in contradictions(EvaluationItem, item="v_exam", result="met", **item)["result"]
    assert "达到" in contradictions(EvaluationItem, item="g01", result="nothing", **item)["result"]
    assert (
        "没有放宽条件"
        in contradictions(EvaluationItem, item="g01", result="relaxed", condition="某条", **item)["result"]
    )
    assert "哪些学校" in contradictions(EvaluationItem, item="g03", result="relaxed", **item)["condition"]
    assert (
        "应留空"
        in contradictions(EvaluationItem, item="g03", result="met", condition="某条", **item)["condition"]
    )
    survey = {
        "respondents": "parents",
        "issued": 9,
        "valid": 8,
        "satisfied": 7,
        "visited": 3,
        "visited_satisfied": 3,
    }
    assert contradictions(Questionnaire, **survey) == {}
    for field, more in (("valid", 10), ("satisfied", 9), ("visited_satisfied", 4)):
        assert "多于" in contradictions(Questionnaire, **{**survey, field: more})[field]


def test_the_bureau_sees_the_verdict_and_others_do_not(seat):
    for role, kind, status in (
        ("office", {}, 200), ("leader", {}, 200), ("auditor", {}, 200), ("section", {"section": "balance"}, 200),
        ("section", {"section": "inspection"}, 200),
        ("section", {"section": "aid"}, 403), ("clerk", {"school": School.objects.first()}, 403), ("administrator", {}, 403),
    ):  # fmt: skip
        client = seat(role, **kind)
        pages = (VERDICT, "/balance/what-if/", "/balance/outlook/", "/balance/plans/", f"{VERDICT}2019/xlsx/")
        assert [client.get(page).status_code for page in pages] == [status] * 5, (role, kind)
        may_make = status == 200 and role in ("office", "section")
        assert client.get("/balance/plans/new/").status_code == (200 if may_make else 403)


def test_the_page_says_what_fails_and_opens_to_rows_and_standards(seat):
    page = seat("leader").get(VERDICT)
    text = text_of(page)
    assert "结论：不通过" in text
    assert "第二学校（小学）达标6项" in text
    assert "教学及辅助用房" in text
    content = page.content.decode()
    assert "/figures/balance.backbone_per_100/?period=2019&amp;school=" in content
    assert "/policy/balance.backbone_per_100/" in content
    assert "/registers/balance_evaluationitem/?year=2019&amp;item=g01" in content


def test_a_year_without_forms_is_refused_with_the_remedy(seat):
    client = seat("leader")
    assert "2018年还没有学校填报" in text_of(client.get(f"{VERDICT}?year=2018"))
    assert "没有2015-09-01施行的标准" in text_of(client.get(f"{VERDICT}?year=2015"))
    assert client.get(f"{VERDICT}2018/xlsx/").status_code == 404
    assert client.get(f"{VERDICT}2019/pdf/").status_code == 404
    assert client.get(f"{VERDICT}?year=x'%22").status_code == 200


def test_what_is_tried_by_hand_changes_the_verdict_and_writes_nothing(seat):
    client = seat("leader")
    school = School.objects.get(name="第二学校")
    before = StageCondition.objects.get(school=school).backbone
    form = {"year": 2019, "school": school.pk, "primary-degree_per_100": 20, "primary-backbone_per_100": 3, "primary-arts_per_100": 5,
            "all-rooms_per_pupil": 1800, "all-sports_per_pupil": 3300, "all-equipment_per_pupil": 780000, "all-media_per_100": 8}  # fmt: skip
    text = text_of(client.get("/balance/what-if/", form))
    assert "改动以后" in text
    assert "综合达标学校2所（共4所，改动以前1所）" in text
    assert StageCondition.objects.get(school=school).backbone == before
    wrong = text_of(client.get("/balance/what-if/", {**form, "all-media_per_100": "-1"}))
    assert "现在：" in wrong


def test_the_form_has_every_table_and_leaves_unreported_cells_empty(seat):
    client = seat("office")
    book = load_workbook(BytesIO(b"".join(client.get(f"{VERDICT}2019/xlsx/").streaming_content)))
    assert [name.split()[0] for name in book.sheetnames] == [
        "表Ⅰ",
        "表Ⅱ-1",
        "表Ⅱ-2",
        "表Ⅱ-2",
        "表Ⅲ",
        "表Ⅳ",
        "表Ⅴ",
        "表Ⅵ",
    ]
    first = book.worksheets[0]
    headings = [cell.value for cell in first[3]]
    assert len(headings) == 24
    assert headings[0] == "人口总数（万人）"
    assert first["A4"].value is None
    assert "系统里没有这些台账" in first["A6"].value
    schools = book.worksheets[2]
    assert [cell.value for cell in schools[3]][:6] == [
        "序号",
        "学校名称",
        "举办者类型",
        "在校生数",
        "年级数",
        "班级数",
    ]
    assert schools["B5"].value == "第二学校"
    assert (schools["H5"].value, schools["H5"].number_format) == (0, "0.00")
    assert schools["N5"].value == "否"
    assert "低于85%" in schools["O5"].value
    variations = book.worksheets[4]
    assert variations["B5"].number_format == "0.000"
    assert (
        len(
            [
                row
                for row in book.worksheets[5].iter_rows(min_row=4)
                if row[0].value in map(float, range(1, 16))
            ]
        )
        == 18
    )
    assert [cell.value for cell in book.worksheets[7][4]] == ["家长", 100, 100, 85, 85, 20, 17, 85]
    document = Document(BytesIO(b"".join(client.get(f"{VERDICT}2019/docx/").streaming_content)))
    assert len(document.tables) == 8
    assert [row.cells[0].text for row in document.tables[2].rows][:3] == ["序号", "1", "2"]


def test_a_plan_is_kept_with_its_inputs_passes_and_becomes_items_with_targets(seat):
    client = seat("office")
    answer = client.post(
        "/balance/plans/new/", {"year": 2019, "transfers": "on", "teachers": "on", "years_of_plan": 1}
    )
    assert answer.status_code == 302
    gap_plan.at_once(client.user, year=2019, transfers=True, teachers=True, money="", new_teachers=None)
    row = GapPlan.objects.get()
    page = client.get(f"/balance/plans/{row.pk}/")
    text = text_of(page)
    assert "已证明最优" in text
    assert "每项都补到标准" in text
    assert check_plan.at_once(client.user, plan=row.pk)["level"] == "success"
    form = {"step": "adopt", "planned_for": "2020H1", "due_on": "2020-06-30"}
    answer = client.post(f"/balance/plans/{row.pk}/", form)
    assert answer.status_code == 302, text_of(answer)
    assert Batch.objects.count() == 1
    assert PlanItem.objects.filter(section="balance", planned_for="2020H1").count() >= 2
    target = Target.objects.get(figure="balance.passing_rate", slice="stage=primary")
    assert (target.operator, target.value) == ("at_least", 100)
    assert Target.objects.filter(figure="balance.backbone_per_100", school__name="第二学校").exists()
    again = client.post(f"/balance/plans/{row.pk}/", form)
    assert "计划里已有任务" in text_of(again)
    for kind in ("xlsx", "docx"):
        assert client.get(f"/balance/plans/{row.pk}/{kind}/").status_code == 200
    # What was changed afterwards is found out.
    GapPlan.objects.update(result_hash="0" * 64)
    assert check_plan.at_once(client.user, plan=row.pk)["level"] == "warning"


def test_a_leader_may_see_a_plan_and_not_make_or_adopt_it(seat):
    office = seat("office")
    gap_plan.at_once(office.user, year=2019, transfers=True, teachers=True, money="", new_teachers=None)
    row = GapPlan.objects.get()
    leader, section = seat("leader"), seat("section", section="balance")
    assert "登记任务和目标" not in text_of(section.get(f"/balance/plans/{row.pk}/"))
    assert leader.get(f"/balance/plans/{row.pk}/").status_code == 200
    form = {"step": "adopt", "planned_for": "2020H1", "due_on": "2020-06-30"}
    assert leader.post(f"/balance/plans/{row.pk}/", form).status_code == 403
    assert leader.post("/balance/plans/new/", {"year": 2019}).status_code == 403
    assert not PlanItem.objects.exists()
    bad = office.post(f"/balance/plans/{row.pk}/", {**form, "planned_for": "明年"})
    assert "无法识别时期" in text_of(bad)


def test_a_plan_that_cannot_be_had_is_refused_and_not_kept(seat):
    office = seat("office")
    with pytest.raises(NoPlan, match="在限额以内没有"):
        gap_plan.at_once(office.user, year=2019, transfers=False, teachers=True, money="1", new_teachers=None)
    assert not GapPlan.objects.exists()


def test_a_changed_row_changes_verdict_and_gap(county):
    before = verdict_now()
    StageCondition.objects.filter(school__name="第二学校").update(backbone=3)
    after = verdict_now()
    assert len(before.failures) == len(after.failures) + 2  # the school, and the difference that it made
    assert "第二学校（小学）" not in "".join(after.failures)


def test_years_to_come_without_a_forecast_are_said_to_be_unknown(seat):
    assert "没有2019年以后的学生预测" in text_of(seat("leader").get("/balance/outlook/"))


def test_a_changed_standard_changes_the_verdict_of_the_same_snapshot(county):
    assert verdict_now().surveys[0].status is Status.MET
    with overridden({"balance.satisfaction": {date(2017, 5, 23): 86}}):
        verdict = county_verdict(Snapshot.latest(), 2019)
    assert verdict.surveys[0].status is Status.NOT_MET
    assert "85%，低于标准86%，相差1个百分点" in verdict.surveys[0].reason


def test_pupils_in_the_registers_without_a_form_make_the_school_silent(county):
    school = School.objects.create(
        code="2134990009", name="没有填的学校", kind="211", urban_rural="121", runner="831"
    )
    group = ClassGroup.objects.create(school=school, name="一年级1班", stage="primary", grade=1)
    person = Person.objects.create(
        name="某生", id_number=citizen_id(1, "2012-05-12", "男"), sex="male", birth_date=date(2012, 5, 12), household_division="349900"
    )  # fmt: skip
    Pupil.objects.create(
        person=person, student_number="G1", class_group=group, boarding=Pupil.Boarding.DAY, entered_on=date(2018, 9, 1)
    )  # fmt: skip
    verdict = verdict_now()
    assert verdict.silent == ("没有填的学校（小学）",)
    assert "没有填的学校（小学）没有填报“分学段办学条件表”" in verdict.missing
    user = User.objects.create(username="office", role="office")
    with pytest.raises(NoPlan, match="没有填的学校"):
        gap_plan.at_once(user, year=2019, transfers=True, teachers=True, money="", new_teachers=None)


def test_numbers_that_differ_from_the_registers_are_shown_by_school(county):
    school = School.objects.get(name="第一学校")
    for number in (1, 2):
        ClassGroup.objects.create(school=school, name=f"一年级{number}班", stage="primary", grade=1)
    shown = {
        (each.school, each.title): (each.reported, each.registered) for each in verdict_now().differences
    }
    assert shown == {("第一学校", "小学班级数"): (11, 2)}
