"""Plans of zones from the registers to the zones of the year: what is missing, the steps and who may take them, the pages and papers."""

import hashlib
import json
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from tests.at_once import at_once, told_apart
from tests.web.conftest import do_jobs

from xuezheng.areas.enrolment.chained import zone_steps
from xuezheng.areas.enrolment.doctor import zone_plans as doctor_check
from xuezheng.areas.enrolment.models import (
    AdmissionPlan,
    Applicant,
    Births,
    Community,
    CommunityChildren,
    Places,
    SchoolZone,
    SiblingCount,
    WalkingDistance,
    ZonePlan,
    ZoneStep,
)
from xuezheng.areas.enrolment.procedures.season import Season, doubts
from xuezheng.areas.enrolment.procedures.zoning import steps
from xuezheng.areas.enrolment.procedures.zoning.document import write_hearing_paper, write_tables
from xuezheng.areas.enrolment.procedures.zoning.frozen import read_problem
from xuezheng.areas.enrolment.procedures.zoning.inputs import read_inputs
from xuezheng.intake import import_workbook
from xuezheng.intake.undo import UndoRefused, undo
from xuezheng.records.models import Batch, Person, School, SchoolSite, User
from xuezheng.workbooks import sheet_catalogue, write_workbook

# Five communities on a street of 400 metres between each, schools at its ends; last year the east school had the first four.
EAST, WEST = "2134990001", "2134990002"
NAMES = ("东溪社区", "西山社区", "丰乐社区", "凤凰社区", "水阳社区")
STEP = 0.004113  # degrees of longitude, 400 metres at this latitude
CHILDREN = (30, 30, 30, 30, 20)


@pytest.fixture
def street(people):
    """The communities with children, schools with places and sites, and last year's zones."""
    schools = [School.objects.get(code=code) for code in (EAST, WEST)]
    for school, place, classes in zip(schools, (0, 4), (2, 2), strict=True):
        SchoolSite.objects.create(school=school, longitude=f"{118 + STEP * place:.6f}", latitude="29.000000")
        AdmissionPlan.objects.create(
            school=school, stage="primary", year=2026, classes=classes, class_size=45
        )
    for place, (name, children) in enumerate(zip(NAMES, CHILDREN, strict=True)):
        community = Community.objects.create(
            name=name, longitude=f"{118 + STEP * place:.6f}", latitude="29.000000"
        )
        CommunityChildren.objects.create(community=community, stage="primary", year=2026, children=children)
        SchoolZone.objects.create(
            school=schools[place == 4], stage="primary", year=2025, community=name, children=children
        )
    return schools


def zones(year=2026):
    return dict(SchoolZone.objects.filter(year=year).values_list("community", "school__code"))


def planned(people):
    plan = steps.create("primary", 2026, people["甲"])
    return steps.compute(plan.pk, people["甲"])


def place_of(plan, name):
    names = [about.name for about in read_problem(plan.inputs).communities]
    return names.index(name)


def decide(plan, user):
    return steps.decide(plan.pk, plan.version, "局务会纪要第3号", user)


def seat(user):
    client = Client()
    client.force_login(user)
    return client


def test_the_full_school_gives_the_community_nearest_to_the_border(street, people):
    plan = planned(people)
    problem = read_problem(plan.inputs)
    schools = [problem.schools[school].name for school in plan.assignment]
    assert dict(zip([about.name for about in problem.communities], schools, strict=True)) == {
        "东溪社区": "岩寺小学", "西山社区": "岩寺小学", "丰乐社区": "岩寺小学", "凤凰社区": "下街小学", "水阳社区": "下街小学",
    }  # fmt: skip
    assert [level[1:] for level in plan.levels[:2]] == [[0, 0], [0, 0]]
    assert plan.levels[2][1] == plan.levels[2][2]
    assert plan.inputs_hash == hashlib.sha256(plan.inputs.encode()).hexdigest()


def test_a_distance_of_the_table_goes_before_the_computed_one(street, people):
    problem = read_inputs("primary", 2026).problem
    place = [about.name for about in problem.communities].index("凤凰社区")
    assert problem.metres[place] == (round(1200 * 1.3), round(400 * 1.3))
    phoenix = Community.objects.get(name="凤凰社区")
    WalkingDistance.objects.create(community=phoenix, school=street[1], metres=2900)
    problem = read_inputs("primary", 2026).problem
    assert problem.metres[place] == (1560, 2900)
    assert problem.measured == {(place, 1)}
    plan = planned(people)
    assert plan.assignment[place] == 0  # the bridge is far: the one before it goes
    assert plan.assignment[place_of(plan, "丰乐社区")] == 1
    assert plan.levels[0][1] == 0


