"""Areas and registers that a bureau does not use: who switches them, what they are then asked for, and old snapshots."""

from datetime import date

import pytest

from xuezheng.collections.collecting import collectable
from xuezheng.core.periods import Period
from xuezheng.figures import catalogue, is_reported
from xuezheng.records import switches
from xuezheng.records.models import ChainLink, Switch, User
from xuezheng.records.switches import SwitchRefused
from xuezheng.reports.compose import compose_text
from xuezheng.reports.model import runs_of, text_of
from xuezheng.snapshots import freeze

SPRING = Period.parse("2019H1")


@pytest.fixture
def administrator(db):
    return User.objects.create(username="admin", role=User.Role.ADMINISTRATOR)


def test_what_was_never_switched_is_used(db):
    assert switches.unused() == frozenset()


def test_the_latest_switching_counts_and_each_is_in_the_chain(administrator):
    assert switches.switch("health", True, administrator) is None
    switches.switch("health", False, administrator)
    assert switches.unused() == {"health"}
    assert switches.switch("health", False, administrator) is None
    switches.switch("health", True, administrator)
    assert switches.unused() == frozenset()
    assert [made.used for made in Switch.objects.all()] == [False, True]
    assert ChainLink.objects.filter(subject="switch").count() == 2
    with pytest.raises(TypeError):
        Switch.objects.first().save()


@pytest.mark.parametrize("name", ["", "nothing", "records_school", "enrolment.pupils"])
def test_only_an_area_or_a_register_of_an_area_is_switched(administrator, name):
    with pytest.raises(SwitchRefused, match="没有这个业务或台账"):
        switches.switch(name, False, administrator)


@pytest.mark.parametrize("role", [role for role in User.Role if role != User.Role.ADMINISTRATOR])
def test_only_the_administrator_switches(db, role):
    with pytest.raises(SwitchRefused, match="由系统管理员"):
        switches.switch("health", False, User.objects.create(username="u", role=role, section="aid"))


def test_schools_are_not_asked_for_what_is_not_used(administrator):
    office = User.objects.create(username="office", role=User.Role.OFFICE)
    before = {sheet.model.table_name() for sheet in collectable(office)}
    table = next(name for name in before if name.startswith("health_"))
    switches.switch(table, False, administrator)
    assert {sheet.model.table_name() for sheet in collectable(office)} == before - {table}
    switches.switch("health", False, administrator)
    assert not any(sheet.area == "health" for sheet in collectable(office))


def test_a_report_leaves_out_what_was_not_used_at_the_freeze_and_older_snapshots_stay(
    lone_district, administrator
):
    source = (
        '学生{{ n("enrolment.pupils") }}。学校{{ n("enrolment.schools") }}。党员{{ n("party.members") }}。'
    )
    before = freeze(date(2019, 7, 5))
    switches.switch("party", False, administrator)
    after = freeze(date(2019, 7, 5))
    assert (before.unused, after.unused) == (frozenset(), {"party"})
    left = [sentence.text for sentence in compose_text(source, before, SPRING).evidence.left_out]
    assert "党员…。" in left
    report = compose_text(source, after, SPRING)
    assert not any("党员" in sentence.text for sentence in report.evidence.left_out)
    assert not any("党员" in text_of(runs_of(block)) for block in report.blocks)
    members, schools = catalogue.figure("party.members"), catalogue.figure("enrolment.schools")
    assert (is_reported(members, after.unused), is_reported(schools, after.unused)) == (False, True)
