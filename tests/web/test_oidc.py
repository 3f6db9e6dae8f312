"""Log-in by a platform of the city: a real one on loopback, honest and otherwise."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pyotp
import pytest
import requests
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from tests.web.test_accounts import decide, sentences
from tests.web.test_doors import free_port, wait_for

from xuezheng.records import second_factors
from xuezheng.records.models import ExternalIdentity, User
from xuezheng.web.security.oidc_settings import read_oidc

CALLBACK = "/login/platform/callback/"


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    """The platform's address, and the file with what it is to lie about."""
    orders = tmp_path_factory.mktemp("platform") / "orders.json"
    orders.write_text("{}")
    port = free_port()
    words = [sys.executable, str(Path(__file__).with_name("identity_platform.py")), str(port), str(orders)]
    process = subprocess.Popen(words)
    wait_for(port, process)
    yield f"http://127.0.0.1:{port}", orders
    process.terminate()
    process.wait()


@pytest.fixture
def order(platform, settings, db):
    issuer, orders = platform
    settings.OIDC = {
        "issuer": issuer,
        "client_id": "xuezheng",
        "client_secret": "secret",
        "title": "市教育云",
    }

    def say(**values):
        orders.write_text(json.dumps(values))

    say()
    return say


@pytest.fixture
def mapped(order, users, settings):
    ExternalIdentity.objects.create(user=users["clerk"], issuer=settings.OIDC["issuer"], subject="teacher-7")


def go(client, **query):
    """Go the way of a browser: to the platform and back; return what the callback answered."""
    sent = client.get(f"/login/platform/?{urlencode(query)}")
    assert sent.status_code == 302
    back = requests.get(sent["Location"], allow_redirects=False, timeout=30).headers["Location"]
    parts = urlsplit(back)
    assert parts.path == CALLBACK
    return client.get(f"{parts.path}?{parts.query}")


def test_who_is_mapped_is_logged_in_and_led_to_where_he_wanted(mapped):
    client = Client()
    assert "用市教育云登录" in client.get("/login/").content.decode()
    assert go(client, next="/registers/")["Location"] == "/registers/"
    assert client.get("/registers/").status_code == 200
    assert go(Client(), next="https://elsewhere.example/")["Location"] == "/"


def test_code_state_nonce_and_challenge_are_asked_for(order):
    query = parse_qs(urlsplit(Client().get("/login/platform/")["Location"]).query)
    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert all(query[name][0] for name in ("state", "nonce", "code_challenge"))
    assert query["redirect_uri"] == [f"http://testserver{CALLBACK}"]


def test_who_only_knocks_leaves_nothing_for_long(mapped):
    Client().get("/login/platform/")
    [waiting] = Session.objects.all()
    assert waiting.expire_date - timezone.now() < timedelta(minutes=11)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    client = Client()
    go(client)
    [session] = Session.objects.all()
    assert session.expire_date - timezone.now() > timedelta(hours=11)


@pytest.mark.parametrize(
    "orders",
    [
        {"claims": {"iss": "https://elsewhere.example"}},
        {"claims": {"aud": "another"}},
        {"claims": {"aud": "another", "azp": None}},
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"exp": 1_000_000_000}},
        {"claims": {"exp": None}},
        {"claims": {"sub": None}},
        {"state": "another"},
        {"forged": True},
        {"empty": True},
    ],
    ids=str,
)
def test_an_answer_that_cannot_be_believed_lets_nobody_in(mapped, order, orders):
    order(**orders)
    client = Client()
    answer = go(client)
    assert answer.status_code == 502
    assert "没有给出可以相信的答复" in answer.content.decode()
    assert client.get("/registers/").status_code == 302


def test_an_answer_does_not_count_twice_nor_in_another_browser(mapped):
    client = Client()
    sent = client.get("/login/platform/")
    back = urlsplit(requests.get(sent["Location"], allow_redirects=False, timeout=30).headers["Location"])
    target = f"{back.path}?{back.query}"
    assert Client().get(target).status_code == 502
    assert client.get(target).status_code == 302
    assert client.get(target).status_code == 502
    assert client.get(f"{CALLBACK}?error=access_denied").status_code == 502


def test_who_is_mapped_to_nobody_gets_no_account_and_is_told_his_subject(order, users):
    before = User.objects.count()
    answer = go(Client())
    assert answer.status_code == 403
    assert "teacher-7" in answer.content.decode()
    assert User.objects.count() == before


def test_a_locked_account_stays_locked_and_a_second_factor_is_asked_for(mapped, users):
    factor = second_factors.begin_setup(users["clerk"])
    second_factors.confirm_setup(factor, pyotp.TOTP(factor.secret).now())
    assert go(Client())["Location"] == "/login/code/"
    User.objects.update(is_active=False)
    assert go(Client()).status_code == 403


def test_an_administrator_maps_a_subject_and_a_second_person_confirms(order, as_user, users, settings):
    administrator, here = as_user("administrator"), f"/accounts/{users['clerk'].pk}/"
    administrator.post(here, {"step": "identity", "subject": "teacher-7"})
    assert not ExternalIdentity.objects.exists()
    decide(as_user("leader"))
    assert go(Client()).status_code == 302
    assert "teacher-7" in administrator.get(here).content.decode()
    administrator.post(here, {"step": "remove_identity", "subject": "teacher-7"})
    assert go(Client()).status_code == 403
    assert sentences(users["clerk"])[-1] == "解除统一认证关联：teacher-7"
    assert "请填写用户标识" in administrator.post(here, {"step": "identity"}, follow=True).content.decode()


def test_without_the_setting_there_is_no_such_page(users, client):
    assert client.get("/login/platform/").status_code == client.get(CALLBACK).status_code == 404
    assert "login/platform" not in client.get("/login/").content.decode()


def test_a_platform_that_is_gone_is_said(order, settings, client):
    settings.OIDC = {**settings.OIDC, "issuer": f"http://127.0.0.1:{free_port()}"}
    assert "没有登录成功" in client.get("/login/platform/").content.decode()


def test_the_settings_are_read_with_care(tmp_path):
    issuer = {"XUEZHENG_OIDC_ISSUER": "https://id.example.gov.cn", "XUEZHENG_OIDC_CLIENT_ID": "x"}
    (tmp_path / "secret").write_text("hidden\n")
    read = read_oidc({**issuer, "XUEZHENG_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret")})
    assert (read["client_secret"], read["title"]) == ("hidden", "统一身份认证")
    assert read_oidc({}) == {}
    for wrong in (
        {**issuer, "XUEZHENG_OIDC_ISSUER": "http://id.example.gov.cn"},
        {**issuer, "XUEZHENG_OIDC_CLIENT_ID": ""},
        {**issuer, "XUEZHENG_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "gone")},
    ):
        with pytest.raises(ValueError, match="XUEZHENG_OIDC_"):
            read_oidc(wrong)
