"""A report written elsewhere is adopted: its numbers become marks, its text stays to the sign."""

import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from xuezheng.cli import main
from xuezheng.core.periods import Period
from xuezheng.policy.packs import FOLDER
from xuezheng.proofing import word_file
from xuezheng.records.models import District
from xuezheng.reports.compose import compose_text
from xuezheng.reports.living.adopt import AdoptionRefused, adopt
from xuezheng.reports.living.findings import Kind
from xuezheng.reports.living.matching import Sureness
from xuezheng.reports.living.refresh import refresh
from xuezheng.reports.living.verify import verify
from xuezheng.reports.word import document, marks
from xuezheng.reports.word.document import Sources
from xuezheng.snapshots import Snapshot

HALF_YEAR = (FOLDER / "huizhou-2019/reports/half_year.md").read_text("utf-8")
SPRING, AUTUMN = Period.parse("2019H1"), Period.parse("2019H2")


@pytest.fixture
def old(tmp_path):
    """A report typed in Word: its numbers lie across runs of different looks."""
    document = docx.Document()
    paragraph = document.add_paragraph("2019年上半年，资助建档立卡")
    paragraph.add_run("学生").bold = True
    paragraph.add_run("3")
    paragraph.add_run("人，建档立卡资助金0.1")
    paragraph.add_run("525").italic = True
    paragraph.add_run("万元。参加高考考生3人（文史类2人，理工类1人），另有98765人观摩。")
    document.save(tmp_path / "旧报告.docx")
    return tmp_path / "旧报告.docx"


def paragraphs(path):
    return [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]


def test_numbers_are_marked_and_the_text_stays(old, snapshot, tmp_path):
    before = paragraphs(old)
    adopted = adopt(old, snapshot, SPRING)
    adopted.save(tmp_path / "新.docx")
    assert paragraphs(tmp_path / "新.docx") == before
    carried = marks.read(tmp_path / "新.docx")
    assert [(mark.figure, mark.shown) for mark in carried.marks] == [
        ("aid.registered_poor_pupils", "3人"),
        ("aid.registered_poor_amount", "0.1525万元"),
        ("enrolment.exam_candidates", "3人"),
        ("enrolment.exam_candidates", "2人"),
        ("enrolment.exam_candidates", "1人"),
    ]
    assert all(mark.text == mark.shown for mark in carried.marks)
    assert [(left.text, left.reason) for left in adopted.left] == [("98765人", "没有对应的指标")]


def test_the_numbers_of_a_table_are_marked(snapshot, tmp_path, db):
    document = docx.Document()
    document.add_paragraph("学生资助情况（金额单位：万元）")
    table = document.add_table(0, 3)
    for line in (
        ("项目", "人数", "金额"),
        ("资助建档立卡学生", "3", "0.1525"),
        ("其他", "98765", "0"),
    ):
        for cell, text in zip(table.add_row().cells, line, strict=True):
            cell.text = text
    document.save(tmp_path / "旧.docx")
    adopted = adopt(tmp_path / "旧.docx", snapshot, SPRING, Sureness.POSSIBLE)
    adopted.save(tmp_path / "新.docx")
    carried = marks.read(tmp_path / "新.docx")
    assert [(mark.figure, mark.shown) for mark in carried.marks] == [
        ("aid.registered_poor_pupils", "3"),
        ("aid.registered_poor_amount", "0.1525"),
    ]
    assert [left.text for left in adopted.left] == ["98765"]
    District.objects.create(**snapshot.district)
    refresh(tmp_path / "新.docx", snapshot, AUTUMN).save(tmp_path / "下半年.docx")
    rows = docx.Document(str(tmp_path / "下半年.docx")).tables[0].rows
    assert [cell.text for cell in rows[1].cells] == ["资助建档立卡学生", "2", "0.05625"]


def test_runs_keep_their_look(old, snapshot, tmp_path):
    adopt(old, snapshot, SPRING).save(tmp_path / "新.docx")
    runs = docx.Document(str(tmp_path / "新.docx")).paragraphs[0].runs
    assert "".join(run.text for run in runs if run.bold) == "学生"
    assert "".join(run.text for run in runs if run.italic) == "525"