def test_children_come_from_births_where_they_were_not_counted(street, people):
    CommunityChildren.objects.get(community__name="东溪社区").delete()
    for name, first, last, births in (
        ("东溪社区", "2019-09-01", "2020-08-31", 33),
        ("西山社区", "2019-09-01", "2020-08-31", 99),
    ):
        Births.objects.create(
            community=name, starts_on=date.fromisoformat(first), ends_on=date.fromisoformat(last), births=births, source="register",
        )  # fmt: skip
    lines = {line.name: line for line in read_inputs("primary", 2026).communities}
    assert lines["东溪社区"].number == 33
    assert lines["东溪社区"].basis.startswith("出生人口")
    assert (lines["西山社区"].number, lines["西山社区"].basis) == (30, "适龄儿童摸底表")


def test_places_come_from_all_places_of_a_school_without_a_plan_and_zero_is_zero(street, people):
    AdmissionPlan.objects.get(school=street[1]).delete()
    Places.objects.create(school=street[1], stage="primary", year=2025, classes=13, class_size=45)
    line = read_inputs("primary", 2026).schools[1]
    assert (line.number, line.basis) == (97, "学位表2025年585个，按6个年级平均")
    Places.objects.create(school=street[1], stage="primary", year=2026, classes=0, class_size=45)
    assert read_inputs("primary", 2026).schools[1].number == 0
    plan = planned(people)
    assert set(plan.assignment) == {0}
    assert plan.levels[0][1] == 50  # 140 children, 90 places


def test_what_is_missing_is_listed_and_nothing_is_planned(street, people):
    Community.objects.filter(name="东溪社区").update(longitude=None, latitude=None)
    CommunityChildren.objects.get(community__name="西山社区").delete()
    SchoolSite.objects.get(school=street[0]).delete()
    AdmissionPlan.objects.get(school=street[1]).delete()
    SchoolZone.objects.create(school=street[0], stage="primary", year=2025, community="梅川村")
    inputs = read_inputs("primary", 2026)
    assert inputs.problem is None
    assert set(inputs.gaps) == {
        "东溪社区没有经度、纬度。请在“社区表”中补填。",
        "西山社区：没有登记2026年的适龄儿童数，2019年9月的出生人口没有登记。请导入“适龄儿童摸底表”，没有适龄儿童的填0。",
        "岩寺小学没有位置。请导入“学校位置”。",
        "下街小学：没有招生计划，也没有学位。请导入“招生计划表”，不招生的在“学位表”中填0班。",
        "2025年划片的梅川村没有登记。请在“社区表”中登记，或把两处的写法改成一致。",
    }
    with pytest.raises(steps.ZoningRefused, match="还不能排"):
        steps.create("primary", 2026, people["甲"])
    html = seat(people["甲"]).get("/enrolment/zones/2026/primary/").content.decode()
    assert "还缺 5 项" in html
    assert "固定数据，排方案" not in html
    assert not ZonePlan.objects.exists()


def test_nothing_registered_says_what_to_import(people):
    gaps = read_inputs("junior", 2026).gaps
    assert "没有登记社区（村）。请导入“社区表”。" in gaps
    assert any("没有要划片的学校" in gap for gap in gaps)


def test_too_few_places_are_said_before_and_counted_after(street, people):
    AdmissionPlan.objects.update(classes=1)
    assert "适龄儿童140人，各校学位合计90个，怎样划都至少超出50人。" in read_inputs("primary", 2026).notices
    assert planned(people).levels[0][1:] == [50, 50]


def test_a_private_school_has_no_zone(street, people):
    private = School.objects.create(
        code="2134990003", name="育才小学", kind="211", urban_rural="121", runner="999"
    )
    AdmissionPlan.objects.create(school=private, stage="primary", year=2026, classes=1, class_size=45)
    assert [line.name for line in read_inputs("primary", 2026).schools] == ["岩寺小学", "下街小学"]


