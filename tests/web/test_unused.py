"""An area that is switched off is nowhere: not on the home page, dashboards and lists, not in searches and the catalogue of programs."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from xuezheng.api.openapi import BASE
from xuezheng.figures import catalogue, is_reported
from xuezheng.records import switches
from xuezheng.records.models import registers
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers import alerts
from xuezheng.web.models import Pin
from xuezheng.web.ui.area_pages import dashboards, doors
from xuezheng.web.ui.todos import todos
from xuezheng.workbooks import sheet_catalogue

OFF = "aid"
REASON = "本单位未启用"


@pytest.fixture
def client(as_user, users, snapshot):
    """The office's client in a bureau without aid of pupils."""
    Pin.objects.create(user=users["office"], figure="aid.aid_amount", part="", order=1)
    switches.switch(OFF, False, users["administrator"])
    return as_user("office")


def of_the_area():
    return {key for key, figure in catalogue.figures().items() if not is_reported(figure, frozenset({OFF}))}


def addresses():
    """Every page about something of the area: its own, its registers, its figures, its templates."""
    own = next(entry for entry in get_resolver().url_patterns if str(entry.pattern) == f"{OFF}/")
    for page in own.url_patterns:
        yield f"/{OFF}/" + re.sub(r"<[^>]*>", "1", str(page.pattern))
    for name, model in registers().items():
        if model._meta.app_label == OFF:
            for page in ("register", "list_columns", "list_paste", "list_export"):
                yield reverse(f"web:{page}", args=[name])
            yield reverse("web:record", args=[name, 1])
    for key in of_the_area():
        yield reverse("web:figure", args=[key])
        yield reverse("web:figure_sql", args=[key])
    for title, sheet in sheet_catalogue.sheets().items():
        if sheet.model._meta.app_label == OFF:
            yield reverse("web:template", args=[title])


def test_every_page_of_it_says_so_and_whom_to_ask(client):
    checked = list(addresses())
    assert len(checked) > 100
    for address in checked:
        response = client.get(address)
        page = response.content.decode()
        assert response.status_code == 404, address
        assert REASON in page, address
        assert "系统管理员" in page, address


def test_no_page_of_others_leads_to_it(client, users):
    gone = of_the_area()
    pages = ["/", "/registers/", "/figures/", "/intake/", "/help/"]
    pages += [f"/dashboards/{name}/" for name in dashboards(users["office"])]
    assert "/dashboards/office/" in pages
    assert f"/dashboards/{OFF}/" not in pages
    for address in pages:
        response = client.get(address)
        assert response.status_code == 200, address
        html = response.content.decode()
        linked = {key for key in gone if f"/figures/{key}/" in html}
        assert linked == set(), address
        assert f'href="/{OFF}/' not in html, address
        assert f"/registers/{OFF}_" not in html, address


def test_no_search_finds_it(client):
    for text in ("资助", "建档立卡", "困难认定", "代发账户"):
        html = client.post("/search/", {"q": text}, headers={"HX-Request": "true"}).content.decode()
        assert not {key for key in of_the_area() if f"/figures/{key}/" in html}, text
        assert f"/registers/{OFF}_" not in html, text
        assert f'href="/{OFF}/' not in html, text
    assert "/figures/enrolment.pupils/" in client.post("/search/", {"q": "在校学生"}).content.decode()


def test_no_alert_to_do_or_door_leads_to_it(client, users, district):
    snapshot = Snapshot.latest()
    shown = alerts.alerts(users["office"], snapshot)
    assert not [alert for alert in shown if alert.item.area == OFF or f"/figures/{OFF}." in alert.address]
    assert not [todo for todo in todos(users["office"]) if todo.address.startswith(f"/{OFF}/")]
    assert not [
        address for _, address in doors(district.pupils[0].person, users["office"]) if f"/{OFF}/" in address
    ]


def test_programs_neither_find_its_figures_nor_get_their_values(client, token):
    program = Client(headers={"Authorization": f"Bearer {token()}"})
    listed = {figure["key"] for figure in program.get(f"{BASE}figures/").json()}
    assert listed == catalogue.figures().keys() - of_the_area()
    refused = program.get(f"{BASE}figures/aid.aid_amount/", {"period": "2019H1"})
    assert refused.status_code == 404
    assert REASON in refused.content.decode()


def test_it_is_all_there_again_once_it_is_switched_on(client, users):
    switches.switch(OFF, True, users["administrator"])
    assert client.get("/figures/aid.aid_amount/").status_code == 200
    assert "/figures/aid.aid_amount/" in client.get("/").content.decode()
    assert OFF in dashboards(users["office"])
