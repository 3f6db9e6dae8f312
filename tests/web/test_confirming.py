"""One person is not everybody: what gives rights or an account to somebody waits for a second person."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.at_once import at_once
from tests.web.conftest import PASSWORD, hashed
from tests.web.test_accounts import LINK, accept, confirmed_link, decide, made, sentences

from xuezheng.records import confirming
from xuezheng.records.confirming import Kind, RequestRefused
from xuezheng.records.models import AccountRequest, ApiToken, SecondFactor, User
from xuezheng.web.login.invitations import invite


def post(client, account, step, **values):
    return client.post(f"/accounts/{account.pk}/", {"step": step, **values}, follow=True).content.decode()


@pytest.mark.parametrize(("name", "step"), [("leader", "link"), ("clerk", "link"), ("office", "link")])
def test_a_new_link_for_an_account_in_use_waits_for_a_second_person(as_user, users, name, step):
    administrator = as_user("administrator")
    page = post(administrator, users[name], step)
    assert not re.search(LINK, page)
    assert "待第二人" in page
    confirmer = "security" if name == "leader" else "leader"
    decide(as_user(confirmer))
    assert not re.search(LINK, post(as_user(confirmer), users[name], "link"))
    link = re.search(LINK, post(administrator, users[name], "link"))[1]
    assert not re.search(LINK, post(administrator, users[name], "link"))  # shown once
    assert "不能与现在的密码相同" in accept(link)[1].content.decode()
    renewed = "欲穷千里目-更上一层"
    assert accept(link, password=renewed, again=renewed)[1].status_code == 302


def test_nobody_confirms_what_he_requested_or_what_concerns_himself(as_user, users):
    administrator = as_user("administrator")
    post(administrator, users["leader"], "link")
    for name in ("administrator", "leader", "clerk", "office", "auditor"):
        client = as_user(name)
        number = AccountRequest.objects.get().pk
        client.post("/accounts/requests/", {"request": number, "decision": "approve"})
        assert AccountRequest.objects.get().approved is None, name
    assert as_user("office").get("/accounts/requests/").status_code == 403


def test_an_account_that_somebody_had_made_does_not_confirm_for_him(as_user, users):
    """A new leader, confirmed by another person, is still the requester's creature until somebody else deals with it."""
    administrator = as_user("administrator")
    made(administrator, username="puppet", role="leader")
    puppet = User.objects.get(username="puppet")
    client, _ = accept(confirmed_link(as_user, puppet), first_name="某")
    post(administrator, users["office"], "link")
    [request] = AccountRequest.objects.open()
    client.post("/accounts/requests/", {"request": request.pk, "decision": "approve"})
    request.refresh_from_db()
    assert request.approved is None
    assert puppet not in confirming.find_confirmers(users["administrator"], users["office"])
    assert puppet in confirming.find_confirmers(users["security"], users["office"])
    # On the server somebody else has dealt with the account.
    confirming.record_on_server(puppet, Kind.LINK, "在服务器上发出一次性链接")
    assert puppet in confirming.find_confirmers(users["administrator"], users["office"])


def test_maker_and_checker_cannot_be_made_by_one_person(as_user, users):
    administrator = as_user("administrator")
    for name, role in (("maker", {"role": "section", "section": "aid"}), ("checker", {"role": "office"})):
        page = made(administrator, username=name, **role)
        account = User.objects.get(username=name)
        assert not re.search(LINK, page)
        assert not account.is_active
        for step in ("link", "unlock"):
            assert not re.search(LINK, post(administrator, account, step))
        account.refresh_from_db()
        assert not account.is_active
        # A link that somebody got by another way opens nothing.
        assert Client().get(invite(account)).status_code == 404


