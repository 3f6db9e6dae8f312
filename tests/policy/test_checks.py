"""Checks of versions against their documents: empty until a person records one, and never more than was recorded."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from xuezheng.policy import PolicyError, kept, taking
from xuezheng.policy.checks import record_check, withdraw_check
from xuezheng.policy.current import entry, policies_digest, reading
from xuezheng.policy.models import SourceCheck
from xuezheng.policy.packs import shipped
from xuezheng.records.models import ChainLink, User
from xuezheng.snapshots.manifest import policy_entries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy_of_the_database")]
KEY, DAY, CHECKED = "aid.grant_tier", date(2026, 9, 1), date(2026, 3, 2)
PAPER = "皖财教〔2019〕100号第五条"


@pytest.fixture
def people():
    taking.pin_beginning()
    return {
        name: User.objects.create_user(name, role=role, section=section)
        for name, role, section in (("aid", "section", "aid"), ("staffing", "section", "staffing"))
    }


def version():
    return entry(KEY).version(DAY)


def test_nobody_has_checked_anything_at_first(people):
    assert (version().grade, version().check, version().verified) == ("C", None, False)


def test_a_check_names_the_person_the_day_and_the_document(people):
    before = (version(), policies_digest())
    made = record_check(KEY, "start", DAY, f" {PAPER} ", CHECKED, people["aid"])
    assert (version().check.by, version().check.day, version().check.document) == ("aid", CHECKED, PAPER)
    assert version().verified
    # The standard itself is the same: nothing is computed anew.
    assert (version(), policies_digest()) == before
    assert policy_entries([KEY])[KEY]["verified"]
    assert ChainLink.objects.filter(subject="policy.source_check").count() == 1
    with pytest.raises(TypeError, match="never changed"):
        made.save()
    with pytest.raises(PolicyError, match="不是待核实的"):
        record_check(KEY, "start", DAY, PAPER, CHECKED, people["aid"])


def test_a_later_edition_with_another_value_or_source_is_not_checked(people):
    record_check(KEY, "start", DAY, PAPER, CHECKED, people["aid"])
    start = shipped()["start"]
    (known,) = start.versions[KEY]
    for change in (
        {"source": "另一份文件"},
        {"value": {"severe": "first", "middle": "first", "slight": "third"}},
    ):
        later = replace(start, edition="2027", versions={**start.versions, KEY: (replace(known, **change),)})
        with reading(kept.lines_with(later)):
            assert not version().verified, change
    with reading(kept.lines_with(start)):
        assert version().verified


def test_a_check_that_was_wrong_is_withdrawn_and_stays_in_the_record(people):
    record_check(KEY, "start", DAY, PAPER, CHECKED, people["aid"])
    withdraw_check(KEY, "start", DAY, people["aid"])
    assert not version().verified
    assert list(SourceCheck.objects.values_list("withdrawn", flat=True)) == [False, True]
    with pytest.raises(PolicyError, match="没有登记过核实"):
        withdraw_check(KEY, "start", DAY, people["aid"])


@pytest.mark.parametrize(
    ("user", "pack", "day", "document", "checked_on", "words"),
    [
        ("staffing", "start", DAY, PAPER, CHECKED, "您不负责这项标准"),
        ("aid", "start", DAY, "文件", CHECKED, "请写明对照的是哪份文件"),
        ("aid", "start", DAY, PAPER, date(2099, 1, 1), "在今天之后"),
        ("aid", "nowhere", DAY, PAPER, CHECKED, "没有这一版"),
        ("aid", "start", date(2000, 1, 1), PAPER, CHECKED, "没有这一版"),
    ],
)
def test_what_cannot_be_recorded_is_refused(people, user, pack, day, document, checked_on, words):
    with pytest.raises(PolicyError, match=words):
        record_check(KEY, pack, day, document, checked_on, people[user])
    assert not SourceCheck.objects.exists()


def test_what_was_compared_today_is_recorded_and_tomorrow_is_not(people):
    today = timezone.localdate()
    with pytest.raises(PolicyError, match="在今天之后"):
        record_check(KEY, "start", DAY, PAPER, today + timedelta(days=1), people["aid"])
    assert record_check(KEY, "start", DAY, PAPER, today, people["aid"]).checked_on == today


def test_a_version_whose_document_was_read_needs_no_check(people):
    with pytest.raises(PolicyError, match="不是待核实的"):
        record_check("aid.boarder", "national", DAY, PAPER, CHECKED, people["aid"])
