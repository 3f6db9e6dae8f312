"""The pages of the forecast: who sees them, what they show, what they suppose, and the files they send."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from xuezheng.areas.enrolment.models import Births, PastRoll, Places, SchoolZone
from xuezheng.areas.enrolment.procedures.forecast_inputs import read_inputs
from xuezheng.records.models import ClassGroup, EnrolmentEvent, Person, School, Term, User
from xuezheng.snapshots import freeze

LIST = "/enrolment/forecasts/"
PRIMARY = f"{LIST}primary/"


@pytest.fixture
def schools(lone_district):
    """Two primary schools of one grade with a community each, known in the autumns of 2015 to 2020, frozen."""
    kinds = {"kind": "211", "urban_rural": "121", "runner": "831"}
    made = [
        School.objects.create(code=f"213499000{order}", name=name, **kinds)
        for order, name in enumerate(("东小学", "西小学"), 1)
    ]
    for school, community, births, pupils in zip(made, ("东村", "西村"), (100, 40), (90, 50), strict=True):
        SchoolZone.objects.create(school=school, stage="primary", year=2020, community=community)
        Places.objects.create(school=school, stage="primary", year=2015, classes=2, class_size=45)
        for year in range(2015, 2027):
            Births.objects.create(
                community=community, starts_on=date(year - 7, 9, 1), ends_on=date(year - 6, 8, 31),
                births=births, source="register",
            )  # fmt: skip
        for year in range(2015, 2021):
            PastRoll.objects.create(school=school, stage="primary", year=year, grade=1, pupils=pupils)
    freeze(date(2020, 12, 31))
    return made


@pytest.fixture
def seat(schools):
    """Log a user of a role in."""

    def log_in(role, **kind):
        user = User.objects.create(
            username=f"{role}{kind.get('section', '')}", role=role, toured_at=timezone.now(), **kind
        )
        client = Client()
        client.force_login(user)
        return client

    return log_in


def texts(answer):
    """The texts of a page's table cells, row by row."""
    rows = re.findall(r"<tr>(.*?)</tr>", answer.content.decode(), flags=re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL) for row in rows]
    return [[re.sub(r"<[^>]+>|\s", "", cell) for cell in row] for row in cells]


def row_of(answer, title):
    return next(row for row in texts(answer) if row and row[0] == title)


def test_the_bureau_sees_the_forecast_and_others_do_not(seat, schools):
    for role, kind, status in (
        ("office", {}, 200), ("leader", {}, 200), ("auditor", {}, 200), ("section", {"section": "enrolment"}, 200),
        ("section", {"section": "aid"}, 403), ("clerk", {"school": schools[0]}, 403), ("administrator", {}, 403),
    ):  # fmt: skip
        client = seat(role, **kind)
        pages = (LIST, PRIMARY, f"{PRIMARY}xlsx/", f"{PRIMARY}docx/")
        assert [client.get(page).status_code for page in pages] == [status] * 4, (role, kind)
        shown = client.get(f"/registers/school/{schools[0].pk}/").content.decode()
        assert (f"{PRIMARY}?school={schools[0].pk}" in shown) == (status == 200)


def test_the_list_has_the_most_urgent_school_first(seat):
    answer = seat("office").get(LIST)
    assert [row[0] for row in texts(answer)[1:]] == ["全部学校小学", "东小学小学", "西小学小学"]
    assert row_of(answer, "东小学小学") == [
        "东小学小学",
        "90",
        "90",
        "100.0%",
        "橙色",
        "2021",
        "100.0%",
        "2026",
    ]
    assert row_of(answer, "西小学小学") == [
        "西小学小学",
        "50",
        "90",
        "55.6%",
        "正常",
        "2021",
        "55.6%",
        "2026",
    ]


def test_a_school_shows_its_years_rates_errors_and_sources(seat, schools):
    answer = seat("office").get(f"{PRIMARY}?school={schools[0].pk}")
    html = answer.content.decode()
    assert row_of(answer, "2020") == ["2020", "90", "90", "90", "100.0%", "橙色"]
    # Three past forecasts of the next year were right: the interval is the number itself. Further ahead there were too few.
    assert row_of(answer, "2021（预测）") == ["2021（预测）", "9090—90", "9090—90", "90", "100.0%", "橙色"]
    assert row_of(answer, "2026（预测）") == ["2026（预测）", "90", "90", "90", "100.0%", "橙色"]
    assert row_of(answer, "2027（预测）") == ["2027（预测）", "—", "—", "90", "—", "—"]
    assert "2027—2030年入学的孩子还没有全部出生" in html
    assert row_of(answer, "入学率") == ["入学率", "90÷100=90.0%", "90÷100=90.0%", "90÷100=90.0%", "90.0%"]
    assert row_of(answer, "1") == ["1", "3", "0.0%", "0.0%", "3", "0.0%", "0.0%"]
    assert row_of(answer, "2") == ["2", "2", "0.0%", "0.0%", "2", "0.0%", "0.0%"]
    assert f"/registers/enrolment_pastroll/?stage=primary&amp;school={schools[0].pk}&amp;year=2020" in html
    assert "/figures/enrolment.places/?period=2015&amp;stage=primary" in html
    assert seat("leader").get("/registers/enrolment_pastroll/?stage=primary&year=2020").status_code == 200


