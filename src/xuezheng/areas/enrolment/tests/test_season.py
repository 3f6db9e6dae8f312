"""The enrolment season: applications and what speaks against them, the order of admission, balanced classes, the lists, and who may see them."""

import random
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import citizen_id

from xuezheng.areas.enrolment.chained import draw_steps
from xuezheng.areas.enrolment.doctor import draws as doctor_check
from xuezheng.areas.enrolment.models import AdmissionPlan, Applicant, Draw, DrawStep, SchoolZone
from xuezheng.areas.enrolment.procedures import programme, steps
from xuezheng.areas.enrolment.procedures.programme import divide, draw
from xuezheng.areas.enrolment.procedures.season import (
    Season,
    admitted,
    class_lists,
    doubts,
    listing_of,
    schools_of,
)
from xuezheng.areas.enrolment.procedures.season_files import write_class_rolls
from xuezheng.records.models import ClassGroup, Person, Pupil, School
from xuezheng.workbooks.reader import read_workbook

SEED, TODAY = "051218222633", timezone.localdate()
SEASON = Season("primary", 2026)
TIERS = ("house_and_household", "household", "house", "migrant")


@given(st.integers(1, 300), st.integers(1, 12), st.integers(0, 10**9), st.booleans())
def test_classes_are_balanced_whatever_the_seed(size, classes, seed, with_groups):
    rng = random.Random(seed)
    codes = {f"{number:04}": f"{rng.randrange(5):03}" for number in range(size)}
    groups = {
        number: f"G{rng.randrange(3)}" if with_groups and rng.random() < 0.05 else "" for number in codes
    }
    content = "".join(f"{number},{groups[number]},{code}\n" for number, code in codes.items()).encode()
    result = divide(content, classes, str(seed))
    assert sorted(number for number, _ in result) == list(codes)
    placed = dict(result)
    for group in set(groups.values()) - {""}:
        assert len({placed[number] for number in codes if groups[number] == group}) == 1
    if not any(groups.values()):
        for chosen in (set(codes.values()), *({code} for code in set(codes.values()))):
            sizes = Counter(place for number, place in result if codes[number] in chosen)
            assert max(sizes.values()) - min(sizes.get(place, 0) for place in range(1, classes + 1)) <= 1


def test_two_children_bound_together_take_two_turns():
    result = divide(b"1,A,001\n2,A,001\n3,,002\n4,,002\n5,,002\n6,,002\n", 3, "123")
    sizes = Counter(place for _, place in result)
    assert sizes == {1: 2, 2: 2, 3: 2}


def test_a_lower_sort_code_comes_first_and_chance_decides_among_equals():
    content = b"1,,4\n2,,1\n3,,2\n4,,1\n5,,2\n"
    orders = {tuple(number for number, _ in draw(content, 3, str(seed))) for seed in range(40)}
    assert {order[-1] for order in orders} == {"1"}
    assert {frozenset(order[:2]) for order in orders} == {frozenset("24")}
    assert len(orders) == 4


@pytest.fixture
def full(people):
    return School.objects.get(code="2134990001")


@pytest.fixture
def neighbour(people):
    return School.objects.get(code="2134990002")


def apply(school, order, **about):
    sex = order % 2
    born = date(2020, 3, order % 28 + 1)
    person = Person.objects.create(
        name=f"学生{order:02}", id_number=citizen_id(order, born.isoformat(), "男女"[sex]), sex=("male", "female")[sex],
        birth_date=born, household_division="990101",
    )  # fmt: skip
    values = {"number": f"B{order:03}", "registered_on": date(2026, 6, 15), "community": "东溪社区", "tier": TIERS[order % 4],
              "kindergarten": f"幼儿园{order % 3}"} | about  # fmt: skip
    return Applicant.objects.create(person=person, school=school, stage="primary", year=2026, **values)


def plan(school, classes, size):
    return AdmissionPlan.objects.create(
        school=school, stage="primary", year=2026, classes=classes, class_size=size
    )