def test_while_a_bureau_is_set_up_one_person_acts_alone_and_it_is_recorded(district):
    only = User.objects.create(username="only", password=hashed(), role=User.Role.ADMINISTRATOR)
    client = Client()
    client.force_login(only)
    assert "首次设立" in client.get("/accounts/").content.decode()
    link = re.search(LINK, made(client, username="leader", role="leader"))[1]
    leader = User.objects.get(username="leader")
    assert "首次设立，未经第二人确认" in sentences(leader)[0]
    accept(link)
    # Nobody else has ever been there: the leader that he made confirms.
    assert list(confirming.find_confirmers(only, only)) == [leader]
    # From here on there is a second person, and locking that person does not bring the time back.
    assert not re.search(LINK, made(client, username="office", role="office"))
    post(client, leader, "lock")
    assert not re.search(LINK, made(client, username="more", role="office"))
    page = client.get(f"/accounts/{User.objects.get(username='more').pk}/").content.decode()
    assert "现在没有能确认的人" in page


def test_what_one_person_made_in_the_setup_confirms_for_him_only_until_there_is_somebody_else(district):
    only = User.objects.create(username="only", password=hashed(), role=User.Role.ADMINISTRATOR)
    client = Client()
    client.force_login(only)
    accept(re.search(LINK, made(client, username="puppet", role="leader"))[1])
    made(client, username="clerk2", role="clerk", school=district.own.pk)
    clerk = User.objects.get(username="clerk2")
    assert [it.username for it in confirming.find_confirmers(only, clerk)] == ["puppet"]
    second = User.objects.create(username="second", password=hashed(), role=User.Role.ADMINISTRATOR)
    confirming.record_on_server(second, Kind.CREATE, "在服务器上设定：系统管理员")
    assert [it.username for it in confirming.find_confirmers(only, clerk)] == ["second"]
    # To lock that person leaves the first one with nobody, not with the own creature.
    post(client, second, "lock")
    assert not confirming.find_confirmers(only, clerk).exists()


def test_an_account_that_is_used_by_a_platform_alone_is_in_use(as_user, users):
    User.objects.filter(pk=users["clerk"].pk).update(password="!x", last_login=timezone.now())
    assert not re.search(LINK, post(as_user("administrator"), users["clerk"], "link"))
    User.objects.filter(pk=users["clerk"].pk).update(last_login=None)
    AccountRequest.objects.all().delete()
    assert re.search(LINK, post(as_user("administrator"), users["clerk"], "link"))


def test_a_request_expires_is_refused_and_is_withdrawn(as_user, users):
    administrator, leader = as_user("administrator"), as_user("leader")
    post(administrator, users["clerk"], "link")
    assert "已有一项" in post(administrator, users["clerk"], "link")
    assert "没有同意" in decide(leader, "refuse").content.decode()
    post(administrator, users["clerk"], "link")
    decide(administrator, "withdraw")
    assert sentences(users["clerk"])[-1] == "撤回申请：发新的一次性链接"
    post(administrator, users["clerk"], "link")
    AccountRequest.objects.open().update(expires_at=timezone.now() - timedelta(seconds=1))
    request = AccountRequest.objects.first()
    with pytest.raises(RequestRefused, match="已过期"):
        confirming.decide(request, users["leader"], approved=True)
    post(administrator, users["clerk"], "link")
    assert AccountRequest.objects.open().count() == 1


@pytest.mark.parametrize("values", [{"is_active": False}, {"role": "leader"}])
def test_what_a_locked_or_demoted_administrator_requested_is_not_confirmed(as_user, users, values):
    post(as_user("administrator"), users["clerk"], "link")
    User.objects.filter(pk=users["administrator"].pk).update(**values)
    request = AccountRequest.objects.get()
    with pytest.raises(RequestRefused, match="须由另一个人确认"):
        confirming.decide(request, users["leader"], approved=True)


def test_an_approval_of_a_link_lasts_a_day(as_user, users):
    administrator = as_user("administrator")
    post(administrator, users["clerk"], "link")
    decide(as_user("leader"))
    AccountRequest.objects.update(decided_at=timezone.now() - timedelta(hours=25))
    assert not re.search(LINK, post(administrator, users["clerk"], "link"))


