"""From the registers to the decision and back: the problem, the job, changes by hand, the frozen decision, what is written to the registers, who may do what."""

from datetime import date, timedelta
from io import BytesIO

import docx
import pytest
from django.test import Client

from xuezheng.areas.staffing.doctor import rotation_plans as doctor_check
from xuezheng.areas.staffing.jobs import check_plan, make_plan
from xuezheng.areas.staffing.models import Placement, Rotation, RotationPlan, RotationPost, TeachingSubject
from xuezheng.areas.staffing.pages import rotation_files
from xuezheng.areas.staffing.procedures import steps
from xuezheng.areas.staffing.procedures.due import list_due
from xuezheng.areas.staffing.procedures.inputs import build_problem, fields_of, gaps, notes_of, read_season
from xuezheng.areas.staffing.procedures.solver import PlanRefused
from xuezheng.intake.undo import undo
from xuezheng.records.models import Batch, SchoolSite, StaffMember

STARTS = date(2020, 9, 1)
LONG_AGO = "2010-09-01"


@pytest.fixture
def teachers(employ, wish, open_post):
    """Five teachers due at the first school and one at the second; two backbone teachers; three wish to move."""
    people = [employ(order, (1, "teacher", LONG_AGO), backbone=order in (4, 5)) for order in range(1, 6)]
    people.append(employ(6, (2, "teacher", LONG_AGO)))
    wish(people[0], 1, 2, 3)
    wish(people[1], 1, 2)
    wish(people[3], 1, 3)
    open_post(2, 1)
    open_post(3, 2)
    return people


@pytest.fixture
def plan(teachers, accounts):
    make_plan.at_once(accounts["staffing"], year=2020, title="方案一", shares={})
    return RotationPlan.objects.get()


def moves(plan):
    return {row.person.name: row.to_school.name for row in plan.placements.exclude(to_school=None)}


def checked():
    """What the doctor finds."""
    return [finding.message for finding in doctor_check.run().findings]


def test_the_problem_is_read_from_the_registers(teachers, rotating):
    SchoolSite.objects.create(school=rotating[1], longitude="118.0", latitude="29.8")
    SchoolSite.objects.create(school=rotating[2], longitude="118.0", latitude="29.9")
    season = read_season(2020)
    problem = build_problem(season)
    first = problem.by_person[teachers[0].pk]
    assert first.wishes == (rotating[2].pk, rotating[3].pk)
    assert (first.years, first.submitted, first.backbone) == (10, "2020-05-08", False)
    assert [problem.by_school[rotating[number].pk].rural for number in (1, 3)] == [False, True]
    assert (problem.by_school[rotating[1].pk].teachers, problem.by_school[rotating[1].pk].backbone) == (5, 2)
    assert problem.requirements.eligible == 6
    assert (problem.requirements.moved, problem.requirements.backbone) == (10, 20)
    # A tenth of a degree of latitude is 11.1 kilometres.
    assert problem.distance(rotating[1].pk, rotating[2].pk) == 111
    assert any("2所学校没有登记位置" in note for note in notes_of(problem, season))
    assert [(line.due, line.wishing, line.places) for line in fields_of(season)] == [(6, 3, 3)]


def test_what_is_missing_is_said(teachers, employ, wish, rotating, open_post):
    def sentences():
        return sorted((gap.about, gap.sentence) for gap in gaps(read_season(2020)))

    assert [about for about, _ in sentences()] == ["教师03", "教师05", "教师06"]
    without = employ(7, (4, "teacher", LONG_AGO), subject="")
    late = employ(8, (4, "teacher", "2019-09-01"))
    wish(without, 4, 2, pair="P1")
    wish(late, 4, 2)
    wish(employ(9, (4, "teacher", LONG_AGO), subject="music"), 4, 2)
    missing = dict(sentences())
    assert "没有登记任教学科，不能编排" in dict(sentences())["教师07"] or "须正好2人" in missing["教师07"]
    assert missing["教师08"] == "填了交流志愿，但不是应交流的教师，不参加编排。"
    assert missing["教师09"] == "志愿学校下街小学没有公布这一学段、学科的岗位，这一志愿不能满足。"


def test_nothing_can_be_planned_without_posts_or_teachers(employ, accounts):
    with pytest.raises(PlanRefused, match="任教学科表"):
        build_problem(read_season(2020))
    employ(1, (1, "teacher", LONG_AGO))
    with pytest.raises(PlanRefused, match="交流岗位表"):
        build_problem(read_season(2020))