def drawn(people, kind, school, size, listing):
    """A draw from the list to the result."""
    draft = Draw(
        kind=kind, school=school, stage="primary", year=2026, places=size, seed_from="号码",
        seed_on=TODAY + timedelta(days=1), registered=True,
    )  # fmt: skip
    made = steps.fix(draft, listing, people["甲"])
    steps.enter_seed(made.pk, SEED, people["甲"], made.seed_on)
    steps.confirm(made.pk, SEED, people["乙"])
    made.refresh_from_db()
    return made


def test_the_list_has_the_tiers_in_order_and_no_name(full, people):
    for order in range(1, 9):
        apply(full, order, settled_on=date(2015, order, 1))
    assert listing_of("places", full, SEASON).splitlines()[:4] == ["B001,,2", "B002,,3", "B003,,4", "B004,,1"]
    by_day = listing_of("places", full, SEASON, by_day=True).splitlines()
    assert by_day[3] == "B004,,1-2015-04-01"
    apply(full, 9, tier="", settled_on=None)
    assert listing_of("places", full, SEASON, by_day=True).splitlines()[-1] == "B009,,9-9999-12-31"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"number": "B001"}, "报名序号B001重复"),
        ({"number": "13900000000"}, "像是身份证号或手机号"),
        ({"group": "A"}, "同组编号A在岩寺小学只有1人"),
    ],
)
def test_a_list_that_cannot_be_published_is_refused(full, people, changed, message):
    apply(full, 1)
    apply(full, 2, **changed)
    with pytest.raises(steps.DrawRefused, match=message):
        listing_of("places", full, SEASON)


def test_who_is_admitted(full, neighbour, people):
    with pytest.raises(steps.DrawRefused, match="没有2026年的招生计划"):
        admitted(full, SEASON)
    plan(full, 2, 4)
    children = [apply(full, order) for order in range(1, 9)]
    assert admitted(full, SEASON) == children
    children.append(apply(full, 9))
    with pytest.raises(steps.DrawRefused, match="报名9人，计划8人，还没有派位"):
        admitted(full, SEASON)
    drawn(people, "places", full, 8, listing_of("places", full, SEASON))
    taken = admitted(full, SEASON)
    [left] = set(children) - set(taken)
    assert left.tier == "migrant"
    left.placed_school, left.placed_reason = neighbour, "就近统筹"
    left.save()
    plan(neighbour, 1, 4)
    assert admitted(neighbour, SEASON) == [left]
    assert admitted(full, SEASON) == taken
    assert [
        (each.school.name, each.surplus, each.placed_away, each.placed_here)
        for each in schools_of(SEASON, list(SEASON.applicants()))
    ] == [
        ("下街小学", -3, 0, 1),
        ("岩寺小学", 0, 1, 0),
    ]


def test_a_draw_of_a_list_from_elsewhere_tells_no_child(full, people):
    plan(full, 1, 1)
    [apply(full, order) for order in (1, 2)]
    made = drawn(people, "places", full, 1, "B001\nB002\n")
    Draw.objects.filter(pk=made.pk).update(registered=False)
    with pytest.raises(steps.DrawRefused, match="不是取自入学报名"):
        admitted(full, SEASON)


def test_classes_are_formed_and_their_rolls_can_be_imported(full, people, tmp_path):
    plan(full, 3, 10)
    children = [apply(full, order, needs_care=order in (5, 6, 7)) for order in range(1, 25)]
    listing = listing_of("classes", full, SEASON)
    assert not any(child.person.name in listing for child in children)
    made = drawn(people, "classes", full, 3, listing)
    classes = class_lists(made, SEASON)
    assert [len(each) for each in classes] == [8, 8, 8]
    assert [sum(child.needs_care for child in each) for each in classes] == [1, 1, 1]
    for sex in ("male", "female"):
        assert {sum(child.person.sex == sex for child in each) for each in classes} <= {3, 4, 5}
    persons = write_class_rolls(tmp_path / "rolls.xlsx", made)
    assert sorted(persons) == sorted(child.person_id for child in children)
    groups, pupils, *_ = read_workbook(tmp_path / "rolls.xlsx", "rolls.xlsx")
    assert groups.row(1)[:4] == ["2134990001", "一年级1班", "小学", "1"]
    assert pupils.height == 25
    Applicant.objects.filter(number="B001").update(number="B999")
    with pytest.raises(steps.DrawRefused, match="报名序号B001现在没有对应的儿童"):
        class_lists(made, SEASON)


