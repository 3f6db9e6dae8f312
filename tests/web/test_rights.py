"""Every address of the system, asked for by every role in every way: nobody is told of a person who is not one's own.

The addresses come from the URL configuration, so that a new page is tried without a new test; what fills their parameters
are the objects of the own school, those of another one, some that were deleted, and numbers that nothing bears. The names
and numbers of the pupils are the canaries. The same walk holds two laws more: of whomever a page or file tells, the log
of looks tells as well; and asking changes nothing.
"""

import io
import itertools
import json
import zipfile
from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from xuezheng import registry
from xuezheng.areas.aid.models import Award, Notice, Recognition
from xuezheng.areas.enrolment.models import Draw
from xuezheng.areas.enrolment.procedures import steps as draws
from xuezheng.collections import collecting
from xuezheng.core.periods import Period
from xuezheng.records.models import Person, Pupil, School, registers
from xuezheng.web.security import access_log
from xuezheng.web.urls import urlpatterns
from xuezheng.workbooks import sheet_catalogue

OWN, FOREIGN, DELETED, NOTHING = 1, 5, 7, 99999
NUMBERS = (OWN, FOREIGN, DELETED, NOTHING)
#: What each parameter of an address may be; an address with another one fails until it is told here.
VALUES = {
    # Those with rows here: that every register keeps to visible_to is tested with the records.
    "model": ("pupil", "person", "aid_award", "school", "submission", "nothing"),
    "pk": NUMBERS,
    "number": NUMBERS,
    "version": (1, NOTHING),
    "title": ("学生名册", "资助发放名单", "没有这张表"),
    "token": ("0" * 32, "x"),
    "key": ("aid.registered_poor_pupils", "enrolment.pupils", "party.members", "aid.boarder", "no.figure"),
    "template": ("half_year", "nothing"),
    "period": ("2019H1", "never"),
    "snapshot": ("2019-06-30-00000000", "nothing"),
    "kind": ("ledger", "notice", "list", "result", "xlsx", "docx", "places", "classes", "nothing"),
    "role": ("clerk", "nothing"),
    "name": ("office", "leader", "aid", "nothing"),
    "code": ("national", "3112", "nothing"),
    "step": ("approve", "nothing"),
    "stage": ("primary", "nothing"),
    "year": (2026,),
    "school": (OWN, FOREIGN, NOTHING),
}
#: The same asked in the ways in which a page asks for parts and exports of it.
QUERIES = {
    "register": ("?q=学生", "?in_school=2", "?school=2", "?format=csv"),
    "figure": ("?by=in_school", "?in_school=2&by=phase"),
    "api_rows": ("?period=2019H1", "?period=2019H1&where=in_school=2"),
    "api_values": ("?period=2019H1",),
}
NAMES = {order: f"学生{'甲乙丙丁戊己'[order - 1]}" for order in range(1, 7)}
GONE = "学生庚"
OF_OTHERS = {NAMES[5], NAMES[6]}
#: Whose names must never reach whom: a section and the office see all who are there.
SECRETS = {
    "office": set(),
    "aid": set(),
    "clerk": OF_OTHERS,
    "leader": set(NAMES.values()),
    "administrator": set(NAMES.values()),
    "security": set(NAMES.values()),
    "auditor": set(NAMES.values()),
    "stranger": set(NAMES.values()),
}
#: Those who see all ask once for each address, for the laws alone.
SEES_ALL = ("office", "aid")
#: The files that are made to hold whole numbers.
WHOLE = ("submission_workbook", "paper", "bank_file")
WORDS = {"q": NAMES[5], "decision": "commit", "reason": "试", "name": "改", "step": "lock", "revoke": "1"}


def addresses():
    own = [(area, getattr(pages, "urlpatterns", ())) for area, pages in registry.modules("pages").items()]
    for space, paths in [("web", urlpatterns), *own]:
        for path in paths:
            parameters = path.pattern.converters
            unknown = set(parameters) - set(VALUES)
            assert not unknown, f"{path.name}: tell in VALUES what {unknown} may be"
            for values in itertools.product(*(VALUES[name] for name in parameters)):
                told = dict(zip(parameters, values, strict=True))
                if path.name != "logout":
                    yield path.name, reverse(f"{space}:{path.name}", kwargs=told)


