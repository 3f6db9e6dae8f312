"""Recognition: who may take which step when, what a notice needs, what a decision brings."""

from datetime import date

import docx
import pytest
from django.db import IntegrityError, transaction

from xuezheng.areas.aid.models import Award, CalendarDay, Entitlement, Notice, Recognition, RecognitionStep
from xuezheng.areas.aid.procedures import recognise
from xuezheng.areas.aid.procedures.draw_up import _awards, draw_up
from xuezheng.areas.aid.procedures.entitling import entitled_to, in_force
from xuezheng.areas.aid.procedures.notices import last_day, write_notice
from xuezheng.areas.aid.procedures.recognise import By
from xuezheng.areas.aid.procedures.steps import StepRefused
from xuezheng.areas.aid.procedures.workdays import is_arranged, workdays
from xuezheng.intake import import_workbook
from xuezheng.intake.undo import UndoRefused, undo
from xuezheng.policy.current import entries
from xuezheng.records.models import ChainLink, ClassGroup, PersonCategory, Pupil, School, Term, User

pytestmark = pytest.mark.django_db

APPLIED, REVIEWED, POSTED = date(2019, 9, 9), date(2019, 9, 20), date(2019, 9, 24)
OVER = date(2019, 10, 8)  # the holidays lie between


@pytest.fixture
def on_the_wall(applied, clerk):
    keys = [recognition.pk for recognition in applied]
    recognise.review(keys, By(clerk, REVIEWED, "班级评议同意"))
    recognise.post(keys, By(clerk, POSTED), last_day(POSTED))
    return keys


def state(key):
    return Recognition.objects.get(pk=key).state


def test_five_working_days_count_holidays_and_the_days_worked_for_them():
    # From Tuesday before the National Day: Sunday the 29th is worked.
    assert last_day(date(2019, 9, 24)) == date(2019, 9, 29)
    assert last_day(date(2019, 9, 27)) == date(2019, 10, 9)
    assert len(workdays(date(2019, 10, 1), date(2019, 10, 7))) == 0
    assert is_arranged(2019)


@pytest.mark.parametrize(
    # Days of the year, less its Saturdays and Sundays, less the eleven days that the law gives (thirteen since 2025).
    ("year", "days"),
    [
        (2021, 365 - 104 - 11),
        (2022, 365 - 105 - 11),
        (2023, 365 - 105 - 11),
        (2025, 365 - 104 - 13),
        (2026, 365 - 104 - 13),
    ],
)
def test_days_off_that_are_worked_for_elsewhere_leave_the_year_s_number(year, days):
    assert len(workdays(date(year, 1, 1), date(year, 12, 31))) == days
    assert is_arranged(year)


def test_policy_tells_only_days_that_are_not_as_their_weekday_says():
    for _, (day,), works in entries("aid")["working_days"].leaves():
        assert (date.fromisoformat(day).weekday() < 5) != bool(works)


def test_the_office_tells_the_holidays_of_a_year_that_no_policy_tells():
    assert not is_arranged(2031)
    assert last_day(date(2031, 10, 1)) == date(2031, 10, 7)
    for day in range(1, 8):
        CalendarDay.objects.create(day=date(2031, 10, day), kind="off", document="国办发明电〔2030〕9号")
    assert is_arranged(2031)
    assert last_day(date(2031, 10, 1)) == date(2031, 10, 14)


def test_a_notice_shorter_than_five_working_days_is_refused(applied, clerk):
    keys = [recognition.pk for recognition in applied]
    recognise.review(keys, By(clerk, REVIEWED))
    with pytest.raises(
        StepRefused, match=r"公示不少于5个工作日，2019-09-24到2019-09-27只有4个。.*最早公示到2019-09-29"
    ):
        recognise.post(keys, By(clerk, POSTED), date(2019, 9, 27))
    assert not Notice.objects.exists()
    assert {state(key) for key in keys} == {"reviewed"}


def test_nothing_is_decided_before_the_notice_has_run_out(on_the_wall, users):
    with pytest.raises(StepRefused, match="公示到2019-09-29，期满后才能认定"):
        recognise.decide(on_the_wall, By(users[0], date(2019, 9, 29)))
    assert {state(key) for key in on_the_wall} == {"noticed"}
    assert recognise.decide(on_the_wall, By(users[0], OVER)) == 3
    with pytest.raises(StepRefused, match="现为“已认定”"):
        recognise.decide(on_the_wall, By(users[1], OVER))
    with pytest.raises(IntegrityError, match="decided_after_the_notice"), transaction.atomic():
        Recognition.objects.update(decided_on=date(2019, 9, 29))


