"""Last year beside this year, and the explanations of breaks and large changes: kept, void, permitted."""

from datetime import date

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from tests.statistics.conftest import OTHER, SCHOOL

from xuezheng.policy.current import entry
from xuezheng.records.models import ChainLink, School, TableExplanation, Term, User
from xuezheng.snapshots import freeze
from xuezheng.statistics.cells import counting_day, fill
from xuezheng.statistics.checks import check
from xuezheng.statistics.declarations import statistical_tables
from xuezheng.statistics.findings import Change, changes, fill_year_before, findings, limits

PAGE = "/statistics/3112/"
TABLE = statistical_tables()["教基3112"]


@pytest.mark.parametrize(
    ("before", "now", "large"),
    [
        (100, 130, True),
        (100, 129, False),  # 29 %, and 29 persons
        (100, 70, True),
        (101, 131, False),  # 29.7 %
        (90, 119, False),  # 32 %, but 29 persons
        (0, 30, True),
        (0, 29, False),
        (30, 0, True),
    ],
)
def test_a_change_is_large_by_share_and_by_number(before, now, large):
    assert Change(before, now).is_large(30, 30) is large


def test_without_limits_no_change_at_all_is_no_large_one():
    assert not Change(5, 5).is_large(0, 0)


def test_the_limits_are_a_setting_that_nobody_has_checked(db):
    assert limits(date(2019, 9, 1)) == (30, 30)
    assert limits(date(2015, 9, 1)) is None
    assert {
        version.grade
        for name in ("share", "least")
        for version in entry(f"policy.table_change_{name}").versions
    } == {"C"}


@pytest.fixture
def second_year(grouped, monkeypatch):
    """The tables of autumn 2019, and of autumn 2018 before it; two pupils are many here."""
    Term.objects.create(code="2019秋", starts_on="2019-09-01", ends_on="2020-01-15")
    monkeypatch.setattr("xuezheng.statistics.findings.limits", lambda day: (30, 2))
    return grouped


def computed(snapshot, year=2019, school=None):
    filled = fill(TABLE, snapshot, counting_day(year), school)
    before = fill_year_before(filled, snapshot)
    return filled, before, changes(filled, before)


def test_the_year_before_is_beside_this_one(second_year):
    filled, before, changed = computed(second_year)
    assert (before.day, filled.day) == (date(2018, 9, 1), date(2019, 9, 1))
    # Six in 2018; one left the day after the counting day, one graduated: four, all of them where they were.
    assert (before.numbers["01", "7"], filled.numbers["01", "7"]) == (6, 4)
    assert changed["01", "7"] == Change(6, 4)
    assert changed["01", "7"].difference == -2
    assert ("01", "3") not in changed  # in no year is there a number
    assert ("01", "1") not in changed  # in 2018 nobody is registered as graduated
    by_subject = {each.subject: each for each in findings(filled, [], changed)}
    assert "change 01.7" in by_subject
    assert "change 01.8" not in by_subject  # three girls, and two
    assert by_subject["change 01.7"].text == "01 总计，7 在校生数：上年6，本年4，相差-2"
    assert computed(second_year, 2018)[1:] == (None, {})  # the registers begin in 2018


@pytest.fixture
def visit(second_year):
    def go(role, school="", **fields):
        user, _ = User.objects.get_or_create(
            username=f"{role} {school}",
            defaults={
                "role": role,
                "section": "aid" if role == "section" else "",
                "school": School.objects.get(code=school) if school else None,
                "toured_at": timezone.now(),
            },
        )
        seat = Client()
        seat.force_login(user)
        return seat

    return go


def explain(seat, subject, numbers, text="二年级一人转走，六年级毕业", school=None):
    address = f"{PAGE}explanations/?year=2019&school={school.pk if school else ''}"
    return seat.post(address, {"subject": subject, "numbers": numbers, "text": text}, follow=True)


