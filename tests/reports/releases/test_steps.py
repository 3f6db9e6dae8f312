"""From draft to issue: who may do what, what stands in the way, and that what is issued stays as it is."""

import hashlib
import io
import stat

import docx
import pytest
from tests.at_once import at_once, told_apart

from xuezheng.core.data_folder import home
from xuezheng.core.periods import Period
from xuezheng.proofing import word_file
from xuezheng.records.models import User
from xuezheng.reports.releases import ReleaseError, ReleaseForbidden, steps
from xuezheng.reports.releases.checklist import checklist
from xuezheng.reports.releases.models import Explanation, Release, Review, State, Version
from xuezheng.reports.word import marks
from xuezheng.snapshots import SnapshotError

PERIOD = Period.parse("2019H1")
AID, BASIC = "学生资助管理中心", "基础教育股"


def fresh(version):
    """The newest version of a release as the database has it now."""
    return Release.objects.with_reviews().get(pk=version.release_id).current


def reviewed(version):
    return {section for section, made in version.release.reviews(version).items() if made}


def open_keys(version):
    return [entry.item.key for entry in checklist(version) if entry.open]


def test_from_draft_by_reviews_and_explanations_to_issue(draft, users):
    assert fresh(draft).release.state is State.DRAFT
    assert list(draft.release.reviews(draft)) == [BASIC, AID]
    steps.review(draft, AID, users["section"])
    steps.review(draft, BASIC, users["office"])
    assert fresh(draft).release.state is State.REVIEWED
    with pytest.raises(ReleaseError, match="清单上还有1项没有说明"):
        steps.issue(fresh(draft), users["office"])
    with pytest.raises(ReleaseError, match="清单上还有1项没有说明"):
        steps.sign(fresh(draft), "云教〔2019〕12号", users["leader"])
    steps.explain(draft, open_keys(draft), "党员由组织部门统计。", users["section"])
    with pytest.raises(ReleaseError, match="领导还没有签发这一版"):
        steps.issue(fresh(draft), users["office"])
    steps.sign(fresh(draft), " 云教〔2019〕 12号", users["leader"])
    assert fresh(draft).release.state is State.SIGNED
    steps.issue(fresh(draft), users["office"])
    issued = fresh(draft).release
    assert (issued.state, issued.issued_by) == (State.ISSUED, users["office"])
    assert (issued.signed_by, issued.document_number) == (users["leader"], "云教〔2019〕12号")
    assert [it.on_behalf for it in Review.objects.order_by("pk")] == [False, True]


def test_the_office_alone_gets_nothing_issued(draft, users):
    with pytest.raises(ReleaseForbidden, match="由该科室会签"):
        steps.review(draft, AID, users["office"])
    steps.review(draft, BASIC, users["office"])
    steps.explain(draft, open_keys(draft), "党员由组织部门统计。", users["office"])
    for name in ("office", "section", "clerk"):
        with pytest.raises(ReleaseForbidden, match="由领导签发"):
            steps.sign(fresh(draft), "云教〔2019〕12号", users[name])
    User.objects.filter(pk=users["section"].pk).update(is_active=False)
    steps.review(draft, AID, users["office"])
    assert Review.objects.get(section=AID).on_behalf
    with pytest.raises(ReleaseError, match="领导还没有签发"):
        steps.issue(fresh(draft), users["office"])
    # Who drafted it does not sign it, whatever he has become since.
    User.objects.filter(pk=users["office"].pk).update(role="leader")
    users["office"].refresh_from_db()
    with pytest.raises(ReleaseForbidden, match="不能由起草的人签发"):
        steps.sign(fresh(draft), "云教〔2019〕12号", users["office"])


def test_who_signed_does_not_issue(draft, users, ready):
    ready(draft)
    User.objects.filter(pk=users["leader"].pk).update(role="office")
    users["leader"].refresh_from_db()
    with pytest.raises(ReleaseError, match="签发的人不能自己印发"):
        steps.issue(fresh(draft), users["leader"])


def test_a_new_version_has_to_be_signed_again(draft, users, ready, upload, write):
    ready(draft)
    upload(fresh(draft), write("报考情况", "报考的情况"))
    newest = fresh(draft)
    assert newest.release.state is not State.SIGNED
    for section, made in newest.release.reviews(newest).items():
        if made is None:
            own = steps.own_section(users["section"]) == section
            steps.review(newest, section, users["section" if own else "office"])
    if keys := open_keys(newest):
        steps.explain(newest, keys, "本期没有这项工作。", users["office"])
    with pytest.raises(ReleaseError, match="领导还没有签发这一版"):
        steps.issue(fresh(draft), users["office"])
    steps.sign(fresh(draft), "云教〔2019〕12号", users["leader"])
    steps.issue(fresh(draft), users["office"])


@pytest.mark.parametrize(
    "number", ["", "12号", "云教[2019]12号", "云教〔2019〕0号", "云教〔2019〕12", "x" * 99]
)
def test_a_document_number_has_its_form(draft, users, ready, number):
    with pytest.raises(ReleaseError, match="如云教〔2019〕12号"):
        steps.sign(fresh(draft), number, users["leader"])