def test_a_decision_writes_the_zones_and_its_batch_can_be_undone(street, people):
    stays = SchoolZone.objects.create(school=street[0], stage="primary", year=2026, community="凤凰社区")
    junior = SchoolZone.objects.create(school=street[0], stage="junior", year=2026, community="东溪社区")
    before = zones()
    plan = decide(planned(people), people["乙"])
    assert zones() == before | dict(zip(NAMES, [EAST, EAST, EAST, WEST, WEST], strict=True))
    stays.refresh_from_db()
    assert (stays.school.code, stays.children) == (WEST, 30)
    assert (plan.state, plan.decided_by, plan.decision) == ("decided", people["乙"], "局务会纪要第3号")
    [counts] = plan.batch.sheets
    assert (counts["submitted"], counts["added"], counts["changed"], counts["unchanged"]) == (5, 4, 1, 0)
    with pytest.raises(steps.ZoningRefused, match="请先撤销批次"):
        steps.revoke(plan.pk, "改用新的数据", people["甲"])
    undo(plan.batch_id, people["乙"])
    assert zones() == before
    stays.refresh_from_db()
    assert (stays.school.code, stays.children) == (EAST, None)
    assert SchoolZone.objects.filter(pk=junior.pk).exists()
    assert steps.revoke(plan.pk, "改用新的数据", people["甲"]).state == "revoked"
    with pytest.raises(UndoRefused):
        undo(plan.batch_id, people["乙"])


def test_the_seasons_own_check_uses_the_decided_zones(street, people):
    person = Person.objects.create(
        name="学生一", id_number="349900202003010018", sex="male", birth_date=date(2020, 3, 1)
    )
    Applicant.objects.create(
        person=person, school=street[0], stage="primary", year=2026, number="B001", registered_on=date(2026, 6, 15),
        tier="house_and_household", community="凤凰社区",
    )  # fmt: skip
    season = Season("primary", 2026)
    assert not [reason for _, reason in doubts(season, list(season.applicants())) if "学区" in reason]
    decide(planned(people), people["乙"])
    reasons = [reason for _, reason in doubts(season, list(season.applicants()))]
    assert "“凤凰社区”不在岩寺小学2026年的学区内。" in reasons


def test_a_community_with_several_zones_of_the_year_is_settled_by_a_person(street, people):
    for school in street:
        SchoolZone.objects.create(school=school, stage="primary", year=2026, community="东溪社区")
    plan = planned(people)
    with pytest.raises(steps.ZoningRefused, match="东溪社区在2026年已划给2所学校"):
        decide(plan, people["乙"])
    plan.refresh_from_db()
    assert plan.state == "draft"
    assert not Batch.objects.exists()


def test_who_drafted_or_moved_does_not_decide(street, people):
    plan = planned(people)
    for name in ("甲", "丙"):
        with pytest.raises(steps.ZoningRefused, match="须由编制和改动方案以外的人"):
            decide(plan, people[name])
    moved = steps.save_moves(plan.pk, plan.version, {0: 1}, [], people["乙"])
    for name in ("甲", "乙"):
        with pytest.raises(steps.ZoningRefused, match="须由编制和改动方案以外的人"):
            decide(moved, people[name])
    third = User.objects.create(username="丁", role=User.Role.OFFICE)
    assert decide(moved, third).state == "decided"
    assert SchoolZone.objects.filter(year=2026).count() == 5
    with pytest.raises(steps.ZoningRefused, match="已决定"):
        steps.save_moves(plan.pk, ZonePlan.objects.get().version, {0: 0}, [], people["甲"])
    with pytest.raises(steps.ZoningRefused, match="不能再排"):
        steps.compute(plan.pk, people["甲"])


def test_a_locked_community_keeps_its_school_when_the_rest_is_planned_again(street, people):
    plan = planned(people)
    phoenix, water = place_of(plan, "凤凰社区"), place_of(plan, "水阳社区")
    plan = steps.save_moves(plan.pk, plan.version, {phoenix: 0}, [phoenix], people["甲"])
    plan = steps.compute(plan.pk, people["甲"])
    assert plan.assignment[phoenix] == 0
    assert plan.assignment[water] == 1
    assert plan.computed_locked == [phoenix]
    assert plan.assignment[place_of(plan, "丰乐社区")] == 1  # another one makes room
    assert plan.levels[0][1] == 0


