"""The bureau's own versions: one proposes with a citation, another approves; what was approved is in force, on its day."""

from datetime import date
from decimal import Decimal

import pytest

from xuezheng.policy import PolicyError, proposals
from xuezheng.policy.current import entry
from xuezheng.policy.models import LocalVersion, VersionScan, VersionStep
from xuezheng.records.models import ChainLink, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy_of_the_database")]
FIRST = date(2026, 9, 1)
SOURCE = "云教〔2026〕12号第三条"


@pytest.fixture
def people():
    make = User.objects.create_user
    return {
        "aid": make("aid", role="section", section="aid"),
        "colleague": make("colleague", role="section", section="aid"),
        "health": make("health", role="section", section="health"),
        "office": make("office", role="office"),
        "leader": make("leader", role="leader"),
        "clerk": make("clerk", role="clerk"),
        "admin": make("admin", role="administrator"),
    }


@pytest.fixture
def proposed(people):
    return proposals.propose("aid.preschool", FIRST, 600, SOURCE, people["aid"], date(2026, 7, 1))


def in_force(day=FIRST):
    return entry("aid.preschool").value(day)


def test_a_proposal_counts_once_another_has_approved_it(proposed, people):
    before = in_force()
    assert before == 50_000
    proposals.approve(proposed, people["colleague"])
    assert (in_force(), in_force(date(2026, 8, 31))) == (60_000, before)
    version = entry("aid.preschool").version(FIRST)
    assert (version.source, version.published_on, version.pack, version.verified) == (
        SOURCE,
        date(2026, 7, 1),
        "本局",
        True,
    )
    assert [(step.before, step.after, step.by.username) for step in proposed.steps.all()] == [
        ("", "proposed", "aid"),
        ("proposed", "approved", "colleague"),
    ]


@pytest.mark.parametrize("name", ["aid", "health", "clerk", "admin"])
def test_neither_who_proposed_nor_who_does_not_answer_for_it_approves(proposed, people, name):
    with pytest.raises(PolicyError, match="不能自己审批"):
        proposals.approve(proposed, people[name])
    assert in_force() == 50_000


@pytest.mark.parametrize("name", ["colleague", "office", "leader"])
def test_a_colleague_the_office_or_a_leader_approves(proposed, people, name):
    proposals.approve(proposed, people[name])
    assert in_force() == 60_000


@pytest.mark.parametrize("name", ["health", "clerk", "leader", "admin"])
def test_only_those_who_answer_for_the_matter_propose(people, name):
    with pytest.raises(PolicyError, match="不负责这项标准"):
        proposals.propose("aid.preschool", FIRST, 600, SOURCE, people[name])


@pytest.mark.parametrize(
    ("name", "content", "sent_as"),
    [
        ("依据.pdf", b"%PDF-1.7", "application/pdf"),
        ("C:\\文件\\依据.jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        (f"{'长' * 300}.png", b"\x89PNG\r\n\x1a\n", "image/png"),
        (f"无{'长' * 300}", b"%PDF-" + b"0" * (10 * 2**20 - 5), "application/pdf"),
    ],
)
def test_the_scanned_paper_is_kept_with_the_proposal_and_covered_by_the_chain(people, name, content, sent_as):
    scan = proposals.Scan(name, content)
    version = proposals.propose("aid.preschool", FIRST, 600, SOURCE, people["aid"], scan=scan)
    stored = VersionScan.objects.get(version=version)
    assert bytes(stored.content) == content
    assert stored.is_intact()
    assert len(stored.name) <= 120
    assert "\\" not in stored.name
    assert stored.name.partition(".")[2] == name.partition(".")[2]
    assert proposals.scan_type(bytes(stored.content)) == sent_as
    assert ChainLink.objects.filter(subject="policy.version_scan").count() == 1
    with pytest.raises(TypeError):
        stored.save()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "PDF文件或JPG"),
        (b"<html>%PDF-", "PDF文件或JPG"),
        (b"%PDF-" + b"0" * (10 * 2**20 - 4), "超过10兆"),
    ],
)
def test_a_scan_of_another_type_or_size_is_refused_with_the_whole_proposal(people, content, words):
    with pytest.raises(PolicyError, match=words):
        proposals.propose(
            "aid.preschool", FIRST, 600, SOURCE, people["aid"], scan=proposals.Scan("依据.pdf", content)
        )
    assert not LocalVersion.objects.exists()