def test_a_document_number_is_given_once(draft, users, ready, snapshot):
    steps.issue(fresh(ready(draft)), users["office"])
    second = steps.draft("notice", snapshot, PERIOD, users["office"])
    with pytest.raises(ReleaseError, match="已用于另一份报告"):
        ready(second)


def test_a_section_that_has_not_reviewed_stands_in_the_way(draft, users):
    steps.review(draft, AID, users["section"])
    with pytest.raises(ReleaseError, match=f"还没有会签的科室：{BASIC}。"):
        steps.issue(fresh(draft), users["office"])


def test_the_file_is_whole_hashed_and_its_owners_only(draft):
    content = draft.content()
    [path] = (home() / "releases").glob(f"{draft.sha256}*")
    assert hashlib.sha256(content).hexdigest() == draft.sha256
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert len(marks.enclosed(word_file.open_document(path))) == 5


@pytest.mark.parametrize("role", ["section", "leader", "clerk"])
def test_only_the_office_makes_versions_and_issues(draft, users, upload, ready, write, snapshot, role):
    user = users[role]
    ready(draft)
    for step in (
        lambda: steps.draft("notice", snapshot, PERIOD, user),
        lambda: steps.compose_version(draft.release, snapshot, user, 1),
        lambda: upload(draft, write("资助", "帮助"), role),
        lambda: steps.issue(fresh(draft), user),
    ):
        with pytest.raises(ReleaseForbidden, match="由办公室"):
            step()
    assert (Version.objects.count(), fresh(draft).release.state) == (1, State.SIGNED)


@pytest.mark.parametrize(("role", "section"), [("section", BASIC), ("leader", AID), ("clerk", AID)])
def test_nobody_reviews_for_another_section(draft, users, role, section):
    with pytest.raises(ReleaseForbidden):
        steps.review(draft, section, users[role])
    assert not Review.objects.exists()


def test_whoever_is_of_a_section_reviews_for_all_its_areas(draft, users):
    users["section"].section = "balance"
    steps.review(draft, BASIC, users["section"])
    assert reviewed(fresh(draft)) == {BASIC}


def test_a_section_without_a_part_has_nothing_to_review(draft, users):
    with pytest.raises(ReleaseError, match="不用会签"):
        steps.review(draft, "人事股", users["office"])


@pytest.mark.parametrize("role", ["leader", "clerk"])
def test_leaders_and_schools_explain_nothing(draft, users, role):
    with pytest.raises(ReleaseForbidden):
        steps.explain(draft, open_keys(draft), "不要紧。", users[role])


@pytest.mark.parametrize(
    ("items", "text"), [([], "不要紧。"), (["x"], "不要紧。"), (None, " 好 "), (None, "长" * 301)]
)
def test_an_explanation_says_something_about_something(draft, users, items, text):
    with pytest.raises(ReleaseError):
        steps.explain(draft, open_keys(draft) if items is None else items, text, users["office"])
    assert not Explanation.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("资助建档立卡学生", "共资助建档立卡学生", {BASIC}),  # words
        ("3人", "4人", {BASIC}),  # a number by hand
        ("科类", "考试科类", {AID}),  # the head of a table
        ("报考情况", "高考报考情况", {AID}),  # its name
        ("一、资助", "一、学生资助", {AID, BASIC}),  # a heading without numbers
    ],
)
def test_a_new_version_voids_the_reviews_of_the_sections_whose_part_it_changed(
    draft, upload, ready, write, old, new, kept
):
    ready(draft)
    version = fresh(upload(draft, write(old, new)))
    assert version.number == 2
    assert reviewed(version) == kept


def test_paragraphs_that_only_change_places_void_nothing(draft, upload, ready):
    def swap(opened):
        first, second = (p for p in opened.paragraphs if p.text.startswith(("资助建档", "考生")))
        second._p.addnext(first._p)

    ready(draft)
    assert reviewed(fresh(upload(draft, swap))) == {AID, BASIC}


def test_a_review_holds_again_when_the_part_reads_again_as_it_did(draft, upload, ready, write):
    ready(draft)
    changed = fresh(upload(draft, write("资助建档", "帮助建档")))
    back = fresh(upload(changed, write("帮助建档", "资助建档")))
    assert (reviewed(changed), reviewed(back)) == ({BASIC}, {AID, BASIC})


def test_what_was_explained_stays_explained_in_the_next_version(draft, upload, ready, write):
    ready(draft)
    version = fresh(upload(draft, write("3人", "4人")))
    [open_] = [entry for entry in checklist(version) if entry.open]
    assert "应为3人，被手工改成了4人" in open_.item.told
    assert any(entry.explanation for entry in checklist(version))