def test_the_programme_alone_gives_the_same_classes(full, people, tmp_path):
    plan(full, 2, 10)
    for order in range(1, 12):
        apply(full, order)
    made = drawn(people, "classes", full, 2, listing_of("classes", full, SEASON))
    (tmp_path / "list.csv").write_text(made.listing, "utf-8")
    words = [sys.executable, "-I", programme.__file__, tmp_path / "list.csv", "2", SEED, "分班"]
    printed = subprocess.run(
        words, capture_output=True, text=True, check=True, env={"PYTHONUTF8": "1"}
    ).stdout
    expected = [
        f"{order},{number},{got}"
        for order, (number, got) in enumerate(steps.lines_of(made, steps.result_of(made)), start=1)
    ]
    assert printed.splitlines() == [f"名单校验值 {made.list_hash}", *expected]


def test_the_chain_covers_what_was_drawn_and_old_draws_stay_as_they_were(full, people):
    [apply(full, order) for order in (1, 2)]
    plan(full, 1, 2)
    made = drawn(people, "classes", full, 1, listing_of("classes", full, SEASON))
    key = DrawStep.objects.filter(draw=made).values_list("pk", flat=True)[0]
    assert list(draw_steps.contents([key])[key])[-2:] == ["classes", True]
    Draw.objects.filter(pk=made.pk).update(kind="places", registered=False)
    assert list(draw_steps.contents([key])[key])[-1] == made.list_hash
    assert ["重算" in finding.message for finding in doctor_check.run().findings] == [True]


def test_what_speaks_against_an_application(full, neighbour, people):
    SchoolZone.objects.create(school=full, stage="primary", year=2026, community="东溪社区")
    right = apply(full, 4)
    group = ClassGroup.objects.create(school=full, name="一年级1班", stage="primary", grade=1)
    enrolled = apply(full, 8)
    Pupil.objects.create(
        person=enrolled.person, class_group=group, student_number=f"G{enrolled.person.id_number}", boarding="day",
        entered_on=date(2025, 9, 1),
    )  # fmt: skip
    elsewhere = apply(full, 12, community="西山社区")
    stranger = apply(full, 1)
    Person.objects.filter(pk=stranger.person_id).update(household_division="349900")
    migrant = apply(full, 3, community="西山社区")
    last_day, first_day = apply(full, 16), apply(full, 20)
    Person.objects.filter(pk=last_day.person_id).update(birth_date=date(2020, 8, 31))
    Person.objects.filter(pk=first_day.person_id).update(birth_date=date(2020, 9, 1))
    unzoned = apply(neighbour, 24, community="哪里")
    Applicant.objects.filter(pk=migrant.pk).update(number=unzoned.number)
    reasons = {}
    for child, reason in doubts(SEASON, list(SEASON.applicants())):
        reasons.setdefault(child.pk, []).append(reason)
    assert right.pk not in reasons
    assert last_day.pk not in reasons
    assert reasons == {
        enrolled.pk: ["台账中已有这一学段的学籍。请核对是否重复报名。"],
        elsewhere.pk: ["“西山社区”不在岩寺小学2026年的学区内。"],
        stranger.pk: ["户籍区划代码349900不是本地的，与“有户籍无房产”不符。"],
        first_day.pk: ["2020-09-01出生，到2026年9月1日不满6周岁。"],
        migrant.pk: ["报名序号B024不止一人。请改成不同的序号。"],
        unzoned.pk: ["报名序号B024不止一人。请改成不同的序号。"],
    }


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"placed_reason": "就近"}, "placed_reason"),
        ({"placed_school": "own", "placed_reason": "就近"}, "placed_school"),
        ({"placed_school": "other"}, "placed_reason"),
        ({"stage": "junior"}, "stage"),
        ({}, None),
        ({"placed_school": "other", "placed_reason": "就近"}, None),
    ],
)
def test_contradictions_of_an_application(full, neighbour, changed, field):
    schools = {"own": full, "other": neighbour}
    child = apply(full, 1)
    for name, value in changed.items():
        setattr(child, name, schools.get(value, value))
    assert {name for name, _ in child.faults()} == ({field} if field else set())