def test_a_step_on_an_old_version_is_refused(street, people):
    plan = planned(people)
    steps.save_moves(plan.pk, plan.version, {0: 1}, [], people["甲"])
    with pytest.raises(steps.ZoningRefused, match="刚被别人改过"):
        steps.save_moves(plan.pk, plan.version, {0: 0}, [], people["甲"])
    with pytest.raises(steps.ZoningRefused, match="刚被改过"):
        decide(plan, people["乙"])
    plan.refresh_from_db()
    with pytest.raises(steps.ZoningRefused, match="至少5个字"):
        steps.decide(plan.pk, plan.version, "同意", people["乙"])
    assert not SchoolZone.objects.filter(year=2026).exists()


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_write_the_zones_once(street, people):
    plan = planned(people)
    third = User.objects.create(username="丁", role=User.Role.OFFICE)
    done, raised = at_once(lambda: decide(plan, people["乙"]), lambda: decide(plan, third))
    refused, further = told_apart(raised, steps.ZoningRefused)
    assert (len(done), len(refused), further) == (1, 1, [])
    assert Batch.objects.count() == 1
    assert SchoolZone.objects.filter(year=2026).count() == 5


def test_the_steps_are_chained_and_the_doctor_finds_changes(street, people):
    plan = decide(planned(people), people["乙"])
    assert [step.note[:4] for step in ZoneStep.objects.all()] == ["固定数据", "排出方案", "决定：局"]
    assert plan.result_hash in ZoneStep.objects.last().note
    keys = list(ZoneStep.objects.values_list("pk", flat=True))
    digests = zone_steps.digests(keys)
    assert doctor_check.run().findings == ()
    ZonePlan.objects.update(assignment=[1, 1, 1, 1, 1])
    assert ["划分与决定时" in finding.message for finding in doctor_check.run().findings] == [True]
    ZonePlan.objects.update(inputs=plan.inputs.replace("凤凰社区", "凤山社区"))
    assert ["数据与固定时" in finding.message for finding in doctor_check.run().findings] == [True]
    ZoneStep.objects.filter(pk=keys[0]).update(note="改过")
    assert zone_steps.digests(keys)[keys[0]] != digests[keys[0]]


def test_the_hearing_paper_has_the_principle_the_changes_and_the_hash(street, people, tmp_path):
    SiblingCount.objects.create(community=Community.objects.get(name="凤凰社区"), school=street[0], stage="primary", year=2026, children=4)  # fmt: skip
    plan = planned(people)
    write_hearing_paper(plan, "明山区教育局", date(2026, 4, 20), tmp_path / "稿.docx")
    document = Document(tmp_path / "稿.docx")
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert document.paragraphs[0].text == "2026年小学学区划分方案（征求意见稿）"
    assert "每个社区（村）整体划给一所学校" in text
    assert "凤凰社区（30人）划入下街小学：离下街小学520米，是最近的学校" in text
    assert "4名儿童与哥哥姐姐不同校" in text
    assert plan.inputs_hash in text
    schools, communities = document.tables
    assert [cell.text for cell in schools.rows[1].cells][:4] == ["岩寺小学", "90", "120", "90"]
    assert len(communities.rows) == 6
    write_tables(plan, tmp_path / "表.xlsx")
    book = load_workbook(tmp_path / "表.xlsx")
    assert [cell.value for cell in book["各校"][2]][:4] == ["岩寺小学", 90, 120, 90]
    assert "适龄儿童摸底表" in [cell.value for cell in book["各社区"][2]]
    decided = decide(plan, people["乙"])
    write_hearing_paper(decided, "明山区教育局", date(2026, 4, 30), tmp_path / "公示.docx")
    text = "\n".join(paragraph.text for paragraph in Document(tmp_path / "公示.docx").paragraphs)
    assert "征求意见稿" not in text
    assert decided.result_hash in text


