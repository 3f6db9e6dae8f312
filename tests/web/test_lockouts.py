"""Guessing stops: at one account from one address, from one address, and at one account from many addresses."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone
from tests.web.conftest import PASSWORD

from xuezheng.web.security import lockouts


@pytest.fixture
def guess(users):
    """Send a password from an address; return the status: 200 for a wrong one, 302 for the right one, 429 locked."""

    def send(name, address, password="不对"):
        sent = {"username": name, "password": password}
        return Client().post("/login/", sent, REMOTE_ADDR=address).status_code

    return send


def test_160_guesses_from_40_addresses_lock_the_account(guess):
    answers = [guess("clerk", f"10.1.0.{number % 40}") for number in range(160)]
    assert answers.count(200) < 31
    assert answers[-1] == 429
    assert guess("clerk", "10.2.0.1", PASSWORD) == 429
    assert guess("office", "10.2.0.1", PASSWORD) == 302


def test_who_has_logged_in_from_a_machine_lately_is_not_locked_out_of_it_by_strangers(guess):
    assert guess("clerk", "10.0.0.5", PASSWORD) == 302
    for number in range(160):
        guess("clerk", f"10.1.0.{number % 40}")
    assert guess("clerk", "10.0.0.6", PASSWORD) == 429
    assert guess("clerk", "10.0.0.5", PASSWORD) == 302
    for _ in range(5):
        guess("clerk", "10.0.0.5")
    assert guess("clerk", "10.0.0.5", PASSWORD) == 429


def test_one_password_tried_on_many_accounts_locks_the_address(guess, users):
    names = [*users, *(f"nobody{number}" for number in range(60))]
    answers = [guess(name, "10.3.0.1") for name in names]
    assert answers[:20] == [200] * 20
    assert answers[-1] == 429
    assert guess("office", "10.3.0.1", PASSWORD) == 429
    assert guess("office", "10.3.0.2", PASSWORD) == 302
    assert lockouts.locked_addresses() == ["10.3.0.1"]


def test_the_machines_of_one_ipv6_subscriber_count_as_one(guess):
    for number in range(5):
        guess("clerk", f"2001:db8:1:2::{number}")
    assert guess("clerk", "2001:db8:1:2:ffff::1", PASSWORD) == 429
    assert guess("clerk", "2001:db8:1:3::1", PASSWORD) == 302


def test_a_lock_ends_by_itself_even_while_guesses_go_on(guess):
    for _ in range(8):
        guess("clerk", "10.0.0.7")
    [row] = AccessAttempt.objects.all()
    assert row.failures_since_start == 5
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=31))
    assert guess("clerk", "10.0.0.7", PASSWORD) == 302


def test_a_name_of_no_account_locks_alike_and_guesses_do_not_fill_the_database(guess, settings):
    settings.LOCK_ADDRESS = 10**6
    assert [guess("nobody", "10.0.0.8") for _ in range(6)] == [200] * 4 + [429] * 2
    for number in range(400):
        guess(f"made-up-{number}", "10.0.0.9")
    rows = AccessAttempt.objects.filter(ip_address="10.0.0.9")
    assert rows.count() <= 256
    assert not any("made-up" in str(row) for row in AccessAttempt.objects.values_list())
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=31))
    guess("nobody", "10.0.0.9")
    assert AccessAttempt.objects.count() == 1


def test_right_passwords_forget_the_failures_before(guess):
    for _ in range(3):
        for _ in range(4):
            assert guess("clerk", "10.0.0.4") == 200
        assert guess("clerk", "10.0.0.4", PASSWORD) == 302


def test_a_locked_address_is_released_by_an_administrator(guess, as_user, users):
    for name in [f"nobody{number}" for number in range(40)]:
        guess(name, "10.3.0.1")
    administrator = as_user("administrator")
    assert "机器地址 10.3.0.1 输错密码太多" in administrator.get("/accounts/").content.decode()
    administrator.post("/accounts/", {"step": "unlock_address", "address": "10.3.0.1"})
    assert guess("office", "10.3.0.1", PASSWORD) == 302
    for address in ("", "x", "10.3.0.1; DROP"):
        answer = administrator.post("/accounts/", {"step": "unlock_address", "address": address}, follow=True)
        assert "没有锁定" in answer.content.decode()
