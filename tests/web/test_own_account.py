"""The own password and the second factor, and what they end."""

import re
import time
from datetime import timedelta

import pyotp
import pytest
from django.test import Client
from django.utils import timezone
from tests.at_once import at_once
from tests.web.conftest import PASSWORD
from tests.web.test_accounts import accept, sentences

from xuezheng.records import second_factors
from xuezheng.records.models import ApiToken, RecoveryCode, SecondFactor, User
from xuezheng.web.login.invitations import invite

RENEWED = "欲穷千里目-更上一层"
PAGE, FACTOR = "/own/password/", "/own/second-factor/"


def change(client, **values):
    sent = {"present": PASSWORD, "password": RENEWED, "again": RENEWED, **values}
    return client.post(PAGE, sent)


@pytest.fixture
def token(users):
    return ApiToken.objects.create(
        owner=users["clerk"], title="x", secret_hash="x", expires_on=timezone.localdate()
    )


def test_a_new_password_ends_the_other_sessions_and_the_tokens(as_user, users, token):
    here, elsewhere = as_user("clerk"), as_user("clerk")
    assert change(here).status_code == 302
    assert here.get("/registers/").status_code == 200
    assert elsewhere.get("/registers/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at
    users["clerk"].refresh_from_db()
    assert users["clerk"].check_password(RENEWED)
    assert sentences(users["clerk"]) == ["本人修改密码"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"present": "不对"}, "现在的密码不对"),
        ({"again": "别的"}, "两次输入的密码不同"),
        ({"password": PASSWORD, "again": PASSWORD}, "不能与现在的密码相同"),
        ({"password": "clerkclerk99", "again": "clerkclerk99"}, "容易猜中"),
        ({"password": "短", "again": "短"}, "至少10个字符"),
        ({"password": ""}, "这个字段是必填项"),
        ({"password": "x" * 500, "again": "x" * 500}, "128"),
    ],
)
def test_what_is_wrong_with_a_new_password_is_said_and_nothing_changes(as_user, users, token, values, words):
    assert words in change(as_user("clerk"), **values).content.decode()
    users["clerk"].refresh_from_db()
    token.refresh_from_db()
    assert users["clerk"].check_password(PASSWORD)
    assert token.revoked_at is None


def test_wrong_present_passwords_lock_the_account(as_user):
    client = as_user("clerk")
    answers = [change(client, present="不对").status_code for _ in range(6)]
    assert answers[-1] == 429
    assert change(client).status_code == 429


def test_a_reset_by_link_ends_sessions_and_tokens_too(as_user, users, token):
    elsewhere = as_user("clerk")
    client, answer = accept(invite(users["clerk"]), password=RENEWED, again=RENEWED)
    assert answer.status_code == 302
    assert client.get("/registers/").status_code == 200
    assert elsewhere.get("/registers/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at


def test_ending_sessions_and_locking_revoke_tokens(as_user, users, token):
    as_user("administrator").post(f"/accounts/{users['clerk'].pk}/", {"step": "end_sessions"})
    token.refresh_from_db()
    assert token.revoked_at


def test_an_old_password_leads_to_its_page_until_it_is_changed(as_user, users, settings):
    settings.PASSWORD_MAX_DAYS = 90
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=91))
    client = as_user("clerk")
    assert client.get("/registers/")["Location"] == PAGE
    assert client.get("/registers/", headers={"HX-Request": "true"})["HX-Redirect"] == PAGE
    assert "按规定要换新的" in client.get(PAGE).content.decode()
    change(client)
    assert client.get("/registers/").status_code == 200