def test_from_the_inputs_to_the_decision_on_the_pages(street, people):
    first, second = seat(people["甲"]), seat(people["乙"])
    assert (
        first.get("/enrolment/zones/?year=2026&stage=primary")["Location"] == "/enrolment/zones/2026/primary/"
    )
    assert "数据齐了" in first.get("/enrolment/zones/2026/primary/").content.decode()
    assert first.post("/enrolment/zones/2026/primary/")["Location"].startswith("/jobs/")
    plan = ZonePlan.objects.get()
    page = f"/enrolment/zones/plans/{plan.pk}/"
    assert "方案还没有排出" in first.get(page).content.decode()
    do_jobs()
    html = first.get(page).content.decode()
    assert "已证明最优" in html
    assert "改换" in html
    assert html.count('class="xz-zone-map"') >= 2
    plan.refresh_from_db()
    phoenix = place_of(plan, "凤凰社区")
    tried = {"step": "try", "version": plan.version, f"school{phoenix}": 0}
    html = first.post(page, tried).content.decode()
    assert "这是试看，没有保存。改划了凤凰社区。" in html
    assert "岩寺小学超出30人。" in html
    assert ZonePlan.objects.get().assignment == plan.assignment
    assert ZonePlan.objects.get().version == plan.version
    html = first.post(page, {**tried, "step": "save", f"lock{phoenix}": "on"}, follow=True).content.decode()
    assert "第3版" in html
    assert "1个社区（村）是人工改划的" in html
    assert first.post(page, {"step": "compute", "version": 3}, follow=True).status_code == 200
    do_jobs()
    plan.refresh_from_db()
    assert plan.assignment[phoenix] == 1  # the lock was not in the last form
    assert "登记决定" not in first.get(page).content.decode().replace("以外的人登记决定", "")
    html = second.post(page, {"step": "decide", "version": plan.version, "decision": "局务会纪要第3号"}, follow=True).content.decode()  # fmt: skip
    assert "已写入2026年学区划片" in html
    assert "保存改动" not in html
    for kind in ("paper", "tables", "data"):
        assert first.get(f"{page}{kind}/").status_code == 200
    data = b"".join(first.get(f"{page}data/").streaming_content)
    assert hashlib.sha256(data).hexdigest() == plan.inputs_hash
    assert json.loads(data)["year"] == 2026


def test_registers_changed_after_the_freeze_are_pointed_out(street, people):
    plan = planned(people)
    page = f"/enrolment/zones/plans/{plan.pk}/"
    client = seat(people["甲"])
    assert "固定数据以后" not in client.get(page).content.decode()
    CommunityChildren.objects.filter(community__name="东溪社区").update(children=31)
    assert "固定数据以后，台账或标准有改动" in client.get(page).content.decode()


def test_pages_of_nothing_and_forms_of_nobody(street, people):
    plan = planned(people)
    client = seat(people["甲"])
    page = f"/enrolment/zones/plans/{plan.pk}/"
    for address in (
        "/enrolment/zones/2026/senior/",
        "/enrolment/zones/1999/primary/",
        "/enrolment/zones/plans/99/",
        f"{page}else/",
    ):
        assert client.get(address).status_code == 404
    for wrong in (
        {"school0": "7"},
        {"school0": "-1"},
        {"school0": "甲"},
        {"step": "else"},
        {"school0": "9" * 400},
    ):
        assert client.post(page, {"step": "save", "version": plan.version, **wrong}).status_code == 404
    assert ZonePlan.objects.get().version == plan.version
    assert client.get("/enrolment/zones/?year=1&stage=x").status_code == 200


def test_who_may_see_and_do_what(street, people):
    plan = planned(people)
    page = f"/enrolment/zones/plans/{plan.pk}/"
    roles = {
        "office": User.Role.OFFICE, "leader": User.Role.LEADER, "auditor": User.Role.AUDITOR, "clerk": User.Role.CLERK,
        "administrator": User.Role.ADMINISTRATOR, "security": User.Role.SECURITY,
    }  # fmt: skip
    users = {
        name: User.objects.create(username=name, role=role, school=street[1] if name == "clerk" else None)
        for name, role in roles.items()
    }
    users |= {"aid": people["丙"], "section": people["乙"]}
    expected = {  # the list of zones, what a plan rests on, a plan, a file, a new plan, a move
        "office": (200, 200, 200, 200, 302, 302), "section": (200, 200, 200, 200, 302, 302),
        "leader": (200, 200, 200, 200, 403, 302), "auditor": (200, 200, 200, 200, 403, 302),
        "clerk": (200, 403, 403, 403, 403, 403), "administrator": (403,) * 6, "security": (403,) * 6, "aid": (403,) * 6,
    }  # fmt: skip
    for name, user in users.items():
        client = seat(user)
        answers = (
            client.get("/enrolment/zones/"),
            client.get("/enrolment/zones/2026/primary/"),
            client.get(page),
            client.get(f"{page}paper/"),
            client.post("/enrolment/zones/2026/primary/"),
            client.post(page, {"step": "save", "version": ZonePlan.objects.get(pk=plan.pk).version}),
        )
        assert tuple(answer.status_code for answer in answers) == expected[name], name
    assert {step.by.username for step in ZonePlan.objects.get(pk=plan.pk).steps.all()} == {
        "甲",
        "office",
        "乙",
    }
    html = seat(users["leader"]).get(page).content.decode()
    assert "保存改动" not in html
    assert "登记决定，写入" not in html


