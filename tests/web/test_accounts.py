"""An administrator's day: by the one-time link, accounts for others, one locked, the log; and nobody's records."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.conftest import PASSWORD
from tests.web.test_accessibility import DARK, OF_COLOUR, RULES, obstacles

from xuezheng.records.models import AccountChange, Invitation, User
from xuezheng.web.login.invitations import invite

LINK = r'value="http://testserver(/welcome/[\w-]+/)"'


def sentences(account):
    return [it.what for it in AccountChange.objects.filter(account=account).order_by("pk")]


def made(administrator, **told):
    """Have an account made; return what its page answered."""
    return administrator.post("/accounts/", {"first_name": "王某", **told}).content.decode()


def accept(link, **further):
    client = Client()
    told = {"first_name": "王某", "password": PASSWORD, "again": PASSWORD, **further}
    return client, client.post(link, told)


def decide(client, decision="approve"):
    """Take the decision on the only request that waits."""
    page = client.get("/accounts/requests/").content.decode()
    [number] = re.findall(r'name="request" value="(\d+)"', page)
    return client.post("/accounts/requests/", {"request": number, "decision": decision}, follow=True)


def confirmed_link(as_user, account):
    """Have the leader confirm what waits, and the administrator be shown the link."""
    decide(as_user("leader"))
    page = as_user("administrator").post(f"/accounts/{account.pk}/", {"step": "link"}).content.decode()
    return re.search(LINK, page)[1]


def test_the_first_link_makes_an_administrator_once(db):
    earlier, link = invite(None), invite(None)
    assert "链接已失效" in Client().get(earlier).content.decode()
    page = Client().get(link)
    assert "设立系统管理员" in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    _, short = accept(link, username="admin", password="12345678", again="12345678")
    assert short.status_code == 200
    assert not User.objects.exists()
    client, answer = accept(link, username="admin")
    assert answer["Location"] == "/accounts/"
    assert client.get("/accounts/").status_code == 200
    user = User.objects.get()
    assert (user.role, user.first_name, user.is_superuser) == ("administrator", "王某", False)
    for again in (link, invite(None)):
        assert "链接已失效" in accept(again, username="second")[1].content.decode()
    assert User.objects.count() == 1


def test_a_link_holds_for_a_day_and_no_secret_of_it_is_kept(users):
    link = invite(users["clerk"])
    assert link.split("/")[2] not in str(Invitation.objects.values())
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert accept(link)[1].status_code == 404
    users["clerk"].refresh_from_db()
    assert users["clerk"].check_password(PASSWORD)


def test_accounts_are_made_for_a_school_and_a_section_and_their_owners_set_the_passwords(as_user, district):
    administrator = as_user("administrator")
    clerk = made(administrator, username="yansi", role="clerk", school=district.other.pk)
    waiting = made(administrator, username="tiwei", role="section", section="health")
    assert not re.search(LINK, waiting)
    section = confirmed_link(as_user, User.objects.get(username="tiwei"))
    client, answer = accept(re.search(LINK, clerk)[1])
    assert answer["Location"] == "/"
    assert "学生戊" in client.get("/registers/pupil/").content.decode()
    assert "学生甲" not in client.get("/registers/pupil/").content.decode()
    accept(section)
    user = User.objects.get(username="tiwei")
    assert (user.role, user.section, user.school) == ("section", "health", None)
    assert sentences(user)[0] == "申请启用新账号：科室（体卫艺股），待第二人确认"
    assert sentences(user)[1].startswith("建立账号：科室（体卫艺股）（由administrator申请，leader确认）")
    assert sentences(user)[2:] == ["发出一次性链接", "由一次性链接设定密码"]
    assert "学校经办人须选学校" in made(administrator, username="x", role="clerk")
    assert "科室人员须选所管业务，其他角色不选" in made(
        administrator, username="x", role="leader", section="aid"
    )


def test_an_account_is_locked_at_once_and_unlocked_and_every_step_is_in_its_history(as_user, users):
    administrator, clerk = as_user("administrator"), as_user("clerk")
    here = f"/accounts/{users['clerk'].pk}/"
    assert clerk.get("/").status_code == 200
    for step in ("lock", "lock", "unlock", "end_sessions"):
        administrator.post(here, {"step": step})
        assert clerk.get("/").status_code == 302
    administrator.post(
        here,
        {"step": "change", "username": "other", "first_name": "李某", "role": "section", "section": "aid"},
    )
    users["clerk"].refresh_from_db()
    assert (users["clerk"].username, users["clerk"].role) == ("clerk", "clerk")
    decide(as_user("leader"))
    users["clerk"].refresh_from_db()
    assert (users["clerk"].username, users["clerk"].role) == ("clerk", "section")
    lines = sentences(users["clerk"])
    assert lines[:4] == ["停用", "启用", "结束会话", "姓名由“”改为“李某”"]
    assert lines[5].startswith("改变权限：由“学校经办人（云岭第一小学）”改为“科室（")
    assert "结束会话" in administrator.get(here).content.decode()


def test_who_is_locked_by_wrong_passwords_is_let_in_by_an_administrator(as_user, users, client):
    for _ in range(5):
        client.post("/login/", {"username": "clerk", "password": "不对"})
    administrator, here = as_user("administrator"), f"/accounts/{users['clerk'].pk}/"
    assert "输错密码锁定" in administrator.get("/accounts/").content.decode()
    administrator.post(here, {"step": "unlock"})
    assert client.post("/login/", {"username": "clerk", "password": PASSWORD})["Location"] == "/"
    assert "127.0.0.1" in administrator.get(here).content.decode()


def test_an_administrator_does_not_lock_or_demote_himself(as_user, users):
    administrator, own = as_user("administrator"), users["administrator"]
    administrator.post(f"/accounts/{own.pk}/", {"step": "lock"})
    administrator.post(f"/accounts/{own.pk}/", {"step": "change", "first_name": "某", "role": "office"})
    own.refresh_from_db()
    assert (own.is_active, own.role) == (True, "administrator")


def test_accounts_are_an_administrator_s_and_an_administrator_sees_no_pupil(as_user, users, snapshot):
    for name in ("office", "aid", "leader", "clerk"):
        assert as_user(name).get("/accounts/").status_code == 403
        assert as_user(name).post(f"/accounts/{users['aid'].pk}/", {"step": "link"}).status_code == 403
        assert 'href="/accounts/"' not in as_user(name).get("/system/").content.decode()
    administrator = as_user("administrator")
    assert 'href="/accounts/"' in administrator.get("/system/").content.decode()
    assert administrator.get("/registers/pupil/").status_code == 403
    assert "学生甲" not in administrator.get("/figures/aid.registered_poor_pupils/").content.decode()
    assert administrator.get("/looks/").status_code == 200


@pytest.mark.parametrize(
    "page", ["/accounts/", "/accounts/{}/", "/accounts/requests/", "/accounts/changes/", "/looks/"]
)
def test_the_pages_ask_the_database_little_and_are_closed(
    as_user, users, page, django_assert_max_num_queries, assert_closed
):
    client = as_user("administrator")
    # The lines that wait are filed first, and covered by the chain, for which PostgreSQL takes a lock.
    with django_assert_max_num_queries(14 + (8 if page == "/looks/" else 0)):
        response = client.get(page.format(users["clerk"].pk))
    assert response.status_code == 200
    assert_closed(response)


@pytest.mark.browser
def test_the_pages_of_an_administrator_keep_nobody_out(desk, live_server, users):
    page = desk("administrator", 1280, 900).page
    page.goto(f"{live_server.url}/accounts/")
    page.get_by_role("button", name="新建账号").click()
    page.get_by_label("登录名").wait_for()
    pages = (
        "/accounts/requests/",
        "/accounts/changes/",
        "/looks/persons/",
        "/own/password/",
        "/own/second-factor/",
    )
    for address in (None, f"/accounts/{users['clerk'].pk}/", "/looks/", "/api/tokens/", *pages):
        if address:
            page.goto(live_server.url + address)
        assert obstacles(page, type="tag", values=RULES) == []
        page.evaluate(DARK)
        assert obstacles(page, type="rule", values=OF_COLOUR) == []