def test_an_adopted_report_is_verified_and_refreshed_like_ours(old, snapshot, tmp_path, db):
    District.objects.create(**snapshot.district)
    adopt(old, snapshot, SPRING).save(tmp_path / "新.docx")
    names = zipfile.ZipFile(tmp_path / "新.docx").namelist()
    assert len(names) == len(set(names))
    assert [(found.kind, found.new) for found in verify(tmp_path / "新.docx")] == [(Kind.TYPED, "98765")]
    refresh(tmp_path / "新.docx", snapshot, AUTUMN).save(tmp_path / "下半年.docx")
    assert "建档立卡学生2人，建档立卡资助金562.5元" in paragraphs(tmp_path / "下半年.docx")[0]


def test_what_is_not_sure_is_left_unless_asked_for(snapshot, tmp_path):
    document = docx.Document()
    document.add_paragraph("今年考生2人。")
    document.save(tmp_path / "旧.docx")
    assert len(adopt(tmp_path / "旧.docx", snapshot, SPRING).marks) <= len(
        adopt(tmp_path / "旧.docx", snapshot, SPRING, Sureness.POSSIBLE).marks
    )
    assert all("把握不够" in left.reason for left in adopt(tmp_path / "旧.docx", snapshot, SPRING).left)


def test_a_number_told_otherwise_than_we_would_is_left(snapshot, tmp_path):
    document = docx.Document()
    document.add_paragraph("资助建档立卡学生，发放建档立卡资助金0.153万元。")
    document.save(tmp_path / "旧.docx")
    adopted = adopt(tmp_path / "旧.docx", snapshot, SPRING, Sureness.POSSIBLE)
    assert [left.reason for left in adopted.left] == ["是“建档立卡资助金”，但系统把它写作0.1525万元"]


def test_a_report_of_ours_is_not_adopted_again(old, snapshot, tmp_path):
    adopt(old, snapshot, SPRING).save(tmp_path / "新.docx")
    with pytest.raises(AdoptionRefused, match="不必再纳入管理"):
        adopt(tmp_path / "新.docx", snapshot, SPRING)


def test_the_command_writes_the_adopted_report_and_says_what_is_left(old, snapshot, tmp_path, capsys):
    new = tmp_path / "新.docx"
    asked = ["audit", str(old), "--adopt", str(new)]
    assert main(asked) == 1
    assert "--period" in capsys.readouterr().err
    assert main([*asked, "--period", "2019H1", "--snapshot", snapshot.id]) == 0
    printed = capsys.readouterr().out
    assert "已纳入管理5个数" in printed
    assert "98765人：没有对应的指标" in printed
    assert len(marks.read(new).marks) == 5


@pytest.mark.slow
def test_most_numbers_of_a_whole_report_are_adopted_and_hardly_one_wrongly(
    demonstration, tmp_path, monkeypatch
):
    monkeypatch.setenv("XUEZHENG_HOME", str(demonstration))
    snapshot = Snapshot(next((demonstration / "snapshots").glob("2019-07-05-*")))
    report = compose_text(HALF_YEAR, snapshot, SPRING)
    document.write_report(report, tmp_path / "原.docx", Sources.NONE)
    truth = {place: mark for mark, place in placed(tmp_path / "原.docx", report.marks)}
    unmark(tmp_path / "原.docx", tmp_path / "旧.docx")
    adopted = adopt(tmp_path / "旧.docx", snapshot, SPRING)
    adopted.save(tmp_path / "新.docx")
    found = [
        (mark.answer, truth[place].answer) for mark, place in placed(tmp_path / "新.docx", adopted.marks)
    ]
    wrong = [
        (is_.figure, was.figure)
        for is_, was in found
        if (is_.figure, is_.value, is_.row_count) != (was.figure, was.value, was.row_count)
    ]
    assert len(found) >= 0.7 * len(truth)
    assert len(wrong) <= 0.02 * len(found), wrong


def placed(path, told):
    """Each mark of a document's prose with its paragraph and its place there."""
    opened = word_file.open_document(path)
    first = {texts[0]: name for name, texts in marks.enclosed(opened).items() if texts}
    by_name = {mark.bookmark: mark for mark in told}
    for number, paragraph in enumerate(opened.element.body.iterchildren(qn("w:p"))):
        place = 0
        for text in paragraph.iter(qn("w:t")):
            if mark := by_name.get(first.get(text)):
                yield mark, (number, place)
            place += len(text.text)


def unmark(path, to):
    """Make a report of ours one of anybody's."""
    document = docx.Document(str(path))
    for mark in list(document.element.body.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"))):
        mark.getparent().remove(mark)
    for key, relation in list(document.part.rels.items()):
        if relation.reltype.endswith("/customXml"):
            del document.part.rels[key]
    document.save(str(to))
