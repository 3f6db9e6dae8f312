"""Whoever changes a number of an issued report, in the file or in the registers, is found."""

import io
import random
import re
import zipfile
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn

from xuezheng.areas.aid.models import Award
from xuezheng.core.periods import Period
from xuezheng.intake import import_workbook
from xuezheng.proofing import word_file
from xuezheng.records.models import District
from xuezheng.reports.compose import compose_text
from xuezheng.reports.living.findings import Kind
from xuezheng.reports.living.verify import verify
from xuezheng.reports.word import document, marks
from xuezheng.snapshots import Snapshot, freeze, live

TAMPERINGS = 200
SOURCE = """
# 工作报告

## 一、2019年资助

资助{{ n("aid.registered_poor_pupils") }}{{ n("aid.registered_poor_amount") }}（义务教育{{ n("aid.registered_poor_pupils", phase="compulsory") }}），发放率{{ n("aid.registered_poor_paid_rate") }}。

在校学生{{ n("enrolment.pupils") }}，考生{{ n("enrolment.exam_candidates", style="over") }}。
"""


@pytest.fixture
def report(transactional_db, small, workbook, tmp_path, monkeypatch):
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path / "home"))
    assert import_workbook(workbook(small, "全区.xlsx")).saved
    path = tmp_path / "报告.docx"
    document.write_report(compose_text(SOURCE, freeze(date(2019, 7, 5)), Period.parse("2019H1")), path)
    edit(path, lambda opened: opened.paragraphs[3].add_run("见云教〔2019〕5号和2019年3月的通知。"))
    return path


def edit(path, change):
    opened = docx.Document(str(path))
    change(opened)
    opened.save(str(path))


def verified(path):
    """Verify against the registers as they are now."""
    with live(date(2019, 7, 5)) as now:
        return verify(path, now)


def kinds(findings):
    return [finding.kind for finding in findings]


def test_an_untouched_report_is_borne_out_by_the_registers(report):
    assert verified(report) == []


@pytest.mark.slow
def test_each_of_many_tamperings_of_a_whole_report_is_found_and_nothing_besides(
    demonstration, monkeypatch, db, tmp_path
):
    monkeypatch.setenv("XUEZHENG_HOME", str(demonstration))
    [path] = (demonstration / "demo" / "2019H1").glob("*.docx")
    carried = marks.read(path)
    snapshot = Snapshot.open(carried.snapshot_id)
    District.objects.create(**snapshot.district)
    assert verify(path) == []
    rng = random.Random(9)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for mark in rng.choices(carried.marks, k=TAMPERINGS):
        told, new = tampered(parts["word/document.xml"].decode(), mark.bookmark, rng)
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as package:
            for name, part in {**parts, "word/document.xml": told.encode()}.items():
                package.writestr(name, part)
        [finding] = verify(content)
        assert (finding.kind, finding.figure) == (Kind.CHANGED, mark.figure)
        assert (finding.old, finding.new) == (mark.text, new)
        assert finding.where


def tampered(xml, bookmark, rng):
    """A document in which one sign of one number is another, and what the number says now."""
    found = re.search(rf'w:name="{bookmark}"/>.*?<w:t[^>]*>([^<]*)</w:t>', xml)
    text = found[1]
    # Of a number without digits, such as 无, any sign.
    places = [place for place, sign in enumerate(text) if sign.isdigit()] or range(len(text))
    place = rng.choice(places)
    other = rng.choice([sign for sign in "123456789" if sign != text[place]])
    new = text[:place] + other + text[place + 1 :]
    return xml[: found.start(1)] + new + xml[found.end(1) :], new


def test_a_deleted_mark_is_found(report):
    def change(opened):
        for element in list(opened.element.body.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"))):
            if element.get(qn("w:name")) == "xz_0001" or (
                element.tag == qn("w:bookmarkEnd") and element.get(qn("w:id")) == "1"
            ):
                element.getparent().remove(element)

    edit(report, change)
    found = verify(report)
    # The number that is left is no longer marked, so it is one that somebody typed.
    assert sorted(kinds(found), key=str) == sorted([Kind.REMOVED, Kind.TYPED], key=str)


def test_a_number_typed_into_the_prose_is_found_and_days_and_documents_are_none(report):
    edit(report, lambda opened: opened.paragraphs[4].add_run("另有12名教师参加。"))
    [finding] = verify(report)
    assert (finding.kind, finding.new) == (Kind.TYPED, "12")
    assert "另有12名" in finding.where


def test_a_number_that_the_registers_no_longer_bear_out_is_told_with_its_import(report, small, workbook):
    small["资助发放名单"][0][10] = "350"
    outcome = import_workbook(workbook({"资助发放名单": small["资助发放名单"][:1]}, "更正.xlsx"))
    assert outcome.saved
    found = verified(report)
    assert set(kinds(found)) == {Kind.OUTDATED}
    amount = next(f for f in found if f.figure == "aid.registered_poor_amount")
    assert (amount.old, amount.new) == ("0.15万元", "0.14万元")
    assert "“更正.xlsx”（批次" in amount.message
    assert verify(report) == []


def test_a_change_by_hand_in_the_register_is_told_as_such(report):
    award = Award.objects.filter(
        programme="registered_poor", paid_on__isnull=False, term__code="2019春"
    ).first()
    award.batch = None
    award.amount -= 5000
    award.save()
    assert any("手工更改" in finding.message for finding in verified(report))


def test_verifying_leaves_no_snapshot_behind(report, tmp_path):
    before = sorted((tmp_path / "home" / "snapshots").iterdir())
    District.objects.update(name="云岭新区")
    verified(report)
    assert sorted((tmp_path / "home" / "snapshots").iterdir()) == before


def test_a_forged_source_is_found_by_the_snapshot(report):
    def change(opened):
        part = marks._part(opened)
        part._blob = part.blob.replace('text="3人"'.encode(), 'text="9人"'.encode())
        for text in opened.element.body.iter(qn("w:t")):
            if text.text == "3人":
                text.text = "9人"

    edit(report, change)
    found = verify(report)
    assert set(kinds(found)) == {Kind.FORGED}
    assert all((finding.old, finding.new) == ("9人", "3人") for finding in found)


def test_a_missing_snapshot_and_a_foreign_report_are_said(report, tmp_path):
    District.objects.update(code="349901")
    [finding] = verified(report)
    assert finding.kind is Kind.SNAPSHOT
    assert "不是本地的报告" in finding.message
    District.objects.update(code="349900")
    for folder in (tmp_path / "home" / "snapshots").iterdir():
        folder.rename(tmp_path / folder.name)
    [finding] = verified(report)
    assert "没有快照" in finding.message


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a document"])
def test_what_is_no_word_file_is_refused_with_a_sentence(report, content):
    report.write_bytes(content)
    with pytest.raises(word_file.NotAReportError, match="不是能打开的Word文档"):
        verified(report)