def test_a_step_that_somebody_took_before_tells_who_and_when(applied, clerk):
    keys = [recognition.pk for recognition in applied]
    recognise.review(keys, By(clerk, REVIEWED))
    with pytest.raises(
        StepRefused, match="的认定现为“学校已评议”，由经办人于2019-09-20办理，您这次没有改动。"
    ):
        recognise.review(keys, By(clerk, POSTED))


def test_whoever_reviewed_for_the_school_does_not_decide(applied, users, clerk):
    keys = [recognition.pk for recognition in applied]
    recognise.review(keys[:1], By(users[0], REVIEWED))
    recognise.review(keys[1:], By(clerk, REVIEWED))
    recognise.post(keys, By(clerk, POSTED), last_day(POSTED))
    with pytest.raises(StepRefused, match="由您申请或评议，须由他人认定"):
        recognise.decide(keys, By(users[0], OVER))
    assert recognise.decide(keys, By(users[1], OVER)) == 3


def test_a_clerk_takes_the_steps_of_the_own_school_only_and_decides_nothing(
    on_the_wall, clerk, foreign_clerk
):
    for user in (clerk, foreign_clerk):
        with pytest.raises(StepRefused, match="您的账号不能办理这一步"):
            recognise.decide(on_the_wall, By(user, OVER))
    with pytest.raises(StepRefused, match="您的账号不能办理这一步"):
        recognise.withdraw(on_the_wall[0], By(foreign_clerk, OVER, "家长要求"))
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    with pytest.raises(StepRefused, match="您的账号不能办理这一步"):
        recognise.withdraw(on_the_wall[0], By(clerk, OVER, "家长要求"))
    assert state(on_the_wall[0]) == "noticed"


def test_an_objection_sends_it_back_to_the_school(on_the_wall, clerk, users):
    first, *rest = on_the_wall
    with pytest.raises(StepRefused, match="写明异议"):
        recognise.send_back(first, By(clerk, date(2019, 9, 26)))
    recognise.send_back(first, By(clerk, date(2019, 9, 26), "群众反映家中有商铺"))
    assert recognise.decide(rest, By(users[0], OVER)) == 2
    assert state(first) == "applied"
    recognise.refuse(first, By(clerk, OVER, "查实家中有经营性收入"))
    assert state(first) == "refused"
    assert list(RecognitionStep.objects.filter(recognition=first).values_list("after", "note"))[-2:] == [
        ("applied", "群众反映家中有商铺"),
        ("refused", "查实家中有经营性收入"),
    ]


def test_a_decision_opens_the_category_and_entitles_by_stage_living_and_category(
    applied, on_the_wall, users, term
):
    boarder, day, other_person = (recognition.person for recognition in applied)
    Pupil.objects.filter(person=boarder).update(boarding="boarder")
    Recognition.objects.filter(person=other_person).update(category="other")
    recognise.decide(on_the_wall, By(users[0], OVER))
    entitled = {
        (entitlement.person_id, entitlement.programme, entitlement.source)
        for entitlement in Entitlement.objects.all()
    }
    assert entitled == {(boarder.pk, "boarder", "school"), (day.pk, "day_pupil", "school")}
    category = PersonCategory.objects.get(person=day)
    assert (category.category, category.starts_on, category.ends_on) == ("rural_allowance", OVER, None)
    recognise.end(on_the_wall[1], By(users[1], date(2019, 11, 5), "查实不符合条件"))
    assert not Entitlement.objects.filter(person=day).exists()
    category.refresh_from_db()
    assert category.ends_on == date(2019, 11, 4)


@pytest.mark.parametrize(
    ("kind", "category", "programmes"),
    [
        ("342", "rural_allowance", ["senior_grant", "senior_tuition"]),
        ("342", "other", ["senior_grant"]),
        ("342", "registered_poor", ["registered_poor", "senior_grant", "senior_tuition"]),
        ("365", "other", ["vocational_grant"]),
        ("365", "registered_poor", ["registered_poor", "vocational_grant", "rain_dew"]),
    ],
)
def test_senior_pupils_are_entitled_by_the_kind_of_their_school(term, kind, category, programmes):
    recognition = Recognition(term=term, stage="senior", category=category, school=School(kind=kind))
    assert entitled_to(recognition, "day") == programmes