def seat(people, name):
    client = Client()
    client.force_login(people[name])
    return client


def test_from_applications_to_class_rolls_on_the_pages(full, neighbour, people):
    first, second, stranger = seat(people, "甲"), seat(people, "乙"), seat(people, "丙")
    plan(full, 2, 4)
    for order in range(1, 11):
        apply(full, order)
    season = "/enrolment/season/2026/primary/"
    assert first.get("/enrolment/season/")["Location"] == season
    html = first.get(season).content.decode()
    assert "户籍与房产一致2，有户籍无房产3，有房产无户籍3，随迁子女（居住证）2" in html
    assert stranger.get(season).status_code == 403
    assert stranger.get(f"{season}{full.pk}/places/").status_code == 403
    for address in (
        "/enrolment/season/2026/senior/",
        "/enrolment/season/1999/primary/",
        f"{season}{full.pk}/else/",
    ):
        assert first.get(address).status_code == 404
    assert "还没有派位" in first.get(f"{season}{full.pk}/places/", follow=True).content.decode()

    def draw_it(kind, size):
        new = f"/enrolment/draws/new/?kind={kind}&school={full.pk}&stage=primary&year=2026&places={size}"
        assert f'value="{size}"' in first.get(new).content.decode()
        form = {"kind": kind, "source": "register", "school": full.pk, "stage": "primary", "year": 2026, "places": size,
                "seed_from": "号码", "seed_on": str(TODAY + timedelta(days=1))}  # fmt: skip
        page = first.post("/enrolment/draws/new/", form)["Location"]
        Draw.objects.update(seed_on=TODAY)
        first.post(page, {"step": "seed", "seed": SEED})
        return second.post(page, {"step": "confirm", "seed": SEED}, follow=True).content.decode()

    assert "录取8人，候补2人" in draw_it("places", 8)
    response = first.get(f"{season}{full.pk}/places/")
    assert response.status_code == 200
    assert "1班4人，2班4人" in draw_it("classes", 2)
    rolls = first.get(f"{season}{full.pk}/classes/")
    assert rolls["Content-Disposition"].startswith("attachment")
    assert "已出结果" in first.get(season).content.decode()


def test_the_form_for_a_draw_asks_for_what_it_needs(full, people):
    client = seat(people, "甲")
    form = {"kind": "classes", "source": "file", "school": full.pk, "stage": "primary", "year": 2026, "places": 61,
            "seed_from": "号码", "seed_on": str(TODAY + timedelta(days=1))}  # fmt: skip
    html = client.post("/enrolment/draws/new/", form).content.decode()
    assert "请选择名单的工作簿。" in html
    assert "均衡编班最多60个班" in html
    html = client.post("/enrolment/draws/new/", {**form, "source": "register", "places": 60}).content.decode()
    assert "没有2026年的招生计划" in html
    assert not Draw.objects.exists()


def test_the_programme_needs_nothing_but_python():
    text = Path(programme.__file__).read_text("utf-8")
    assert {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))} == {
        "hashlib",
        "sys",
        "pathlib",
    }