def test_a_clerk_sees_the_own_schools_zone_and_no_plan(street, people):
    planned(people)
    clerk = User.objects.create(username="clerk", role=User.Role.CLERK, school=street[1])
    html = seat(clerk).get("/enrolment/zones/").content.decode()
    assert "水阳社区（20人）" in html
    assert "东溪社区" not in html
    assert "划片方案" not in html


def test_the_year_after_the_latest_zones_is_proposed(street, people):
    client = seat(people["甲"])
    latest = SchoolZone.objects.order_by("-year").first().year
    html = client.get("/enrolment/zones/").content.decode()
    assert f'name="year" value="{latest + 1}"' in html
    SchoolZone.objects.all().delete()
    html = client.get("/enrolment/zones/").content.decode()
    assert f'name="year" value="{timezone.localdate().year}"' in html


@pytest.mark.parametrize(
    ("title", "row", "words"),
    [
        ("社区表", ["东溪社区", "", "29.000000", "118.000000"], "经度应在73至136之间"),
        ("社区表", ["东溪社区", "", "0", "0"], "经度应在73至136之间"),
        ("社区表", ["东溪社区", "", "118°20′", "29.0"], "经度"),
        ("社区表", ["东溪社区", "", "NaN", "29.0"], "经度"),
        ("社区表", ["东溪社区", "", "1e2", "29.0"], "经度"),
        ("社区表", ["东溪社区", "", "118.000000", ""], "经度、纬度只填了一个"),
        ("社区表", ["东溪社区", "34990", "118.000000", "29.000000"], "统计用区划代码是12位数字"),
        ("步行距离表", ["东溪社区", EAST, "300000"], "请核对是否以米为单位"),
        ("步行距离表", ["没有的社区", EAST, "300"], "没有的社区"),
        ("适龄儿童摸底表", ["东溪社区", "小学", "2026", "-3"], "适龄儿童数"),
        ("长幼随学登记表", ["东溪社区", EAST, "初中", "2026", "3"], "不办初中"),
    ],
)
def test_wrong_rows_are_refused_with_the_remedy(people, tmp_path, title, row, words):
    if title != "社区表":
        Community.objects.create(name="东溪社区")
    write_workbook(tmp_path / "表.xlsx", {sheet_catalogue.sheet(title): [row]})
    outcome = import_workbook(tmp_path / "表.xlsx", people["甲"])
    assert not outcome.saved
    assert any(words in str(problem) for problem in outcome.problems), [
        str(each) for each in outcome.problems
    ]


def test_the_sheets_fill_the_registers(people, tmp_path):
    write_workbook(
        tmp_path / "表.xlsx",
        {
            sheet_catalogue.sheet("社区表"): [["东溪社区", "990101001001", "118.336700", "29.828500"], ["西山村", "", "", ""]],
            sheet_catalogue.sheet("适龄儿童摸底表"): [["东溪社区", "小学", "2026", "31"], ["西山村", "小学", "2026", "0"]],
            sheet_catalogue.sheet("步行距离表"): [["东溪社区", EAST, "640"]],
            sheet_catalogue.sheet("长幼随学登记表"): [["东溪社区", EAST, "小学", "2026", "4"]],
        },
    )  # fmt: skip
    outcome = import_workbook(tmp_path / "表.xlsx", people["甲"])
    assert outcome.saved, [str(problem) for problem in outcome.problems]
    assert (Community.objects.count(), CommunityChildren.objects.get(community__name="西山村").children) == (
        2,
        0,
    )
    assert WalkingDistance.objects.get().metres == 640
    assert SiblingCount.objects.get().children == 4