def test_shares_can_be_raised_above_policy_and_not_lowered(teachers):
    season = read_season(2020)
    assert build_problem(season, {"moved": 50}).least_moved == 3
    with pytest.raises(PlanRefused, match="标准是10%"):
        build_problem(season, {"moved": 9})


def test_the_job_stores_a_draft_with_reasons_and_what_is_proven(plan, teachers):
    assert plan.state == "draft"
    assert moves(plan)["教师04"] == "坤沙小学"
    assert sorted(moves(plan).values()) == ["下街小学", "坤沙小学"]
    assert [stage["name"] for stage in plan.outcome["stages"]] == [
        "shortfall", "wishes", "distance", "losses", "service",
    ]  # fmt: skip
    assert all(stage["proven"] for stage in plan.outcome["stages"])
    assert [line["title"] for line in plan.outcome["comparison"]] == ["本方案", "先报先得", "成块互换"]
    assert plan.placements.count() == 6
    assert all(row.reason.endswith("。") for row in plan.placements.all())
    assert checked() == []
    # No name is part of what is frozen.
    assert "教师" not in str(plan.inputs)


def test_a_plan_comes_out_the_same_from_its_frozen_inputs(plan, accounts, teachers):
    # The registers have changed since: the plan has not.
    RotationPost.objects.all().delete()
    result = check_plan.at_once(accounts["leader"], plan=plan.pk)
    assert result["level"] == "success"
    RotationPlan.objects.update(result_hash="0" * 64)
    assert check_plan.at_once(accounts["leader"], plan=plan.pk)["level"] == "warning"


def test_a_placement_is_changed_for_a_reason_and_never_against_a_hard_rule(
    plan, rotating, accounts, teachers
):
    user = accounts["staffing"]
    row = plan.placements.get(person=teachers[4])
    with pytest.raises(PlanRefused, match="至少5个字"):
        steps.place(row.pk, rotating[3].pk, "支教", user)
    with pytest.raises(PlanRefused, match="南山小学没有这一学段、学科的岗位，安排了1人"):
        steps.place(row.pk, rotating[4].pk, "学校急需语文教师", user)
    leaving = plan.placements.exclude(to_school=None).first()
    missing = steps.place(leaving.pk, None, "本人需要照顾重病家属", user)
    leaving.refresh_from_db()
    assert leaving.to_school is None
    assert leaving.reason == "人工调整：本人需要照顾重病家属"
    assert leaving.computed_school is not None
    assert isinstance(missing, list)
    with pytest.raises(PlanRefused, match="没有改动"):
        steps.place(leaving.pk, None, "本人需要照顾重病家属", user)
    assert plan.steps.count() == 2
    assert checked() == []


def test_nobody_is_said_to_be_dispensable_while_a_share_is_missed(teachers, accounts):
    make_plan.at_once(accounts["staffing"], year=2020, title="多安排", shares={"moved": 100})
    row = Placement.objects.get(person=teachers[5])
    assert row.to_school is None or row.reason.startswith("没有填志愿，为达到")
    staying = Placement.objects.filter(to_school=None, unmet=[])
    assert staying
    assert all(row.reason.startswith("没有填志愿；各项要求没有都达到") for row in staying)


def test_a_share_that_a_change_misses_is_told_with_the_number(plan, accounts):
    sentences = []
    for row in plan.placements.exclude(to_school=None):
        sentences = steps.place(row.pk, None, "本人需要照顾重病家属", accounts["office"])
    assert sentences == ["交流人数应不少于符合条件6人的10%，即1人，现为0人，差1人。"]


def decided(plan, accounts, starts_on=STARTS):
    steps.decide(plan.pk, "2020年7月10日局长办公会", starts_on, accounts["staffing"])
    plan.refresh_from_db()
    return plan