def set_up(client):
    """Set a second factor up; return the device, a clock that can be set, and the recovery codes."""
    client.post(FACTOR, {"step": "begin"})
    page = client.get(FACTOR).content.decode()
    assert "data:image/png;base64," in page
    secret = re.search(r'id="secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    device = pyotp.TOTP(secret)
    page = client.post(FACTOR, {"step": "confirm", "code": device.now()}).content.decode()
    codes = re.findall(r"<li class=\"col-6\">([0-9A-Z]{5}-[0-9A-Z]{5})</li>", page)
    assert len(codes) == 10
    return device, codes


@pytest.fixture
def later(monkeypatch):
    """Let half minutes pass."""
    begun = time.time()

    def pass_steps(steps):
        monkeypatch.setattr(second_factors.time, "time", lambda: begun + 30 * steps)
        return begun + 30 * steps

    return pass_steps


def log_in(name="clerk"):
    client = Client()
    answer = client.post("/login/", {"username": name, "password": PASSWORD})
    return client, answer


def test_with_a_second_factor_the_password_alone_opens_nothing(as_user, users, later):
    device, codes = set_up(as_user("clerk"))
    client, answer = log_in()
    assert answer["Location"] == "/login/code/"
    assert client.get("/registers/").status_code == 302
    assert "验证码不对" in client.post("/login/code/", {"code": "000000"}).content.decode()
    moment = later(2)
    assert client.post("/login/code/", {"code": device.at(moment)})["Location"] == "/"
    assert client.get("/registers/").status_code == 200
    # The same code once more, in another browser.
    another, _ = log_in()
    assert "已经用过" in another.post("/login/code/", {"code": device.at(moment)}).content.decode()
    assert another.post("/login/code/", {"code": codes[0].lower()}).status_code == 302
    third, _ = log_in()
    assert third.post("/login/code/", {"code": codes[0]}).status_code == 200
    assert third.get("/registers/").status_code == 302


def test_neither_secret_nor_recovery_codes_lie_open(as_user, users):
    device, codes = set_up(as_user("clerk"))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM records_secondfactor")
        [(kept,)] = cursor.fetchall()
    assert device.secret.encode() not in bytes(kept)
    plain = str(list(RecoveryCode.objects.values()))
    assert not any(code in plain or code.replace("-", "") in plain for code in codes)


def test_wrong_codes_lock_the_account_and_the_right_one_does_not_open_it(as_user, users, later):
    device, _ = set_up(as_user("clerk"))
    client, _ = log_in()
    answers = [client.post("/login/code/", {"code": "000000"}).status_code for _ in range(6)]
    assert answers[-1] == 429
    assert client.post("/login/code/", {"code": device.at(later(2))}).status_code == 429
    assert log_in()[1].status_code == 429


def test_the_step_between_password_and_code_ends_after_minutes_and_with_the_password(as_user, users):
    set_up(as_user("clerk"))
    client, _ = log_in()
    session = client.session
    session["pending_login"] = {**session["pending_login"], "at": time.time() - 301}
    session.save()
    assert client.get("/login/code/")["Location"] == "/login/"
    client, _ = log_in()
    users["clerk"].refresh_from_db()
    users["clerk"].set_password(RENEWED)
    users["clerk"].save()
    assert client.get("/login/code/")["Location"] == "/login/"
    assert Client().get("/login/code/")["Location"] == "/login/"


def test_a_link_does_not_go_round_the_second_factor(as_user, users):
    set_up(as_user("clerk"))
    client, answer = accept(invite(users["clerk"]), password=RENEWED, again=RENEWED)
    assert answer["Location"] == "/login/code/"
    assert client.get("/registers/").status_code == 302


def test_it_is_ended_and_its_codes_are_renewed_by_a_code_only(as_user, users, later):
    client = as_user("clerk")
    device, codes = set_up(client)
    assert "验证码不对" in client.post(FACTOR, {"step": "end", "code": "1"}).content.decode()
    page = client.post(FACTOR, {"step": "renew", "code": codes[1]}).content.decode()
    assert codes[0] not in page
    assert not second_factors.accept_code(SecondFactor.objects.get(), codes[0])
    client.post(FACTOR, {"step": "end", "code": device.at(later(3))})
    assert not SecondFactor.objects.exists()
    assert log_in()[1]["Location"] == "/"


def test_a_role_that_wants_one_gets_no_further_without(as_user, settings):
    settings.TOTP_ROLES = ("clerk",)
    client = as_user("clerk")
    assert client.get("/registers/")["Location"] == FACTOR
    assert as_user("office").get("/registers/").status_code == 200
    set_up(client)
    assert client.get("/registers/").status_code == 200


def test_the_roles_that_the_settings_know_are_those_of_the_users(settings):
    assert sorted(settings.ROLES) == sorted(User.Role.values)


def test_a_new_secret_counts_only_once_its_first_code_was_right(as_user, users):
    client = as_user("clerk")
    client.post(FACTOR, {"step": "begin"})
    assert "验证码不对" in client.post(FACTOR, {"step": "confirm", "code": "12345"}).content.decode()
    assert log_in()[1]["Location"] == "/"


@pytest.mark.django_db(transaction=True)
def test_a_code_is_accepted_once_however_many_try_it_at_once(users):
    factor = second_factors.begin_setup(users["clerk"])
    code = pyotp.TOTP(factor.secret).now()
    done, raised = at_once(*[lambda: second_factors.accept_code(factor, code)] * 4)
    assert (done.count(True), raised) == (1, [])
    [recovery, *_] = second_factors.renew_recovery_codes(factor)
    done, raised = at_once(*[lambda: second_factors.accept_code(factor, recovery)] * 4)
    assert (done.count(True), raised) == (1, [])


@pytest.mark.parametrize("page", [PAGE, FACTOR])
def test_the_pages_are_closed(as_user, page, assert_closed):
    client = as_user("clerk")
    assert_closed(client.get(page))
    client.post(FACTOR, {"step": "begin"})
    assert_closed(client.get(page))