def test_a_locked_account_neither_proposes_nor_approves(proposed, people):
    User.objects.update(is_active=False)
    for name in ("aid", "office", "leader"):
        people[name].refresh_from_db()
    with pytest.raises(PolicyError):
        proposals.propose("aid.preschool", date(2027, 9, 1), 600, SOURCE, people["aid"])
    with pytest.raises(PolicyError):
        proposals.approve(proposed, people["leader"])


def test_what_was_approved_can_be_revoked_and_then_counts_no_more(proposed, people):
    proposals.approve(proposed, people["leader"])
    with pytest.raises(PolicyError, match="请写明原因"):
        proposals.revoke(proposed, people["office"], " ")
    proposals.revoke(proposed, people["office"], "文件已废止")
    assert in_force() == 50_000
    with pytest.raises(PolicyError, match="已由别人办理"):
        proposals.approve(proposed, people["office"])
    # The day is free again.
    proposals.propose("aid.preschool", FIRST, 650, SOURCE, people["aid"])


def test_a_refused_or_withdrawn_proposal_never_counts(people):
    refused = proposals.propose("aid.preschool", FIRST, 600, SOURCE, people["aid"])
    proposals.refuse(refused, people["office"], "依据不足")
    withdrawn = proposals.propose("aid.preschool", FIRST, 610, SOURCE, people["aid"])
    with pytest.raises(PolicyError, match="只有提出的人可以撤回"):
        proposals.withdraw(withdrawn, people["colleague"])
    proposals.withdraw(withdrawn, people["aid"])
    assert in_force() == 50_000
    assert [version.get_state_display() for version in LocalVersion.objects.order_by("pk")] == [
        "未批准",
        "已撤回",
    ]


def test_two_versions_of_a_day_cannot_wait_or_hold(proposed, people):
    with pytest.raises(PolicyError, match="已经提出或批准"):
        proposals.propose("aid.preschool", FIRST, 700, SOURCE, people["office"])
    assert VersionStep.objects.count() == 1


def test_a_version_read_before_another_s_step_takes_no_second_step(proposed, people):
    stale = LocalVersion.objects.get(pk=proposed.pk)
    proposals.approve(proposed, people["leader"])
    with pytest.raises(PolicyError, match="已由别人办理"):
        proposals.refuse(stale, people["office"], "依据不足")
    assert in_force() == 60_000


def test_the_bureau_s_say_ends_on_a_day(proposed, people):
    proposals.approve(proposed, people["leader"])
    end = proposals.propose("aid.preschool", date(2027, 9, 1), None, SOURCE, people["aid"])
    proposals.approve(end, people["leader"])
    assert [in_force(day) for day in (date(2027, 8, 31), date(2027, 9, 1))] == [60_000, 50_000]


@pytest.mark.parametrize(
    ("value", "source", "first", "sentence"),
    [
        ("五百", SOURCE, FIRST, "不是金额"),
        (Decimal("0.001"), SOURCE, FIRST, "不是整分"),
        (600, "甲文", FIRST, "请写明依据"),
        (600, " " * 20, FIRST, "请写明依据"),
        (600, "文" * 301, FIRST, "请写明依据"),
        (600, SOURCE, date(1989, 12, 31), "过早或过晚"),
        (600, SOURCE, date(2100, 1, 1), "过早或过晚"),
        ({"primary": 1}, SOURCE, FIRST, "分档层数多于by所列"),
    ],
)
def test_what_cannot_be_proposed_is_refused(people, value, source, first, sentence):
    with pytest.raises(PolicyError, match=sentence):
        proposals.propose("aid.preschool", first, value, source, people["aid"])
    assert not LocalVersion.objects.exists()


def test_a_source_of_the_shortest_and_the_longest_length_is_taken(people):
    for year, source in ((2026, "会议决定"), (2027, "文" * 300)):
        proposals.propose("aid.preschool", date(year, 9, 1), 600, source, people["aid"])
    assert LocalVersion.objects.count() == 2


@pytest.mark.parametrize("first", [date(1990, 1, 1), date(2099, 12, 31)])
def test_the_first_and_the_last_day_are_taken(people, first):
    proposals.propose("aid.preschool", first, 600, SOURCE, people["aid"])
    assert LocalVersion.objects.get().first == first


def test_steps_are_covered_by_the_chain_and_never_rewritten(proposed, people):
    proposals.approve(proposed, people["leader"])
    assert ChainLink.objects.filter(subject="policy.version_step").count() == 2
    with pytest.raises(TypeError):
        proposed.steps.first().save()