def test_what_if_writes_nothing(seat, schools):
    office, east, west = seat("office"), *schools
    before = [list(model.objects.values()) for model in (Births, Places, PastRoll, SchoolZone)]
    answer = office.get(f"{PRIMARY}?school={east.pk}&added=10&from_year=2022&moved_in=西村")
    assert "从2022年秋季起增加10个学位，西村划到东小学" in answer.content.decode()
    assert row_of(answer, "2021（预测）")[1:] == [
        "126126—126",
        "126126—126",
        "90",
        "140.0%",
        "红色",
        "90÷90橙色",
    ]
    assert row_of(answer, "2022（预测）")[3:5] == ["100", "126.0%"]
    file = office.get(f"{PRIMARY}xlsx/?school={east.pk}&class_size=60")
    sheet = load_workbook(BytesIO(b"".join(file.streaming_content))).worksheets[0]
    assert "每班改为60人" in sheet["A2"].value
    assert [cell.value for cell in sheet[10]] == [2021, 90, "90—90", 90, "90—90", 120, 0.75, "正常"]
    assert sheet["D16"].value is None
    assert sheet["D16"].comment.text == "入学的孩子还没有全部出生"
    out = office.get(f"{PRIMARY}?school={east.pk}&moved_out=东村&moved_to={west.pk}")
    assert row_of(out, "2021（预测）")[2] == "—"
    assert [list(model.objects.values()) for model in (Births, Places, PastRoll, SchoolZone)] == before


@pytest.mark.parametrize(
    "query", ["added=many", "added=99999", "class_size=0", "from_year=1", "moved_in=无此村", "moved_to=x"]
)
def test_a_wrong_assumption_is_told_and_changes_nothing(seat, schools, query):
    answer = seat("office").get(f"{PRIMARY}?school={schools[0].pk}&{query}")
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert "这是试算" not in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        f"{LIST}preschool/",
        f"{LIST}nothing/",
        f"{PRIMARY}?school=0",
        f"{PRIMARY}?school=x",
        f"{PRIMARY}pdf/",
        f"{LIST}junior/?school=1",
    ],
)
def test_what_is_not_there_is_not_found(seat, address):
    assert seat("office").get(address).status_code == 404


def test_the_annex_has_the_table_and_says_what_is_unknown(seat):
    file = seat("office").get(f"{PRIMARY}docx/")
    document = Document(BytesIO(b"".join(file.streaming_content)))
    prose = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "全部学校 小学学位预测" in prose
    assert "2027—2030年入学的孩子还没有全部出生" in prose
    [table] = document.tables
    # 140 children at the rate of one: 90 and 50 of 100 and 40.
    assert [cell.text for cell in table.rows[7].cells] == [
        "2021",
        "140",
        "140—140",
        "140",
        "140—140",
        "180",
        "77.8%",
        "正常",
    ]


def test_without_any_pupils_the_page_says_what_to_do(seat):
    office = seat("office")
    PastRoll.objects.all().delete()
    freeze(date(2020, 12, 31))
    assert "台账里还没有学生" in office.get(LIST).content.decode()
    assert office.get(PRIMARY).status_code == 404


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (date(2018, 9, 2), date(2019, 8, 31), "当月首日"),
        (date(2018, 9, 1), date(2019, 8, 30), "当月末日"),
        (date(2018, 9, 1), date(2019, 9, 30), "超过12个月"),
        (date(2018, 9, 1), date(2018, 8, 31), "早于"),
    ],
)
def test_births_are_of_whole_months_and_a_year_at_most(first, last, message):
    problems = dict(
        Births(community="东村", starts_on=first, ends_on=last, births=1, source="register").faults()
    )
    assert message in "".join(problems.values())


@pytest.mark.parametrize("last", [date(2018, 9, 30), date(2019, 8, 31)])
def test_a_month_and_a_year_are_right(last):
    assert not dict(
        Births(
            community="东村", starts_on=date(2018, 9, 1), ends_on=last, births=0, source="register"
        ).faults()
    )


def test_the_registers_count_the_autumns_that_they_know_and_older_ones_come_from_the_statistics(schools):
    """Of three who come, one does so on the counting day, one the day after; one has left the day before. What was typed for that autumn does not count."""
    east, west = schools
    Term.objects.create(code="2020秋", starts_on=date(2020, 9, 1), ends_on=date(2021, 1, 20))
    group = ClassGroup.objects.create(school=east, name="二年级1班", stage="primary", grade=2)
    days = (date(2020, 9, 1), date(2020, 9, 2), date(2019, 9, 1))
    for order, day in enumerate(days, 1):
        person = Person.objects.create(
            name="某某", id_number=f"34990020130101001{order}", sex="male", birth_date=date(2013, 1, order)
        )
        EnrolmentEvent.objects.create(person=person, occurred_on=day, kind="entry", to_class=group, grade=2)
    EnrolmentEvent.objects.create(
        person=person, occurred_on=date(2020, 8, 31), kind="leaving", from_class=group
    )
    snapshot = freeze(date(2020, 12, 31))
    inputs = read_inputs(snapshot, "register")
    assert (inputs.base, inputs.first_counted) == (2020, 2020)
    # A grade without a pupil, in a school that has some, has none.
    assert {place: n for place, n in inputs.rolls[east.pk, "primary"].items() if place[1] >= 2019} == {
        (1, 2019): 90, (1, 2020): 0, (2, 2020): 1,
    }  # fmt: skip
    assert max(year for _, year in inputs.rolls[west.pk, "primary"]) == 2019
    assert read_inputs(snapshot).sources == ("register",)


def test_each_source_is_a_forecast_of_its_own(seat, schools):
    Births.objects.create(
        community="东村", starts_on=date(2013, 9, 1), ends_on=date(2014, 8, 31), births=30, source="health"
    )
    freeze(date(2020, 12, 31))
    office = seat("office")
    page = f"{PRIMARY}?school={schools[0].pk}"
    assert row_of(office.get(page), "2021（预测）")[1] == "9090—90"
    health = office.get(f"{page}&source=health")
    assert row_of(health, "2021（预测）")[1] == "—"
    assert '<option value="health" selected>' in health.content.decode()
