"""A district in which the aid of autumn 2019 waits to be paid, and those who pay it."""

from datetime import date

import pytest
import xlsxwriter
from django.test import Client

from xuezheng.areas.aid.models import Account, Award, Budget, Payment, Recognition
from xuezheng.areas.aid.procedures import bank
from xuezheng.areas.aid.procedures.bank import make_batch
from xuezheng.areas.aid.procedures.decide import approve
from xuezheng.areas.aid.procedures.propose import propose
from xuezheng.areas.aid.procedures.receipt import read_receipt
from xuezheng.areas.aid.procedures.recognise import apply
from xuezheng.records.identifiers import id_check_digit
from xuezheng.records.models import ClassGroup, District, Person, Pupil, School, Term, User
from xuezheng.workbooks import sheet_catalogue, write_workbook

PAID_ON = date(2019, 10, 25)
PROGRAMME = "registered_poor"


def id_number(order):
    first = f"990101201003{order // 100 % 28 + 1:02d}{order // 2800:01d}{order % 100:02d}"
    return first + id_check_digit(first)


def add_awards(count, term, school, first=1):
    """Awards of 312.5 yuan by the rules of autumn 2019, to pupils of junior school who do not board, with accounts."""
    orders = range(first, first + count)
    people = Person.objects.bulk_create(
        Person(name=f"学生{order}", id_number=id_number(order), sex="male", birth_date=date(2010, 3, 1))
        for order in orders
    )
    awards = Award.objects.bulk_create(
        Award(
            person=person,
            programme=PROGRAMME,
            term=term,
            stage="junior",
            school=school,
            school_name=school.name,
            study_division="990101",
            boarding="day",
            amount=31250,
        )
        for person in people
    )
    Account.objects.bulk_create(
        Account(person=person, holder=person.name, number=f"621700{10**12 + order}", bank="云岭农商行")
        for person, order in zip(people, orders, strict=True)
    )
    return awards


def states():
    return [payment.state for payment in Payment.objects.order_by("pk")]


@pytest.fixture
def place(db):
    """The district, its school with a class, and the term."""
    District.objects.create(code="990101", name="云岭区", bureau_name="云岭区教育局")
    School.objects.create(code="3199010101", name="云岭初级中学", kind="311", urban_rural="121", runner="831")
    Term.objects.create(code="2019秋", starts_on=date(2019, 9, 1), ends_on=date(2020, 1, 15))


@pytest.fixture
def term(place):
    return Term.objects.get()


@pytest.fixture
def school(place):
    return School.objects.get()


@pytest.fixture
def awards(term, school):
    """Add awards that wait; a budget covers them all."""
    Budget.objects.create(programme=PROGRAMME, term=term, amount=10**9, document="云财教〔2019〕58号")
    return lambda count=3, first=1: add_awards(count, term, school, first)


@pytest.fixture
def enrolled(awards, school):
    """Three awards to pupils who are in a class."""
    group = ClassGroup.objects.create(school=school, name="八年级1班", stage="junior", grade=2)
    made = awards(3)
    for award in made:
        Pupil.objects.create(
            person=award.person,
            student_number=f"G{award.person.id_number}",
            class_group=group,
            boarding="day",
            entered_on=date(2018, 9, 1),
        )
    return made


@pytest.fixture
def clerk(school):
    """The clerk of the school."""
    return User.objects.create(username="经办人", role=User.Role.CLERK, school=school)


@pytest.fixture
def foreign_clerk(place):
    """The clerk of another school."""
    other_school = School.objects.create(
        code="3199010102", name="松溪初级中学", kind="311", urban_rural="121", runner="831"
    )
    return User.objects.create(username="外校经办人", role=User.Role.CLERK, school=other_school)


@pytest.fixture
def applied(enrolled, term, school, clerk):
    """Three applications for recognition, of pupils who do not board."""
    return [
        apply(
            Recognition(
                person=award.person, term=term, school=school, stage="junior", class_name="八年级1班",
                category="rural_allowance", tier="slight", phone="13800000000", applied_on=date(2019, 9, 9),
            ),
            clerk,
        )
        for award in enrolled
    ]  # fmt: skip


@pytest.fixture
def users(db):
    """Five who may pay: 甲, 乙, 丙, 丁 of the section, and the office."""
    made = [User(username=name, role=User.Role.SECTION, section="aid") for name in "甲乙丙丁"]
    made.append(User(username="办公室", role=User.Role.OFFICE))
    for user in made:
        user.save()
    return made


@pytest.fixture
def as_user(users):
    def log_in(user):
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def strangers(place, school):
    """Three who may not: another section, a leader, a clerk; and one of the section who has left."""
    kinds = (
        {"role": User.Role.SECTION, "section": "staffing"},
        {"role": User.Role.LEADER},
        {"role": User.Role.CLERK, "school": school},
        {"role": User.Role.SECTION, "section": "aid", "is_active": False},
    )
    return [User.objects.create(username=f"旁人{order}", **kind) for order, kind in enumerate(kinds)]


@pytest.fixture
def workbook(tmp_path):
    """Write a workbook by the templates: rows of text by the sheet's title."""

    def write(sheets, name="上报.xlsx"):
        write_workbook(
            tmp_path / name, {sheet_catalogue.sheet(title): rows for title, rows in sheets.items()}
        )
        return tmp_path / name

    return write


@pytest.fixture
def raw_workbook(tmp_path):
    """Write a workbook of text as somebody might have typed it."""

    def write(sheets, name="上报.xlsx"):
        book = xlsxwriter.Workbook(tmp_path / name)
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
        book.close()
        return tmp_path / name

    return write


@pytest.fixture
def answered(raw_workbook):
    """Write the bank's answer to a batch: all paid, but for the places that failed with a reason; ``change`` alters rows."""

    def write(batch, failed=(), change=lambda rows: rows, name="回单.xlsx"):
        reasons = dict(failed)
        rows = [
            [
                batch.number, str(payment.place), payment.award.person.name, payment.award.person.id_number, payment.holder, payment.account, payment.bank,
                f"{payment.amount / 100:.2f}", "", "失败" if payment.place in reasons else "成功", reasons.get(payment.place, ""),
                "" if payment.place in reasons else str(PAID_ON),
            ]
            for payment in batch.payments.order_by("place")
        ]  # fmt: skip
        return raw_workbook({bank.SHEET: [["资助代发清单"], list(bank.COLUMNS), *change(rows)]}, name)

    return write


@pytest.fixture
def listed(awards, term, users):
    awards(3)
    return propose(PROGRAMME, term, users[0]).list


@pytest.fixture
def batch(listed, users):
    approve(listed.pk, users[1])
    return make_batch(listed.pk, users[0])[0]


@pytest.fixture
def paid(batch, users, answered):
    read_receipt(batch.pk, answered(batch), users[0])
    return list(Payment.objects.order_by("pk"))