@pytest.fixture
def everybody(district, users, snapshot, short_report, as_user, client):
    """Who asks, where each kind of object is there of the own school, of another one, and was deleted."""
    sheets = [sheet_catalogue.sheet("资助发放名单")]
    collecting.open_collection(
        "名单", Period.parse("2019春"), "aid", sheets, School.objects.all(), date(2019, 6, 20)
    )
    for order in (OWN, FOREIGN):
        pupil = district.pupils[order - 1]
        recognition = Recognition.objects.create(
            pk=order, person=pupil.person, term=district.term, school=pupil.class_group.school, stage="primary",
            category="other", tier="slight", applied_on=date(2019, 3, 1), state="noticed", noticed_until=date(2019, 3, 8),
        )  # fmt: skip
        notice = Notice.objects.create(
            pk=order, school=recognition.school, term=district.term, first_day=date(2019, 3, 4), last_day=date(2019, 3, 8),
            made_by=users["aid"],
        )  # fmt: skip
        recognition.steps.create(after="noticed", day=notice.first_day, by=users["aid"], notice=notice)
    draw = Draw(
        school=district.own, stage="primary", year=2026, places=1, seed_from="号码",
        seed_on=timezone.localdate() + timedelta(days=1),
    )  # fmt: skip
    draws.fix(draw, "0001\n0002\n", users["office"])
    draws.enter_seed(draw.pk, "123", users["office"], draw.seed_on)
    _deleted(district)
    cache.clear()
    return {name: client if name == "stranger" else as_user(name) for name in SECRETS}


def _deleted(district):
    """A pupil with an award, at the own school, who was taken out again: only the history knows."""
    first = district.pupils[0]
    person = Person.objects.create(
        pk=DELETED,
        name=GONE,
        id_type="passport",
        id_number="E70000007",
        sex="male",
        birth_date=date(2010, 3, 1),
    )
    pupil = Pupil.objects.create(
        pk=DELETED, person=person, student_number="L70000007", class_group=first.class_group, boarding="day", entered_on=date(2016, 9, 1)
    )  # fmt: skip
    award = Award.objects.create(
        pk=DELETED, person=person, programme="registered_poor", term=district.term, stage="primary", school=district.own,
        school_name=district.own.name, study_division="349900", boarding="day", amount=50_000,
    )  # fmt: skip
    for record in (award, pupil, person):
        record.delete()


def told(response):
    """What an answer says, the parts of a workbook or a Word document among it."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    # The page of health says 503 where no worker runs, as here.
    assert response.status_code < 500 or response.wsgi_request.path == reverse("web:health")
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            content = b"".join(map(file.read, file.namelist()))
    return content.decode(errors="replace")


def asked(asker, name, address, once):
    """Ask for an address in every way; yield the way and the answer."""
    follow = name == "register"  # what is asked for leads to another address of the same list
    for query in ("", *QUERIES.get(name, ())):
        yield f"GET {query}", asker.get(address + query, follow=follow)
    if once:
        return
    yield "part", asker.get(address, headers={"HX-Request": "true"})
    yield "POST", asker.post(address, WORDS, follow=follow)


def noted():
    """The persons of whom lines were laid down since the last time."""
    found = set()
    for path in access_log._folder().glob("*.json"):
        found |= set(json.loads(path.read_bytes())["persons"])
        path.unlink()
    return found


def standing():
    """What asking must not change."""
    return {name: model.objects.count() for name, model in registers().items()}


@pytest.mark.parametrize("role", SECRETS)
def test_nobody_is_told_of_others_by_any_address_and_every_look_is_noted(everybody, role, district, settings):
    settings.API_PER_MINUTE = 10_000
    numbers = {pupil.person.id_number: order for order, pupil in enumerate(district.pupils, 1)}
    before, ways = standing(), Counter()
    noted()
    for name, address in addresses():
        for way, response in asked(everybody[role], name, address, once=role in SEES_ALL):
            # With "no-referrer" browsers send "Origin: null", and no form of such a page is accepted.
            assert response["Referrer-Policy"] == "same-origin", (name, way, address)
            text = told(response)
            if name == "search":  # it says again what it was asked for
                text = text.replace(f"“{NAMES[5]}”", "").replace(f'value="{NAMES[5]}"', "")
            secret = SECRETS[role] | {GONE, "E70000007"}
            secret |= {
                number
                for number, order in numbers.items()
                if name not in WHOLE or NAMES[order] in SECRETS[role]
            }
            let_out = [it for it in secret if it in text]
            assert not let_out, (name, way, address, let_out)
            shown = {order for order, pupil in NAMES.items() if pupil in text}
            seen = noted()
            assert shown <= seen, (name, way, address, shown - seen)
            ways[way] += 1
    assert ways["GET "] == ways["part" if role not in SEES_ALL else "GET "] > len(urlpatterns)
    assert standing() == before
    assert [it.name for it in Person.objects.order_by("pk")] == list(NAMES.values())
