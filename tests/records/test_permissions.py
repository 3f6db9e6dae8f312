"""The table of permissions, against what each role may do as written here by hand."""

import pytest
from django.core.exceptions import PermissionDenied

from xuezheng.records import permissions
from xuezheng.records.models import School, User, registers
from xuezheng.records.permissions import Role, Scope, kind_of, may, permits, require
from xuezheng.registry import Unknown
from xuezheng.workbooks import sheet_catalogue
from xuezheng.workbooks.permissions import Rights

#: What every account may do.
EVERYBODY = """
all: open see, announcement_to_all see
own: pin see, batch undo
"""
#: What each role may do besides; a section is that of aid. What is in no list is not permitted.
MAY = {
    Role.OFFICE: """
        all: open edit, open import, shared see, shared edit, shared import, personal see, personal edit, personal import,
             ordinary see, ordinary edit, ordinary import, registers open, collection open, collection close, collection answer,
             batch see, batch undo, dashboard see, scenario try, snapshot freeze, plan see_alerts, plan note,
             view share_with_all, release see_drafts, release compose, release review_for, release explain, report enrich,
             report pick, report template, announcement make, announcement withdraw, announcement_to_bureau see,
             announcement_to_schools see, standard see, standard propose, standard oversee, pack take, job see, access_log see, aid.payment handle, aid.recognition review, overview.leader_dashboard see,
             overview.office_dashboard see, enrolment.draw see, enrolment.draw handle, enrolment.forecast see,
             enrolment.season see, enrolment.season list, enrolment.zone see, enrolment.zone_plan see, enrolment.zone_plan handle,
             balance.verdict see, balance.gap_plan see, balance.gap_plan make, balance.gap_plan adopt,
             staffing.rotation see, staffing.rotation see_plans, staffing.rotation handle, statistics explain
        others: standard decide, release issue, aid.payment approve, aid.payment confirm, aid.recognition decide, enrolment.draw confirm,
             enrolment.zone_plan decide
        own: token see
    """,
    Role.SECTION: """
        all: standard see, shared see, ordinary see, registers open, batch see, dashboard see, scenario try, view share_with_all,
             release see_drafts, release explain, report enrich, announcement make, announcement_to_bureau see,
             aid.payment handle, aid.recognition review, statistics explain
        section: confidential see, confidential edit, confidential import, open edit, open import, shared edit, shared import,
             personal see, personal edit, personal import, ordinary edit, ordinary import, collection open, collection close,
             collection answer, batch undo, plan see_alerts, plan note, standard propose, standard oversee, release review
        others: standard decide, aid.payment approve, aid.payment confirm, aid.recognition decide
        own: announcement withdraw, announcement_to_schools see, job see, token see
    """,
    Role.LEADER: """
        all: standard see, standard oversee, ordinary see, registers open, batch see, dashboard see, scenario try,
             plan see_alerts, view share_with_all,
             release see_drafts, announcement_to_bureau see, account_request see, overview.leader_dashboard see,
             enrolment.draw see, enrolment.forecast see, enrolment.season see, enrolment.zone see, enrolment.zone_plan see,
             balance.verdict see, balance.gap_plan see, staffing.rotation see, staffing.rotation see_plans
        others: standard decide, release sign, account_request confirm
        own: announcement withdraw, announcement_to_schools see, job see, token see
    """,
    Role.CLERK: """
        all: standard see, registers open, announcement_to_schools see
        school: open import, shared see, shared import, personal see, personal import, ordinary see, ordinary import,
             collection answer, aid.recognition review, enrolment.zone see, staffing.rotation see,
             statistics explain
        own: batch see, announcement withdraw, announcement_to_bureau see, job see, token see
    """,
    Role.ADMINISTRATOR: """
        all: ordinary see, batch see, scenario try, view share_with_all, release see_drafts, announcement_to_bureau see,
             account keep, account_request see, account_change see, access_log see, area switch, token see
        others: account_request confirm
        own: announcement withdraw, announcement_to_schools see, job see
    """,
    Role.SECURITY: """
        all: ordinary see, batch see, scenario try, view share_with_all, release see_drafts, announcement_to_bureau see,
             account_request see
        others: account_request confirm
        own: announcement withdraw, announcement_to_schools see, job see, token see
    """,
    Role.AUDITOR: """
        all: enrolment.draw see, enrolment.forecast see, enrolment.season see, enrolment.zone see, enrolment.zone_plan see,
             balance.verdict see, balance.gap_plan see, staffing.rotation see, staffing.rotation see_plans, ordinary see, batch see, scenario try, view share_with_all, release see_drafts, announcement_to_bureau see,
             account_request see, account_change see, access_log see
        own: announcement withdraw, announcement_to_schools see, job see, token see
    """,
}
#: What the roles lose where administrator, security officer and auditor are separated.
LOST = {
    Role.LEADER: {"account_request see", "account_request confirm"},
    Role.ADMINISTRATOR: {"account_request confirm", "account_change see", "access_log see"},
}
ACTIONS = sorted(permissions.lines_by_key(separated=False))


