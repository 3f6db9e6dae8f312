"""A programme of the bureau's own: added on the page of its list, rated by policy, drawn up, paid, counted and reported."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from xuezheng.areas.aid import rules
from xuezheng.areas.aid.models import Account, Award, Payment, Recognition
from xuezheng.areas.aid.procedures.bank import make_batch
from xuezheng.areas.aid.procedures.decide import approve
from xuezheng.areas.aid.procedures.entitling import Entitled, programmes_of
from xuezheng.areas.aid.procedures.propose import propose
from xuezheng.areas.aid.procedures.receipt import read_receipt
from xuezheng.areas.aid.tests.conftest import id_number
from xuezheng.areas.aid.tests.test_rates import rows_with
from xuezheng.core.periods import Period
from xuezheng.figures import catalogue
from xuezheng.intake import import_workbook
from xuezheng.policy import codes
from xuezheng.policy.current import entry
from xuezheng.policy.models import LocalVersion
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import ClassGroup, Person, PersonCategory, Pupil, School, Term, User
from xuezheng.reports.compose import compose_text
from xuezheng.reports.model import runs_of, text_of
from xuezheng.snapshots import freeze
from xuezheng.web.answers import scenario_form
from xuezheng.workbooks import sheet_catalogue, write_workbook

NAME, SOURCE = "春蕾助学金", "云教〔2025〕12号第三条"
START = date(2025, 9, 1)
LIST, RATE, CATEGORY = (
    "/policy/codes/aid.programme/",
    "/policy/aid.local_rate/",
    "/policy/policy.hardship.other/",
)


@pytest.fixture
def clients(lone_district, policy_of_the_database):
    """Somebody of the aid office, who proposes, and somebody of the office, who decides."""
    made = {
        "aid": User.objects.create(username="甲", role=User.Role.SECTION, section="aid"),
        "office": User.objects.create(username="乙", role=User.Role.OFFICE),
    }
    for user in made.values():
        client = Client()
        client.force_login(user)
        user.client = client
    return made


def propose_and_approve(clients, address, **fields):
    """Propose a version on its page and have it approved by somebody else; return it."""
    form = {"first": str(START), "source": SOURCE, **fields}
    response = clients["aid"].client.post(address, form)
    assert response.status_code == 302, response.content.decode()
    local = LocalVersion.objects.latest("pk")
    assert clients["office"].client.post(f"/policy/versions/{local.pk}/approve/").status_code == 302
    codes.forget()
    return local


@pytest.fixture
def programme(clients):
    """The code of a programme for junior pupils who board, whom the category 其他家庭经济困难 entitles to it."""
    chosen = {"properties": "1", "property-stages": "junior", "property-boarding": "boarder"}
    code = propose_and_approve(clients, LIST, label=NAME, **chosen).key.rpartition(".")[2]
    known = entry("aid.local_rate")
    fields = {line.words: line.field for line in scenario_form.lines(known, scenario_form.blank(known))}
    propose_and_approve(clients, RATE, **{fields[NAME]: "450.50"})
    hardship = code_list("policy.hardship").codes["other"]
    entitles = [*hardship.properties(START)["entitles"], code]
    propose_and_approve(
        clients, CATEGORY, label=hardship.label, properties="1", **{"property-entitles": entitles}
    )
    return code


@pytest.fixture
def term(lone_district):
    return Term.objects.create(code="2025秋", starts_on=START, ends_on=date(2026, 1, 20))


@pytest.fixture
def boarder(term):
    """A recognised junior pupil who boards, with an account."""
    school = School.objects.create(
        code="3199010101", name="云岭初级中学", kind="311", urban_rural="121", runner="831"
    )
    group = ClassGroup.objects.create(school=school, name="八年级1班", stage="junior", grade=2)
    person = Person.objects.create(
        name="学生一", id_number=id_number(1), sex="male", birth_date=date(2010, 3, 1)
    )
    Pupil.objects.create(
        person=person, student_number="G1", class_group=group, boarding="boarder", entered_on=date(2024, 9, 1)
    )
    PersonCategory.objects.create(person=person, category="other", starts_on=START)
    Account.objects.create(person=person, holder=person.name, number="6217001000000000001", bank="云岭农商行")
    return person


def test_a_category_entitles_to_it_where_stage_and_boarding_fit(programme):
    entitled = programmes_of(Entitled("other", "junior", "311", "boarder"), START)
    assert programme in entitled
    assert "boarder" in entitled
    for pupil in (("other", "primary", "211", "boarder"), ("other", "junior", "311", "day")):
        assert programme not in programmes_of(Entitled(*pupil), START)
    assert programme not in programmes_of(Entitled("other", "junior", "311", "boarder"), date(2025, 8, 31))


def test_a_recognised_pupil_is_entitled_to_its_amount_besides_the_others(programme):
    about = {"stage": "junior", "school_kind": "311", "tier": "slight", "category": "other"}
    pupils = [
        {**about, "term_start": START, "boarding": "boarder"},
        {**about, "term_start": START, "boarding": "day"},
        {**about, "term_start": date(2025, 8, 31), "boarding": "boarder"},
    ]
    # 750 yuan for poor pupils who board, from spring 2024 on; the programme begins in autumn 2025.
    assert rows_with(Recognition, rules.entitled_amount, pupils) == [750_00 + 450_50, 0, 750_00]


def test_a_value_that_a_property_does_not_have_is_refused(clients):
    form = {"label": NAME, "first": str(START), "source": SOURCE, "property-stages": "kindergarten"}
    page = clients["aid"].client.post(LIST, form).content.decode()
    assert "没有所选的一项" in page
    assert not LocalVersion.objects.exists()


def test_it_is_entered_drawn_up_paid_counted_and_reported(
    programme, boarder, term, clients, answered, tmp_path
):
    row = [boarder.name, boarder.id_number, NAME, term.code, "3199010101", "学校认定"]
    budget = [NAME, term.code, "450.50", "云财教〔2025〕9号"]
    sheets = {sheet_catalogue.sheet("应助名单"): [row], sheet_catalogue.sheet("资助指标表"): [budget]}
    write_workbook(tmp_path / "应助.xlsx", sheets, day=START)
    outcome = import_workbook(tmp_path / "应助.xlsx")
    assert outcome.saved, outcome.problems
    client = clients["aid"].client
    form = {"programme": programme, "term": term.pk, "step": "draw_up"}
    assert f"{NAME}" in client.get("/aid/payments/").content.decode()
    client.post("/aid/payments/", form)
    award = Award.objects.get()
    assert (award.amount, award.get_programme_display()) == (450_50, NAME)
    made = propose(programme, term, clients["aid"]).list
    assert NAME in client.get(reverse("aid:list", args=[made.pk])).content.decode()
    approve(made.pk, clients["office"])
    batch, _ = make_batch(made.pk, clients["aid"])
    read_receipt(batch.pk, answered(batch, change=of_2025), clients["aid"])
    assert Payment.objects.get().state == "paid"
    snapshot = freeze(date(2025, 12, 31))
    autumn = Period.parse("2025H2")
    assert catalogue.figure("aid.aid_amount").at(snapshot, autumn, programme=programme).value == 450_50
    assert catalogue.figure("aid.differing_awards").at(snapshot, autumn).value == 0
    source = '春蕾助学金发放{{ n("aid.aid_amount", programme="CODE") }}。'.replace("CODE", programme)
    report = compose_text(source, snapshot, autumn)
    assert [text_of(runs_of(block)) for block in report.blocks] == ["春蕾助学金发放450.5元。"]


def of_2025(rows):
    return [[*row[:-1], row[-1].replace("2019-10-25", "2025-10-25")] for row in rows]