def test_in_spring_2019_there_is_no_aid_yet_for_those_who_do_not_board(school, term):
    spring = Term(code="2019春", starts_on=date(2019, 2, 25), ends_on=date(2019, 7, 5))
    recognition = Recognition(term=spring, school=school, stage="junior", category="rural_allowance")
    assert entitled_to(recognition, "day") == []
    recognition.term = term
    assert entitled_to(recognition, "day") == ["day_pupil"]
    # Registered poor get that programme, and none that excludes it.
    recognition.category = "registered_poor"
    assert entitled_to(recognition, "day") == ["registered_poor"]


def test_the_next_term_keeps_raises_lowers_or_ends(on_the_wall, clerk, users):
    recognise.decide(on_the_wall, By(users[0], OVER))
    spring = Term.objects.create(code="2020春", starts_on=date(2020, 2, 17), ends_on=date(2020, 7, 10))
    day = date(2020, 3, 2)
    first, second, third = on_the_wall
    with pytest.raises(StepRefused, match="与“复核不变”不符"):
        recognise.carry_over(first, spring, By(clerk, day), "kept", "severe")
    for change in ("lowered", "raised"):
        with pytest.raises(StepRefused, match="选的等级与"):
            recognise.carry_over(first, spring, By(clerk, day, "无"), change)
    kept = recognise.carry_over(first, spring, By(clerk, day), "kept")
    with pytest.raises(StepRefused, match="请写明原因"):
        recognise.carry_over(second, spring, By(clerk, day), "raised", "severe")
    raised = recognise.carry_over(second, spring, By(clerk, day, "父亲病重"), "raised", "severe")
    gone = recognise.carry_over(third, spring, By(clerk, day, "家庭收入好转"), "ended")
    with pytest.raises(StepRefused, match="还没有公示"):
        recognise.decide([kept.pk, raised.pk], By(users[0], day))
    assert recognise.decide([kept.pk, gone.pk], By(users[0], day)) == 2
    assert [state(carried_over.pk) for carried_over in (kept, raised, gone)] == [
        "decided",
        "reviewed",
        "ended",
    ]
    assert PersonCategory.objects.get(person=gone.person).ends_on == date(2020, 3, 1)
    assert PersonCategory.objects.get(person=kept.person).ends_on is None
    chained = {
        row for link in ChainLink.objects.filter(subject="aid.recognition_step") for row, _ in link.rows
    }
    assert chained == set(RecognitionStep.objects.values_list("pk", flat=True))


def test_what_is_drawn_up_has_its_amount_and_a_history(on_the_wall, users, term):
    recognise.decide(on_the_wall, By(users[0], OVER))
    gone = Recognition.objects.get(pk=on_the_wall[2]).person
    Pupil.objects.filter(person=gone).update(left_on=date(2019, 9, 10))
    drawn_up = draw_up("day_pupil", term, users[0])
    assert drawn_up.startswith("已拟定2人的资助，待编制清单。1人不在册")
    assert set(Award.objects.values_list("amount", "tier", "paid_on")) == {(312_50, "", None)}
    assert {(past.history_user, past.amount) for past in Award.history.all()} == {(users[0], 312_50)}
    assert Award.history.count() == 2
    Pupil.objects.filter(person=gone).update(left_on=None)
    assert draw_up("day_pupil", term, users[0]) == "已拟定1人的资助，待编制清单。"


def test_the_tier_of_a_tiered_programme_is_that_of_the_recognition(on_the_wall, users, term):
    person = Recognition.objects.get(pk=on_the_wall[0]).person
    assert _awards("senior_grant", term, [person.pk])[0].tier == ""
    recognise.decide(on_the_wall, By(users[0], OVER))
    for tier in ("slight", "severe"):
        Recognition.objects.filter(pk=on_the_wall[0]).update(tier=tier)
        expected = in_force("grant_tier", term.starts_on, tier)
        assert expected
        assert _awards("senior_grant", term, [person.pk])[0].tier == expected


@pytest.mark.parametrize(
    ("earlier", "last_day_of_earlier"), [("rural_allowance", date(2020, 3, 8)), ("registered_poor", None)]
)
def test_another_category_ends_that_of_an_earlier_term_unless_a_list_keeps_it(
    on_the_wall, clerk, users, earlier, last_day_of_earlier
):
    first = Recognition.objects.filter(pk=on_the_wall[0])
    first.update(category=earlier)
    recognise.decide(on_the_wall, By(users[0], OVER))
    spring = Term.objects.create(code="2020春", starts_on=date(2020, 2, 17), ends_on=date(2020, 7, 10))
    next_term = recognise.carry_over(first.get().pk, spring, By(clerk, date(2020, 2, 24)), "kept")
    Recognition.objects.filter(pk=next_term.pk).update(category="other")
    recognise.post([next_term.pk], By(clerk, date(2020, 2, 25)), date(2020, 3, 2))
    recognise.decide([next_term.pk], By(users[0], date(2020, 3, 9)))
    days = dict(PersonCategory.objects.filter(person=next_term.person).values_list("category", "ends_on"))
    assert days == {earlier: last_day_of_earlier, "other": None}


