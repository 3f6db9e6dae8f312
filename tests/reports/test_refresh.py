"""An edited report gets the numbers of another half-year; its prose stays; what no longer fits is told."""

import copy
import random
import subprocess
from dataclasses import replace
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.machine import OFFICE, require

from xuezheng.core.periods import Period
from xuezheng.proofing import word_file
from xuezheng.reports.compose import compose_text
from xuezheng.reports.living.findings import Kind
from xuezheng.reports.living.refresh import refresh
from xuezheng.reports.living.verify import verify
from xuezheng.reports.word import marks
from xuezheng.reports.word.document import write_report
from xuezheng.snapshots import freeze

AUTUMN = Period.parse("2019H2")
SAVED = 8  # documents that LibreOffice saves
SOURCE = """
# 工作报告

## 一、资助

{{ period }}资助建档立卡学生{{ n("aid.registered_poor_pupils") }}，金额{{ n("aid.registered_poor_amount") }}。
考生{{ n("enrolment.exam_candidates") }}（文史类{{ n("enrolment.exam_candidates", track="arts") }}）。

寄宿生{{ n("aid.boarder_pupils") }}，发放率{{ n("aid.registered_poor_paid_rate") }}。

| 项目 | 数 |
| 学校 | {{ n("enrolment.schools") }} |
| 班级 | {{ n("enrolment.classes") }} |
"""


@pytest.fixture
def snapshots(transactional_db, small, workbook, tmp_path, monkeypatch):
    """The small district, frozen after each half-year."""
    from xuezheng.intake import import_workbook

    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path / "home"))
    assert import_workbook(workbook(small, "全区.xlsx")).saved
    return freeze(date(2019, 7, 5)), freeze(date(2020, 1, 20))


@pytest.fixture
def report(snapshots, tmp_path):
    path = tmp_path / "报告.docx"
    write_report(compose_text(SOURCE, snapshots[0], Period.parse("2019H1")), path)
    return path


def paragraphs(path):
    return [p.text for p in docx.Document(str(path)).paragraphs]


def prose(path):
    """The body's text without the marked numbers and without the appendix."""
    opened = word_file.open_document(path)
    for texts in marks.enclosed(opened).items():
        if texts[0] != "xz_appendix":
            for text in texts[1]:
                text.text = ""
    told = [p.text for p in opened.paragraphs]
    return told[: told.index("附件")] if "附件" in told else told


def test_every_number_is_that_of_the_other_period(report, snapshots, tmp_path):
    refreshed = refresh(report, snapshots[1], AUTUMN)
    refreshed.save(tmp_path / "新.docx")
    carried = marks.read(tmp_path / "新.docx")
    assert (carried.period, carried.snapshot_id) == ("2019H2", snapshots[1].id)
    for mark in carried.marks:
        assert mark.shown == mark.text
    told = {mark.figure: mark.text for mark in carried.marks if not mark.slice}
    assert told["aid.registered_poor_pupils"] == "2人"
    assert told["aid.registered_poor_amount"] == "562.5元"
    assert prose(tmp_path / "新.docx") == prose(report)


def test_the_appendix_tells_the_new_numbers_in_its_old_place(report, snapshots, tmp_path):
    opened = docx.Document(str(report))
    opened.add_paragraph("附件之后的话")
    opened.save(str(report))
    refresh(report, snapshots[1], AUTUMN).save(tmp_path / "新.docx")
    opened = docx.Document(str(tmp_path / "新.docx"))
    assert opened.paragraphs[-1].text == "附件之后的话"
    cells = [cell.text for row in opened.tables[-1].rows for cell in row.cells]
    assert "562.5元" in cells
    assert "0.1525万元" not in cells
    assert sum("统计期：2019年下半年" in p.text for p in opened.paragraphs) == 1


def test_what_no_longer_fits_is_listed_and_commented(report, snapshots, tmp_path):
    refreshed = refresh(report, snapshots[1], AUTUMN)
    found = {(finding.kind, finding.figure) for finding in refreshed.findings}
    assert (Kind.NO_DATA, "enrolment.exam_candidates") in found
    assert (Kind.NO_DATA, "aid.boarder_pupils") in found
    assert any(f.kind is Kind.STALE_WORDS and "2019年上半年" in f.message for f in refreshed.findings)
    refreshed.save(tmp_path / "新.docx")
    comments = [comment.text for comment in docx.Document(str(tmp_path / "新.docx")).comments]
    placed = [finding.message for finding in refreshed.findings if finding.paragraph is not None]
    assert sorted(comments) == sorted(placed)
    assert "考生—（文史类—）" in "".join(paragraphs(tmp_path / "新.docx"))