def test_a_decided_plan_is_frozen(plan, accounts, teachers):
    for day in (None, date(2020, 8, 31), date(2021, 9, 1)):
        with pytest.raises(PlanRefused, match="到岗日期"):
            decided(plan, accounts, day)
    with pytest.raises(PlanRefused, match="定案依据"):
        steps.decide(plan.pk, " ", STARTS, accounts["staffing"])
    assert decided(plan, accounts).state == "decided"
    with pytest.raises(PlanRefused, match="已定案"):
        steps.place(plan.placements.first().pk, None, "改得太晚的一次调整", accounts["staffing"])
    with pytest.raises(PlanRefused, match="已定案"):
        decided(plan, accounts)
    make_plan.at_once(accounts["staffing"], year=2020, title="方案二", shares={})
    with pytest.raises(PlanRefused, match="已有定案的方案"):
        decided(RotationPlan.objects.get(title="方案二"), accounts)
    assert checked() == []
    Placement.objects.filter(plan=plan).update(to_school=None)
    assert ["定案以后的安排被改过" in sentence for sentence in checked()] == [True]


def test_inputs_that_were_tampered_with_are_not_decided(plan, accounts):
    plan.inputs["requirements"]["moved"] = 1
    plan.save(update_fields=["inputs"])
    with pytest.raises(PlanRefused, match="校验值不符"):
        decided(plan, accounts)
    assert ["编排依据与校验值不符" in sentence for sentence in checked()] == [True]


def test_the_posts_follow_from_the_decision_and_are_undone_with_it(plan, accounts, teachers, rotating):
    user = accounts["staffing"]
    with pytest.raises(PlanRefused, match="草案"):
        steps.register(plan.pk, STARTS, user)
    decided(plan, accounts)
    with pytest.raises(PlanRefused, match="到那一天"):
        steps.register(plan.pk, STARTS - timedelta(days=1), user)
    batch = steps.register(plan.pk, STARTS, user)
    moved = plan.placements.exclude(to_school=None)
    for row in moved:
        before, after = StaffMember.objects.filter(person=row.person).order_by("post_from")
        assert (before.school, before.post_until) == (row.from_school, date(2020, 8, 31))
        assert (after.school, after.post, after.post_from, after.post_until) == (
            row.to_school,
            "teacher",
            STARTS,
            None,
        )
        assert TeachingSubject.objects.get(person=row.person).school == row.to_school
    assert Rotation.objects.filter(school_year="2020-2021").count() == 6
    # Those who moved are not due at the next assessment; the others are.
    assert sum(line.due for line in list_due(date(2021, 8, 31))) == 6 - moved.count()
    with pytest.raises(PlanRefused, match="先撤销这一批次"):
        steps.revoke(plan.pk, "登记有误，重新办理", user)
    undo(batch.pk, user)
    assert StaffMember.objects.count() == 6
    assert not StaffMember.objects.exclude(post_until=None).exists()
    assert not Rotation.objects.exists()
    assert TeachingSubject.objects.filter(school=rotating[1]).count() == 5
    steps.revoke(plan.pk, "登记有误，重新办理", user)
    plan.refresh_from_db()
    assert plan.state == "revoked"
    assert checked() == []


def test_who_left_after_the_decision_is_not_moved_in_silence(plan, accounts):
    decided(plan, accounts)
    person = plan.placements.exclude(to_school=None).first().person
    StaffMember.objects.filter(person=person).update(post_until=date(2020, 8, 1))
    with pytest.raises(PlanRefused, match=f"有1人的任职有变化（{person.name}）"):
        steps.register(plan.pk, STARTS, accounts["staffing"])
    assert not Batch.objects.exists()


@pytest.mark.parametrize("name", ["aid", "leader", "clerk", "admin"])
def test_others_take_no_step(plan, accounts, name):
    user, row = accounts[name], plan.placements.first()
    for step in (
        lambda: steps.place(row.pk, None, "没有权限的一次调整", user),
        lambda: steps.decide(plan.pk, "某会", STARTS, user),
        lambda: steps.register(plan.pk, STARTS, user),
        lambda: steps.revoke(plan.pk, "没有权限的作废", user),
    ):
        with pytest.raises(PlanRefused, match="您的账号不能办理"):
            step()


# The pages

HOME = "/staffing/rotation/2020/"


@pytest.fixture
def visit(accounts):
    def page(name, address, data=None):
        client = Client()
        client.force_login(accounts[name])
        response = client.get(address) if data is None else client.post(address, data, follow=True)
        text = b"".join(response.streaming_content) if response.streaming else response.content
        return response.status_code, text if address.endswith(
            ".docx"
        ) or response.streaming else text.decode()

    return page