def test_an_explanation_is_kept_and_void_when_its_numbers_change(visit, second_year, tmp_path):
    office = visit("office")
    assert "待说明" in office.get(f"{PAGE}?year=2019").content.decode()
    page = explain(office, "change 01.7", "6/4").content.decode()
    assert "说明已保存" in page
    [explanation] = TableExplanation.objects.all()
    assert (explanation.table, explanation.year, explanation.school, explanation.made_by.role) == (
        "教基3112",
        2019,
        None,
        "office",
    )
    assert "二年级一人转走，六年级毕业" in page
    assert ChainLink.objects.filter(subject="table_explanation").count() == 1
    with pytest.raises(TypeError):
        explanation.save()

    path = tmp_path / "表.xlsx"
    path.write_bytes(b"".join(office.get(f"{PAGE}file/?year=2019").streaming_content))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["教基3112", "与上年比较", "说明"]
    comparison = [[cell.value for cell in row] for row in book["与上年比较"].iter_rows()]
    place = comparison[2].index("7 在校生数")
    assert comparison[3][place : place + 3] == ["本年", "上年", "相差"]
    assert comparison[4][place : place + 3] == [4, 6, -2]
    lines = {row[0].value: [cell.value for cell in row] for row in book["说明"].iter_rows(min_row=4)}
    assert lines["01 总计，7 在校生数：上年6，本年4，相差-2"][1:3] == ["已说明", "二年级一人转走，六年级毕业"]

    # The same numbers, computed again: the explanation is carried along.
    again = freeze(date(2019, 10, 2))
    filled, _, changed = computed(again)
    [finding] = [each for each in findings(filled, [], changed) if each.subject == "change 01.7"]
    assert finding.explanation == explanation
    later = {each.subject: each for each in findings(filled, [], {**changed, ("01", "7"): Change(6, 3)})}
    assert (later["change 01.7"].explanation, later["change 01.7"].void) == (None, explanation)


def test_what_is_not_shown_so_or_must_hold_is_not_explained(visit, second_year):
    office = visit("office")
    for subject, numbers, text, reason in (
        ("change 01.7", "6/5", "原因", "这一项的数已经变了"),
        ("change 01.9", "6/4", "原因", "这一项的数已经变了"),
        ("change 01.7", "6/4", "  ", "请写出原因"),
        ("change 01.7", "6/4", "因" * 301, "请写出原因"),
    ):
        assert reason in explain(office, subject, numbers, text).content.decode()
    # In 2018 one pupil repeats the first grade, so that entrants are not all of it.
    filled = fill(TABLE, second_year, counting_day(2018))
    [rule, *_] = [each for each in findings(filled, check(TABLE, filled.numbers), {}) if each.is_hard]
    response = office.post(
        f"{PAGE}explanations/?year=2018",
        {"subject": rule.subject, "numbers": rule.numbers, "text": "留级"},
        follow=True,
    )
    assert "请改正台账" in response.content.decode()
    assert not TableExplanation.objects.exists()


def test_without_limits_changes_are_not_picked_out_and_the_page_says_so(visit, monkeypatch):
    for module in ("xuezheng.statistics.findings", "xuezheng.web.statistics.tables"):
        monkeypatch.setattr(f"{module}.limits", lambda day: None)
    page = visit("office").get(f"{PAGE}?year=2019").content.decode()
    assert "政策标准里没有定大的变动的限度" in page
    assert "相差-2" not in page


def test_a_clerk_explains_the_table_of_the_own_school_only(visit):
    own, foreign = (School.objects.get(code=code) for code in (SCHOOL, OTHER))
    clerk = visit("clerk", SCHOOL)
    assert explain(clerk, "change 01.7", "6/4").status_code == 403
    assert explain(clerk, "change 01.7", "6/4", school=foreign).status_code == 403
    assert "说明已保存" in explain(clerk, "change 01.7", "6/4", school=own).content.decode()
    assert TableExplanation.objects.get().school == own
    page = explain(clerk, "change 01.7", "6/4", "<b>转走</b>", own).content.decode()
    assert "<b>转走" not in page
    assert "&lt;b&gt;转走" in page
    assert (
        "待说明" in visit("leader").get(f"{PAGE}?year=2019").content.decode()
    )  # of all schools it is not explained
    assert "保存说明" not in visit("leader").get(f"{PAGE}?year=2019").content.decode()
    assert explain(visit("leader"), "change 01.7", "6/4").status_code == 403


def test_the_countys_graduates_and_entrants_are_compared_for_all_schools_only(db, snapshot):
    juniors = statistical_tables()["教基3115"]
    numbers, elsewhere = {("01", "2"): 3}, {"教基3112": {("01", "1"): 2}}
    [broken] = [each for each in check(juniors, numbers, elsewhere) if each.holds is False]
    assert not broken.rule.hard
    assert str(broken) == "行.栏：教基3112:01.1（2）不应小于01.2（3）"
    assert not [
        each for each in check(juniors, numbers, elsewhere, School.objects.first()) if each.rule.county
    ]