@pytest.mark.parametrize(
    ("content", "fault", "words"),
    [
        ("another period", ReleaseError, "这份文件是2019年下半年的"),
        ("another template", ReleaseError, "不是2019年上半年的“工作报告”"),
        ("not a report", word_file.NotAReportError, "不是本系统生成的报告"),
        ("no word file", word_file.NotAReportError, "不是能打开的Word文档"),
        ("lost snapshot", SnapshotError, "没有快照"),
        ("forged", ReleaseError, "出处记录被改动过"),
    ],
)
def test_a_file_that_is_no_version_of_the_release_is_refused_and_not_kept(
    draft, users, content, fault, words
):
    changes = {
        "another period": (b'period="2019H1"', b'period="2019H2"'),
        "another template": (b'template="notice"', b'template="other"'),
        "not a report": (b"urn:xuezheng:report:1", b"urn:other:report:1"),
        "lost snapshot": (draft.snapshot_id.encode(), b"2019-01-01-00000000"),
        "forged": (b'text="3\xe4\xba\xba"', b'text="9\xe4\xba\xba"'),
    }
    sent = b"PK nothing"
    if content in changes:
        opened = docx.Document(io.BytesIO(draft.content()))
        part = marks._part(opened)
        part._blob = part.blob.replace(*changes[content])
        saved = io.BytesIO()
        opened.save(saved)
        sent = saved.getvalue()
    kept = sorted((home() / "releases").iterdir())
    with pytest.raises(fault, match=words):
        steps.take_in(draft.release, sent, "x.docx", users["office"], 1)
    assert fresh(draft).number == 1
    assert sorted((home() / "releases").iterdir()) == kept


def test_a_step_taken_of_an_older_version_changes_nothing_and_says_so(draft, users, upload, write):
    key = open_keys(draft)
    upload(draft, write("资助", "帮助"))
    for step in (
        lambda: steps.review(draft, AID, users["section"]),
        lambda: steps.explain(draft, key, "不要紧。", users["office"]),
        lambda: upload(draft, write("资助", "救助")),
    ):
        with pytest.raises(ReleaseError, match="现在是第2版"):
            step()
    assert not Review.objects.exists()
    assert not Explanation.objects.exists()


def test_what_is_issued_takes_no_further_step_and_stays_to_the_byte(
    draft, users, upload, ready, write, template, snapshot
):
    content, key = draft.content(), open_keys(draft)
    steps.issue(fresh(ready(draft)), users["office"])
    before = Release.objects.values().get(), Version.objects.values().get()
    template.write_text("# 别的报告\n\n没有数。\n", encoding="utf-8")
    for step in (
        lambda: steps.issue(fresh(draft), users["office"]),
        lambda: steps.review(draft, AID, users["section"]),
        lambda: steps.explain(draft, key, "不要紧。", users["office"]),
        lambda: upload(draft, write("资助", "救助")),
        lambda: steps.compose_version(draft.release, snapshot, users["office"], 1),
    ):
        with pytest.raises(ReleaseError, match="印发，不能再改"):
            step()
    assert (Release.objects.values().get(), Version.objects.values().get()) == before
    assert fresh(draft).content() == content


def test_there_is_one_open_release_of_a_report_and_a_new_one_after_an_issue(draft, users, ready, snapshot):
    with pytest.raises(ReleaseError, match="已在起草"):
        steps.draft("notice", snapshot, PERIOD, users["office"])
    steps.issue(fresh(ready(draft)), users["office"])
    again = steps.draft("notice", snapshot, PERIOD, users["office"])
    assert again.release_id != draft.release_id
    assert Release.objects.exclude(issued_at=None).get().pk == draft.release_id


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"other"), lambda path: path.unlink()])
def test_a_damaged_file_is_told_and_not_given_out_or_issued(draft, users, ready, damage):
    ready(draft)
    damage(home() / "releases" / f"{draft.sha256}.docx")
    for step in (draft.content, lambda: steps.issue(fresh(draft), users["office"])):
        with pytest.raises(ReleaseError, match="从备份恢复"):
            step()
    assert fresh(draft).release.issued_at is None


@pytest.fixture
def together(transactional_db, draft):
    """Take steps at the same time, each in a thread of its own; return the faults."""

    def take(*steps_):
        faults, failed = told_apart(at_once(*steps_)[1], ReleaseError)
        assert failed == []
        return faults

    return take


def test_of_two_who_issue_at_once_one_wins_and_the_other_is_told(draft, users, ready, together):
    version = fresh(ready(draft))
    faults = together(*[lambda: steps.issue(version, users["office"])] * 4)
    assert len(faults) == 3
    assert all("已由office于" in fault for fault in faults)


def test_of_an_issue_and_a_new_version_at_once_one_wins(draft, users, upload, ready, write, together):
    version = fresh(ready(draft))
    faults = together(
        lambda: steps.issue(version, users["office"]), lambda: upload(version, write("资助", "救助"))
    )
    assert len(faults) == 1
    now = fresh(draft)
    assert (now.release.issued_at is None) == (now.number == 2)


def test_two_who_draft_at_once_make_one_release(template, users, snapshot, transactional_db, draft, together):
    Review.objects.all().delete()
    Version.objects.all().delete()
    Release.objects.all().delete()
    faults = together(*[lambda: steps.draft("notice", snapshot, PERIOD, users["office"])] * 3)
    assert len(faults) == 2
    assert [release.latest for release in Release.objects.all()] == [1]