def expected(role):
    """The scope of each action that is written above for a role."""
    scopes = {}
    for entry in (EVERYBODY + MAY[role]).replace(",\n", ",").strip().splitlines():
        scope, _, actions = entry.strip().partition(":")
        for action in filter(None, map(str.strip, actions.split(","))):
            scopes[action] = scopes.get(action, Scope.NONE) | Scope[scope.upper()]
    if role == Role.OFFICE:
        scopes["batch undo"] = Scope.ALL
    return scopes


def permitted(user):
    """The scope of each action that the table permits to a user at all."""
    scopes = {key: permits(user, key.split()[1], key.split()[0]) for key in ACTIONS}
    return {key: scope for key, scope in scopes.items() if scope}


def someone(role, **fields):
    return User(pk=1, role=role, section="aid" if role == Role.SECTION else "", **fields)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_is_written_here_and_nothing_else(role):
    assert permitted(someone(role)) == expected(role)


@pytest.mark.parametrize("role", list(Role))
def test_separated_roles_lose_what_is_written_here_and_nothing_else(role, settings):
    settings.SEPARATED_ROLES = True
    kept = {key: scope for key, scope in expected(role).items() if key not in LOST.get(role, ())}
    assert permitted(someone(role)) == kept


@pytest.mark.parametrize("role", list(Role))
def test_an_inactive_account_may_do_nothing(role):
    assert permitted(someone(role, is_active=False)) == {}
    assert permitted(someone(role, is_active=False, is_superuser=True)) == {}


def test_an_inactive_account_sees_and_imports_nothing(db):
    locked = someone(Role.OFFICE, is_active=False)
    assert all(model.objects.visible_to(locked).query.is_empty() for model in registers().values())
    assert not any(Rights(locked).may_send(sheet) for sheet in sheet_catalogue.sheets().values())


def test_a_superuser_keeps_accounts_and_logs_but_sees_no_more_records():
    superuser = someone(Role.CLERK, is_superuser=True)
    gained = {key for key, scope in permitted(superuser).items() if scope != expected(Role.CLERK).get(key)}
    assert gained == {"account keep", "account_request see", "account_change see", "access_log see", "token see"}  # fmt: skip


def test_an_area_may_share_its_matters_with_the_sections_of_other_areas(db):
    sections = {"balance": True, "inspection": True, "safety": False, "": False}
    for section, allowed in sections.items():
        user = User.objects.create(username=f"某{section}", role=Role.SECTION, section=section)
        assert bool(permits(user, "see", "balance.verdict")) is allowed
        accounts = permissions.permitted_accounts("see", "balance.verdict")
        assert User.objects.filter(accounts, pk=user.pk).exists() is allowed