def test_a_mark_that_was_deleted_is_told_and_the_others_are_refreshed(report, snapshots):
    opened = docx.Document(str(report))
    [paragraph] = [p for p in opened.paragraphs if p.text.startswith("寄宿生")]
    paragraph._p.getparent().remove(paragraph._p)
    opened.save(str(report))
    refreshed = refresh(report, snapshots[1], AUTUMN)
    gone = {f.figure for f in refreshed.findings if f.kind is Kind.REMOVED}
    assert gone == {"aid.boarder_pupils", "aid.registered_poor_paid_rate"}
    assert refreshed.marks == 6


def test_a_number_changed_by_hand_is_replaced_and_told(report, snapshots):
    opened = docx.Document(str(report))
    for text in opened.element.body.iter(qn("w:t")):
        if text.text == "3人":
            text.text = "5人"
            break
    opened.save(str(report))
    [finding] = [f for f in refresh(report, snapshots[1], AUTUMN).findings if f.kind is Kind.CHANGED]
    assert (finding.old, finding.new) == ("5人", "2人")


def test_a_falling_number_after_a_word_of_rising_is_told(report, snapshots, monkeypatch):
    source = '资助金比上期增长{{ n("aid.registered_poor_amount") }}。'
    write_report(compose_text(source, snapshots[0], Period.parse("2019H1")), report)
    from xuezheng.areas.aid import figures

    amount = figures.registered_poor_amount
    falling = replace(amount.calculation, value=-amount.calculation.value)
    monkeypatch.setattr(amount, "calculation", falling)
    for snapshot in snapshots:
        snapshot.caches.clear()
    found = refresh(report, snapshots[1], Period.parse("2019")).findings
    assert any(f.kind is Kind.DIRECTION and "增长" in f.message for f in found)


def split_runs(paragraph, rng):
    """Split a run in two, as Word does when somebody edits in it."""
    runs = [run for run in paragraph.runs if len(run.text) > 1]
    if runs:
        run = rng.choice(runs)
        place = rng.randrange(1, len(run.text))
        second = copy.deepcopy(run._r)
        run._r.addnext(second)
        first_text, second_text = run._r.find(qn("w:t")), second.find(qn("w:t"))
        first_text.text, second_text.text = run.text[:place], run.text[place:]


def insert_words(paragraph, rng):
    """Write after a run that is no number, nor a part of one."""
    marked = {text for texts in marks.enclosed(paragraph.part.document).values() for text in texts}
    runs = [run for run in paragraph.runs if not marked & set(run._r.iter(qn("w:t")))]
    # A run that was split may end within a number of the prose: words there would make another number of it.
    runs = [run for run in runs if not run.text[-1:].isdigit()]
    if runs:
        run = rng.choice(runs)
        run.text = run.text + rng.choice(["，稳步推进", "（详见另文）", "有关"])


def move(paragraph, rng):
    others = [p for p in paragraph._p.getparent().iterchildren(qn("w:p")) if p is not paragraph._p]
    rng.choice(others[:6]).addnext(paragraph._p)


def new_paragraph(paragraph, rng):
    paragraph.insert_paragraph_before("会议强调，要以更高标准做好各项工作。")


EDITS = [split_runs, insert_words, move, new_paragraph]


def write_edited(report, edits, rng, path):
    opened = docx.Document(str(report))
    for edit in edits:
        told = [p.text for p in opened.paragraphs]
        edit(rng.choice(opened.paragraphs[2 : told.index("附件")]), rng)
    opened.save(str(path))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10**6),
    edits=st.lists(st.sampled_from(EDITS), max_size=8),
)
def test_whatever_is_edited_in_the_prose_refreshing_leaves_it_and_verifying_finds_nothing(
    report, snapshots, tmp_path, seed, edits
):
    edited, fresh = tmp_path / "改.docx", tmp_path / "新.docx"
    write_edited(report, edits, random.Random(seed), edited)
    assert verify(edited) == []
    refreshed = refresh(edited, snapshots[0], Period.parse("2019H1"))
    assert refreshed.findings == ()
    assert refreshed.changed == 0
    refreshed.save(fresh)
    assert paragraphs(fresh) == paragraphs(edited)
    assert verify(fresh) == []
    autumn = refresh(edited, snapshots[1], AUTUMN)
    autumn.save(fresh)
    assert prose(fresh) == prose(edited)
    assert verify(fresh) == []


def test_whatever_is_edited_and_saved_by_libreoffice_is_refreshed_all_the_same(report, snapshots, tmp_path):
    require(*OFFICE)
    edited, folder = tmp_path / "edited", tmp_path / "saved"
    edited.mkdir()
    for seed in range(SAVED):
        rng = random.Random(seed)
        write_edited(report, rng.choices(EDITS, k=6), rng, edited / f"{seed}.docx")
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder), *map(str, edited.iterdir())],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    for saved in sorted(folder.iterdir()):
        assert verify(saved) == []
        refreshed = refresh(saved, snapshots[1], AUTUMN)
        assert refreshed.marks == len(marks.read(report).marks)
        refreshed.save(tmp_path / "新.docx")
        assert prose(tmp_path / "新.docx") == prose(saved)
        assert verify(tmp_path / "新.docx") == []