def words(content):
    document = docx.Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def test_each_page_is_open_to_whom_the_table_permits(plan, accounts, visit):
    row = plan.placements.first()
    readers = {"staffing", "office", "leader"}
    pages = {
        HOME: {*readers, "clerk"}, f"{HOME}requests/": {*readers, "clerk"}, f"{HOME}moves/": {*readers, "clerk"},
        f"{HOME}plans/": readers, f"/staffing/rotation/plans/{plan.pk}/": readers,
        f"/staffing/rotation/placements/{row.pk}/": {"staffing", "office"},
    }  # fmt: skip
    for address, permitted in pages.items():
        assert {name for name in accounts if visit(name, address)[0] == 200} == permitted, address
    for name in ("leader", "clerk", "aid"):
        assert visit(name, f"{HOME}plans/", {"title": "方案"})[0] == 403
        assert visit(name, f"/staffing/rotation/plans/{plan.pk}/", {"step": "decide"})[0] == 403


def test_a_clerk_sees_own_people_only_and_plans_when_they_are_decided(
    plan, accounts, visit, teachers, rotating
):
    status, page = visit("clerk", f"{HOME}?school={rotating[2].pk}")
    assert (status, "教师01" in page, "教师06" in page) == (200, True, False)
    assert "教师06" not in visit("clerk", f"{HOME}requests/")[1]
    assert "教师01" not in visit("clerk", f"{HOME}moves/")[1]
    assert visit("clerk", f"/staffing/rotation/plans/{plan.pk}/list/")[0] == 404
    decided(plan, accounts)
    assert set(moves(plan)) == {
        name
        for name in (f"教师{order:02}" for order in range(1, 7))
        if name in visit("clerk", f"{HOME}moves/")[1]
    }
    accounts["clerk"].school = rotating[4]
    accounts["clerk"].save()
    assert "没有从本校调出或到本校来的教师" in visit("clerk", f"{HOME}moves/")[1]
    assert visit("clerk", f"/staffing/rotation/plans/{plan.pk}/letters/?school={rotating[1].pk}")[0] == 404


def test_from_the_draft_to_the_letters_by_the_pages(plan, accounts, visit, teachers):
    here = f"/staffing/rotation/plans/{plan.pk}/"
    page = visit("staffing", here)[1]
    assert "各项目标都已证明最优" in page
    assert "成块互换" in page
    row = plan.placements.filter(to_school=None).first()
    _, page = visit(
        "staffing", f"/staffing/rotation/placements/{row.pk}/", {"school": "", "reason": "仍旧不动一次"}
    )
    assert "与现在的安排相同" in page
    assert (
        "到岗日期应写作"
        in visit("staffing", here, {"step": "decide", "decision": "某会", "starts_on": "九月"})[1]
    )
    page = visit(
        "staffing", here, {"step": "decide", "decision": "2020年7月10日局长办公会", "starts_on": "2020-09-01"}
    )[1]
    assert "方案现为“已定案”" in page
    text = words(visit("leader", f"{here}list/")[1])
    assert any("交流轮岗教师共" in paragraph for paragraph in text)
    assert set(moves(plan)) <= set(text)
    letters = words(visit("leader", f"{here}letters/")[1])
    assert letters.count("交流通知") == len(moves(plan))
    for name, school in moves(plan).items():
        assert f"{name}老师：" in letters
        assert any(f"交流到{school}" in paragraph for paragraph in letters)
    row = plan.placements.exclude(to_school=None).first()
    assert words(visit("leader", f"{here}letters/?placement={row.pk}")[1]).count("交流通知") == 1
    own = words(visit("clerk", f"{here}list/")[1])
    assert f"调出教师{len(moves(plan))}人：" in own
    assert "没有调入教师。" in own
    assert "方案现为“已登记到岗”" in visit("staffing", here, {"step": "register"})[1]
    assert "方案现为“已作废”" not in visit("staffing", here, {"step": "revoke", "reason": "试着作废一次"})[1]


def test_many_letters_are_written_by_a_job_for_their_owner_alone(
    plan, accounts, visit, work, tmp_path, monkeypatch
):
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path))
    monkeypatch.setattr(rotation_files, "LETTERS_AT_ONCE", 1)
    decided(plan, accounts)
    assert visit("leader", f"/staffing/rotation/plans/{plan.pk}/letters/")[0] == 302
    (done,) = work()
    address = done.result["address"]
    assert "交流通知已写好" in visit("leader", address)[1]
    assert words(visit("leader", f"{address}?file=1")[1]).count("交流通知") == len(moves(plan))
    assert visit("office", address)[0] == 302