def test_matters_of_an_area_are_those_of_its_own_section():
    other = User(pk=1, role=Role.SECTION, section="safety")
    assert not any(key.startswith("aid.") for key in permitted(other))


def test_a_section_answers_for_its_own_and_without_one_for_nothing():
    aid, nowhere = someone(Role.SECTION), User(pk=1, role=Role.SECTION)
    assert may(aid, "close", "collection", section="aid")
    assert not may(aid, "close", "collection", section="safety")
    assert not any(may(nowhere, "close", "collection", section=section) for section in ("", "aid"))
    assert not any(Rights(nowhere).may_send(sheet) for sheet in sheet_catalogue.sheets().values())


def test_a_clerk_answers_for_the_own_school_and_without_one_for_nothing():
    clerk, nowhere = User(pk=1, role=Role.CLERK, school_id=7), User(pk=1, role=Role.CLERK)
    assert may(clerk, "answer", "collection", school=7)
    assert not may(clerk, "answer", "collection", school=8)
    assert not any(may(nowhere, "answer", "collection", school=school) for school in (None, 7))
    assert not any(Rights(nowhere).may_send(sheet) for sheet in sheet_catalogue.sheets().values())


def test_what_one_made_oneself_another_must_pass():
    leader = someone(Role.LEADER)
    assert may(leader, "sign", "release", made_by=2)
    assert not may(leader, "sign", "release", made_by=1)
    clerk = someone(Role.CLERK)
    assert may(clerk, "undo", "batch", made_by=1)
    assert not any(may(clerk, "undo", "batch", made_by=maker) for maker in (2, None))


def test_what_is_not_permitted_is_denied():
    require(someone(Role.ADMINISTRATOR), "keep", "account")
    for facts in ({"section": "safety"}, {}):
        with pytest.raises(PermissionDenied):
            require(someone(Role.LEADER), "close", "collection", **facts)


@pytest.mark.parametrize("key", ["sign account", "fly release", "see nothing", "see payment"])
def test_an_action_without_a_line_is_unknown(key):
    with pytest.raises(Unknown):
        permits(someone(Role.OFFICE), *key.split())


def test_every_register_has_its_lines():
    lines = {key for key in ACTIONS if "." not in key}
    for model in registers().values():
        assert {f"{kind_of(model)} {action}" for action in ("see", "edit", "import")} <= lines


def test_what_only_one_section_sees_belongs_to_an_area():
    kinds = {name: kind_of(model) for name, model in registers().items()}
    assert kinds["pupil"] == kinds["person"] == "shared"
    assert (kinds["aid_award"], kinds["school"], kinds["term"]) == ("personal", "ordinary", "open")
    confidential = [model for model in registers().values() if kind_of(model) == "confidential"]
    assert confidential
    assert all(model.__module__.startswith("xuezheng.areas.") for model in confidential)


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"role": Role.OFFICE}, 1),
        ({"role": Role.OFFICE, "is_active": False}, 0),
        ({"role": Role.SECTION, "section": "aid"}, 1),
        ({"role": Role.SECTION, "section": "safety"}, 0),
        ({"role": Role.SECTION}, 0),
        ({"role": Role.LEADER}, 0),
        ({"role": Role.ADMINISTRATOR, "is_superuser": True}, 0),
    ],
)
def test_the_database_permits_to_the_same_accounts(db, fields, count):
    user = User.objects.create(username="某", **fields)
    for action in ("handle", "approve"):
        assert User.objects.filter(permissions.permitted_accounts(action, "aid.payment")).count() == count
        assert bool(permits(user, action, "aid.payment")) == bool(count)


def test_the_database_permits_to_a_clerk_the_own_school_only(district):
    own, other = School.objects.order_by("pk")[:2]
    User.objects.create(username="某", role=Role.CLERK, school=own)
    for school, count in ((own.pk, 1), (other.pk, 0)):
        condition = permissions.permitted_accounts("review", "aid.recognition", school=school)
        assert User.objects.filter(condition).count() == count