def test_the_notice_shows_names_schools_and_classes_and_nothing_else(on_the_wall, applied, tmp_path):
    write_notice(Notice.objects.get(), tmp_path / "公示.docx")
    document = docx.Document(tmp_path / "公示.docx")
    (table,) = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows == [
        ["序号", "姓名", "学校", "班级"],
        *[[str(n), f"学生{n}", "云岭初级中学", "八年级1班"] for n in (1, 2, 3)],
    ]
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "公示时间：2019年9月24日至2019年9月29日，共5个工作日。" in text
    assert "云岭区教育局学生资助管理中心" in text
    for recognition in applied:
        shown = text + str(rows)
        assert recognition.person.id_number not in shown
        assert recognition.get_category_display() not in shown
        assert recognition.phone not in shown


def test_schools_hand_applications_in_by_workbook_and_cannot_change_what_was_reviewed(
    enrolled, clerk, workbook, users
):
    def row(person, tier="一般困难"):
        return [
            person.name, person.id_number, "2019秋", "3199010101", None, None, "农村低保", tier, "4", "家长", "13800000000",
            "父母务农", str(APPLIED),
        ]  # fmt: skip

    people = [award.person for award in enrolled]
    outcome = import_workbook(workbook({"认定申请表": [row(person) for person in people]}), user=clerk)
    assert outcome.saved
    first = Recognition.objects.first()
    assert (first.state, first.stage, first.class_name) == ("applied", "junior", "八年级1班")
    recognise.review([first.pk], By(clerk, REVIEWED))
    again = import_workbook(
        workbook({"认定申请表": [row(people[0], "特别困难"), row(people[1], "特别困难")]}), user=clerk
    )
    assert ["学校已评议，不能直接改" in problem.message for problem in again.problems] == [True]
    with pytest.raises(UndoRefused):
        undo(outcome.batch.pk, users[4])
    # The user who imported the workbook does not decide on it.
    User.objects.filter(pk=users[0].pk).update(is_active=True)
    Recognition.objects.update(batch=outcome.batch)
    outcome.batch.made_by = users[0]
    outcome.batch.save()
    recognise.post([first.pk], By(clerk, POSTED), last_day(POSTED))
    with pytest.raises(StepRefused, match="须由他人认定"):
        recognise.decide([first.pk], By(users[0], OVER))


def test_an_application_for_a_pupil_of_another_school_is_told(enrolled, foreign_clerk, workbook):
    person = enrolled[0].person
    row = [
        person.name, person.id_number, "2019秋", "3199010102", None, None, "孤儿", "特别困难", None, None, None, None, str(APPLIED)
    ]  # fmt: skip
    outcome = import_workbook(workbook({"认定申请表": [row]}), user=foreign_clerk)
    assert not outcome.saved
    assert any("不在松溪初级中学在册" in problem.message for problem in outcome.problems)


def test_steps_go_forward_in_time_only(applied, clerk):
    with pytest.raises(StepRefused, match="早于上一步的2019-09-09"):
        recognise.review([applied[0].pk], By(clerk, date(2019, 9, 1)))
    with pytest.raises(StepRefused, match="在今天之后"):
        recognise.review([applied[0].pk], By(clerk, date(2199, 9, 1)))


def test_everybody_aided_has_an_award_of_the_right_kind_of_school(enrolled, school):
    award = Award(
        person=enrolled[0].person, programme="vocational_grant", term=Term.objects.get(), stage="senior",
        school=School(name="云岭中学", kind="342"), school_name="云岭中学", boarding="day", amount=1,
    )  # fmt: skip
    assert dict(award.faults()) == {
        "programme": "“中等职业教育国家助学金”不发给高级中学学生。请核对项目和学校。"
    }
    award.programme, award.stage, award.boarding = "day_pupil", "junior", "boarder"
    assert dict(award.faults()) == {
        "boarding": "“义务教育非寄宿生生活费补助”只发给不住校学生。请核对项目和就读方式。"
    }
    assert ClassGroup.objects.exists()
