"""What programs read: as its document tells, within scope and right, in measure, and noted."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.web.test_rights import NAMES

from xuezheng.api.openapi import BASE, document
from xuezheng.api.operations import OPERATIONS
from xuezheng.records.models import AccountChange, ApiToken, Look, Person, User
from xuezheng.snapshots import Snapshot
from xuezheng.web.security import access_log

POOR = "figures/aid.registered_poor_pupils/"
ALL = list(ApiToken.Scope.values)


@pytest.fixture(autouse=True)
def unhurried():
    cache.clear()


def ask(path, secret, **query):
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    answer = Client().get(BASE + path, query, headers=headers)
    return answer.status_code, json.loads(answer.content)


def fits(value, schema, place="answer"):
    """Assert that a value is as a schema tells: types, required properties, enumerations, items."""
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    known = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "object": dict,
        "array": list,
        "null": type(None),
    }
    assert any(isinstance(value, known[kind]) and not isinstance(value, bool) for kind in kinds), (
        place,
        value,
    )
    assert value in schema.get("enum", [value]), (place, value)
    for name in schema.get("required", []):
        assert name in value, (place, name)
    if isinstance(value, dict):
        for name, below in value.items():
            told = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if told:
                fits(below, told, f"{place}.{name}")
    if isinstance(value, list):
        for below in value:
            fits(below, schema["items"], place)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda it: it.name)
def test_every_operation_answers_as_the_document_tells(snapshot, token, operation):
    (told,) = document()["paths"][f"/{operation.path}"].values()
    path = operation.path
    query = {}
    for parameter in told["parameters"]:
        example = parameter.get("example", "")
        if parameter["name"] == "snapshot":
            example = Snapshot.latest().id
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", example)
        elif parameter["required"] or parameter["name"] in ("by", "page"):
            query[parameter["name"]] = example
    status, answer = ask(path, token(scopes=[operation.scope]), **query)
    assert status == 200, answer
    fits(answer, told["responses"]["200"]["content"]["application/json"]["schema"])
    assert answer
    others = [scope for scope in ALL if scope != operation.scope]
    assert ask(path, token("aid", scopes=others), **query)[0] == 403


def test_the_document_names_what_it_uses_and_nothing_of_the_district(client):
    told = client.get(f"{BASE}openapi.json").json()
    assert told == document()
    names = [it["get"]["operationId"] for it in told["paths"].values()]
    assert len(set(names)) == len(names) == len(OPERATIONS)
    for path, operation in told["paths"].items():
        in_path = {it["name"] for it in operation["get"]["parameters"] if it["in"] == "path"}
        assert in_path == {part[1:-1] for part in path.split("/") if part.startswith("{")}
        assert {it["required"] for it in operation["get"]["parameters"] if it["in"] == "path"} <= {True}
    assert "云岭" not in json.dumps(told, ensure_ascii=False)


def test_a_figure_is_told_for_the_whole_and_by_its_dimensions(snapshot, token):
    _, answer = ask(POOR, token(), period="2019H1", by="phase")
    assert (answer["values"][0]["value"], answer["values"][0]["text"]) == (3, "3人")
    assert sum(it["value"] for it in answer["values"][1:]) == 3
    _, part = ask(POOR, token("aid"), period="2019H1", where="phase=compulsory")
    assert part["values"][0]["slice"] == {"phase": "compulsory"}


def test_rows_are_those_that_the_owner_may_see_masked_and_noted(snapshot, token, users):
    for left in access_log._folder().iterdir():
        left.unlink()
    for name, seen in (("office", [1, 2, 5]), ("clerk", [1, 2]), ("leader", []), ("administrator", [])):
        status, answer = ask(f"{POOR}rows/", token(name), period="2019H1")
        assert status == 200
        assert ([row["id"] for row in answer["rows"]], answer["hidden"]) == (seen, 3 - len(seen))
        text = json.dumps(answer, ensure_ascii=False)
        assert not [pupil for pupil in NAMES.values() if pupil in text]
        for row in answer["rows"]:
            assert row["person"] == f"学** {Person.objects.get(pk=row['id']).masked_id_number}"
    access_log.file_away()
    lines = Look.objects.filter(kind="program").order_by("pk")
    told = [(it.by, it.purpose, sorted(it.seen.values_list("person", flat=True))) for it in lines]
    assert told == [
        (users["office"], "接口令牌“市局平台”", [1, 2, 5]),
        (users["clerk"], "接口令牌“市局平台”", [1, 2]),
    ]
    assert ApiToken.objects.filter(last_used_on=timezone.localdate()).count() == 4


def test_no_token_a_wrong_one_one_that_is_over_or_revoked_and_one_of_a_locked_account_read_nothing(
    snapshot, token, users
):
    good = token()
    over, revoked, locked = token("aid", days=-1), token("leader", revoked_at=timezone.now()), token("clerk")
    User.objects.filter(username="clerk").update(is_active=False)
    for secret in ("", "xz_x", over, revoked, locked):
        status, answer = ask("figures/", secret)
        assert (status, list(answer)) == (401, ["error"])
    assert ask("figures/", good)[0] == 200


@pytest.mark.parametrize(
    ("path", "query", "status", "told"),
    [
        (POOR, {}, 400, "缺少参数“period”"),
        (POOR, {"period": "never"}, 400, "无法识别时期"),
        (POOR, {"period": "2019H1", "perod": "1"}, 400, "没有参数“perod”"),
        (POOR, {"period": "2019H1", "where": "phase"}, 400, "范围应写作"),
        (POOR, {"period": "2019H1", "where": "nothing=1"}, 400, "nothing"),
        (POOR, {"period": "2019H1", "by": "nothing"}, 400, "nothing"),
        (POOR, {"period": "2019H1", "snapshot": "../x"}, 404, "快照"),
        ("figures/no.figure/", {"period": "2019H1"}, 404, "no.figure"),
        ("snapshots/nothing/", {}, 404, "快照"),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(snapshot, token, path, query, status, told):
    found, answer = ask(path, token(), **query)
    assert found == status
    assert told in answer["error"]


def test_nothing_can_be_written(snapshot, token):
    client = Client(enforce_csrf_checks=True)
    headers = {"Authorization": f"Bearer {token()}"}
    for method in (client.post, client.put, client.delete):
        answer = method(f"{BASE}figures/", headers=headers)
        assert (answer.status_code, answer["Allow"]) == (405, "GET")


def test_who_asks_too_often_is_told_to_wait(snapshot, token, settings):
    settings.API_PER_MINUTE = 2
    secret, other = token(), token("aid")
    found = [ask("figures/", secret)[0] for _ in range(4)]
    # A minute may turn in between.
    assert found.count(429) >= 1
    assert ask("figures/", other)[0] == 200
    assert "每分钟最多2次" in ask("figures/", secret)[1].get("error", "每分钟最多2次")


def test_a_token_is_shown_once_kept_as_a_hash_and_revoked_by_its_owner_or_an_administrator(
    as_user, users, snapshot
):
    clerk = as_user("clerk")
    told = {
        "title": "学校网站",
        "scopes": ["figures"],
        "expires_on": timezone.localdate() + timedelta(days=30),
    }
    page = clerk.post("/api/tokens/", told).content.decode()
    secret = page.partition('value="xz_')[2].partition('"')[0]
    assert ask("figures/", f"xz_{secret}")[0] == 200
    assert secret not in clerk.get("/api/tokens/").content.decode()
    made = ApiToken.objects.get()
    assert secret not in made.secret_hash
    far = told | {"expires_on": timezone.localdate() + timedelta(days=400)}
    assert "应在今天到一年以内" in clerk.post("/api/tokens/", far).content.decode()
    as_user("aid").post("/api/tokens/", {"revoke": made.pk})
    assert "学校网站" not in as_user("aid").get("/api/tokens/").content.decode()
    assert ask("figures/", f"xz_{secret}")[0] == 200
    as_user("administrator").post("/api/tokens/", {"revoke": made.pk})
    assert ask("figures/", f"xz_{secret}")[0] == 401
    assert [it.what for it in AccountChange.objects.filter(account=users["clerk"])] == [
        "作废接口令牌“学校网站”",
        "建立接口令牌“学校网站”",
    ]


def test_the_page_to_try_it_asks_with_the_reader_s_own_rights(as_user, snapshot, assert_closed):
    page = as_user("clerk").get("/api/")
    assert_closed(page)
    assert page.content.decode().count("data-try=") == len(OPERATIONS)
    answer = as_user("clerk").get(f"{BASE}{POOR}rows/", {"period": "2019H1"}).json()
    assert [row["id"] for row in answer["rows"]] == [1, 2]