def test_a_change_is_not_made_to_an_account_that_has_changed_since(as_user, users):
    administrator = as_user("administrator")
    post(administrator, users["clerk"], "change", first_name="某", role="section", section="aid")
    User.objects.filter(pk=users["clerk"].pk).update(role="office", school=None)
    page = decide(as_user("leader")).content.decode()
    assert "与申请时不同" in page
    assert AccountRequest.objects.open().count() == 1
    users["clerk"].refresh_from_db()
    assert users["clerk"].role == "office"


def test_confirming_asks_for_the_password_again(as_user, users):
    post(as_user("administrator"), users["clerk"], "link")
    leader = as_user("leader")
    session = leader.session
    session["confirmed"] = 0
    session.save()
    number = AccountRequest.objects.get().pk
    page = leader.post("/accounts/requests/", {"request": number, "decision": "approve"}).content.decode()
    assert "请再输一次密码" in page
    assert AccountRequest.objects.open().exists()
    sent = {"request": number, "decision": "approve", "password": PASSWORD, "confirm_method": "POST"}
    assert "已确认" in leader.post("/accounts/requests/", sent, follow=True).content.decode()


def test_what_waits_is_on_the_home_page_of_who_may_confirm(as_user, users, snapshot):
    post(as_user("administrator"), users["leader"], "link")
    assert "确认：发新的一次性链接（leader）" in as_user("security").get("/").content.decode()
    for name in ("administrator", "leader", "office", "auditor"):
        assert "确认：发新的一次性链接" not in as_user(name).get("/").content.decode()


def test_unlocking_and_clearing_a_second_factor_wait_too(as_user, users):
    administrator = as_user("administrator")
    SecondFactor.objects.create(user=users["office"], secret="A" * 32, confirmed_at=timezone.now())
    token = ApiToken.objects.create(
        owner=users["office"], title="x", secret_hash="x", expires_on=timezone.localdate()
    )
    assert "待第二人" in post(administrator, users["office"], "second_factor")
    assert SecondFactor.objects.exists()
    decide(as_user("leader"))
    token.refresh_from_db()
    assert token.revoked_at
    assert not SecondFactor.objects.exists()
    post(administrator, users["leader"], "lock")
    assert "待第二人" in post(administrator, users["leader"], "unlock")
    users["leader"].refresh_from_db()
    assert not users["leader"].is_active
    decide(as_user("security"))
    users["leader"].refresh_from_db()
    assert users["leader"].is_active


def test_separated_the_security_officer_alone_confirms_and_the_auditor_alone_reads_logs(
    as_user, users, settings
):
    settings.SEPARATED_ROLES = True
    administrator = as_user("administrator")
    post(administrator, users["clerk"], "link")
    number = AccountRequest.objects.get().pk
    as_user("leader").post("/accounts/requests/", {"request": number, "decision": "approve"})
    assert AccountRequest.objects.open().exists()
    for page in ("/looks/", "/accounts/changes/"):
        assert administrator.get(page).status_code == as_user("security").get(page).status_code == 403
        assert as_user("auditor").get(page).status_code == 200
    for name in ("security", "auditor"):
        assert as_user(name).get("/accounts/").status_code == 403
        assert as_user(name).get("/registers/pupil/").status_code == 403
    decide(as_user("security"))
    assert not AccountRequest.objects.open().exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does(users):
    confirming.submit(Kind.LINK, users["clerk"], users["administrator"])
    request = AccountRequest.objects.get()

    def decide_as(name):
        try:
            confirming.decide(
                AccountRequest.objects.get(pk=request.pk), users[name], approved=name == "leader"
            )
        except RequestRefused:
            return False
        return True

    names = ("leader", "security", "leader", "security")
    done, raised = at_once(*[lambda name=name: decide_as(name) for name in names])
    assert (done.count(True), raised) == (1, [])
