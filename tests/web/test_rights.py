"""Every address of the system, asked for by everybody who must not see a child's name: none lets one out.

The addresses come from the URL configuration, so that a new page is tried without a new test; what fills their parameters
are the objects of the own school, those of another one, and numbers that nothing bears.
"""

import itertools

import pytest
from django.urls import reverse

from xuezheng import registry
from xuezheng.records.models import registers
from xuezheng.web.urls import urlpatterns

OWN, FOREIGN, NOTHING = 1, 5, 99999
NUMBERS = (OWN, 2, FOREIGN, NOTHING)
#: What each parameter of an address may be; an address with another one fails until it is told here.
VALUES = {
    # Those with rows here: that every register keeps to visible_to is tested with the records.
    "model": ("pupil", "person", "personcategory", "aid_award", "school", "submission", "nothing"),
    "pk": NUMBERS,
    "number": NUMBERS,
    "version": (1, NOTHING),
    "title": ("学生名册", "资助发放名单", "没有这张表"),
    "token": ("0" * 32, "x"),
    "key": ("aid.registered_poor_pupils", "aid.aid_amount", "enrolment.pupils", "party.members", "no.figure"),
    "template": ("half_year", "nothing"),
    "period": ("2019H1", "never"),
    "snapshot": ("2019-06-30-00000000", "nothing"),
    "kind": ("ledger", "notice", "nothing"),
    "role": ("clerk", "nothing"),
    "name": ("office", "leader", "aid", "nothing"),
}
#: The same list asked in the ways in which a page asks for parts and exports of it.
QUERIES = (
    "",
    "?q=学生",
    "?in_school=2",
    "?school=2",
    "?by=in_school",
    "?in_school=2&by=phase",
    "?format=csv",
)
NAMES = {order: f"学生{'甲乙丙丁戊己'[order - 1]}" for order in range(1, 7)}
OF_OTHERS = [NAMES[5], NAMES[6]]
#: Whose names must never reach whom. Whole ID numbers must reach nobody by a page.
SECRETS = {
    "clerk": OF_OTHERS,
    "leader": list(NAMES.values()),
    "stranger": list(NAMES.values()),
}


def addresses():
    own = [(area, getattr(pages, "urlpatterns", ())) for area, pages in registry.modules("pages").items()]
    for space, paths in [("web", urlpatterns), *own]:
        for path in paths:
            parameters = path.pattern.converters
            unknown = set(parameters) - set(VALUES)
            assert not unknown, f"{path.name}: tell in VALUES what {unknown} may be"
            for values in itertools.product(*(VALUES[name] for name in parameters)):
                told = dict(zip(parameters, values, strict=True))
                yield path.name, reverse(f"{space}:{path.name}", kwargs=told)


def told(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code < 500
    return content.decode(errors="replace")


@pytest.mark.parametrize("role", SECRETS)
def test_no_address_lets_out_what_is_not_ones_own(everybody, role, district):
    asker = everybody[role]
    numbers = [pupil.person.id_number for pupil in district.pupils]
    asked = 0
    for name, address in addresses():
        if name == "logout":
            continue
        queries = QUERIES if name in ("register", "figure") else ("",)
        requests = [asker.get(address + query) for query in queries]
        requests.append(asker.get(address, headers={"HX-Request": "true"}))
        requests.append(
            asker.post(address, {"q": NAMES[5], "decision": "commit", "reason": "试", "name": "改"})
        )
        for response in requests:
            html = told(response)
            if name == "search":  # it says again what it was asked for
                html = html.replace(f"“{NAMES[5]}”", "").replace(f'value="{NAMES[5]}"', "")
            asked += 1
            let_out = [
                secret for secret in (*SECRETS[role], *numbers) if secret in html.replace("q=学生", "")
            ]
            assert not let_out, (name, address, let_out)
    assert asked > len(urlpatterns)


def test_nothing_was_changed_by_asking(everybody, district):
    before = {name: model.objects.count() for name, model in registers().items()}
    for role in SECRETS:
        for name, address in addresses():
            if name != "logout":
                everybody[role].post(address, {"decision": "commit", "reason": "试", "name": "改"})
    assert {name: model.objects.count() for name, model in registers().items()} == before
    assert [pupil.person.name for pupil in type(district.pupils[0]).objects.order_by("pk")] == list(
        NAMES.values()
    )
