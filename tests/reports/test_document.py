"""The Word file: layout of GB/T 9704-2012, marked numbers, and what the file carries about them."""

import re
import subprocess
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree
from tests.machine import OFFICE, require

from xuezheng.proofing import word_file
from xuezheng.reports.word import marks
from xuezheng.reports.word.document import Sources, write_report

SOURCE = """# {{ bureau }}{{ period }}工作报告

## 一、资助
### （一）发放
{{ term }}资助{{ n("t.pupils") }}，发放{{ n("t.amount") }}（高中{{ n("t.amount", phase="senior") }}）。
#### 1.其他
咨询{{ n("t.cases", style="near") }}，“警示”{{ n("t.warned", style="none") }}，占{{ n("t.rate") }}。

各学段
| 学段 | 项目 | 数 |
| 高中 | 人数 | {{ n("t.pupils", phase="senior") }} |
| 高中 | 金额 | {{ n("t.amount", phase="senior", style="yuan") }} |
"""


@pytest.fixture
def report(composed):
    return composed(SOURCE)


@pytest.fixture
def path(report, tmp_path):
    write_report(report, tmp_path / "报告.docx")
    return tmp_path / "报告.docx"


@pytest.fixture
def document(path):
    return docx.Document(str(path))


def saved_by_libreoffice(path, folder):
    require(*OFFICE)
    folder.mkdir()
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={folder.as_uri()}/profile",
            "--headless",
            *("--convert-to", "docx", "--outdir", str(folder)),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / path.name


def test_page(document):
    section = document.sections[0]._sectPr
    page, margins, grid = (section.find(qn(f"w:{name}")) for name in ("pgSz", "pgMar", "docGrid"))
    assert (page.get(qn("w:w")), page.get(qn("w:h"))) == ("11906", "16838")
    sides = [margins.get(qn(f"w:{side}")) for side in ("top", "bottom", "left", "right")]
    assert sides == ["2098", "1984", "1588", "1474"]
    assert document.settings.element.find(qn("w:mirrorMargins")) is not None
    line = int(grid.get(qn("w:linePitch")))
    assert (16838 - 2098 - 1984) // line == 22


def test_28_characters_fill_a_line(document):
    style = document.styles["Normal"].element.rPr
    half_points, spacing = (int(style.find(qn(f"w:{name}")).get(qn("w:val"))) for name in ("sz", "spacing"))
    assert (11906 - 1474 - 1588) // (half_points * 10 + spacing) == 28


@pytest.mark.parametrize(
    ("name", "font", "points"),
    [
        ("Normal", "仿宋_GB2312", 16),
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Heading 3", "仿宋_GB2312", 16),
        ("Heading 4", "仿宋_GB2312", 16),
        ("Footer", "宋体", 14),
    ],
)
def test_typefaces(document, name, font, points):
    style = document.styles[name]
    fonts = style.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia")} == {font}
    assert style.font.size.pt == points


def test_body_indent_and_line_pitch(document):
    body = document.styles["Normal"].element.pPr
    assert body.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    spacing = body.find(qn("w:spacing"))
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("579", "exact")


def test_page_numbers(document):
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (paragraph,) = footer.paragraphs
        assert paragraph.text == "— 1 —"
        assert [field.text for field in paragraph._p.iter(qn("w:instrText"))] == ["PAGE"]
        assert paragraph._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side
        assert paragraph._p.pPr.find(qn("w:ind")).get(qn(f"w:{side}Chars")) == "100"


def test_signature_and_appendix(document):
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[texts.index("明山区教育局") + 1] == "2019年7月5日"
    assert texts.index("附件") > texts.index("附件：数字出处一览表")
    rows = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    assert rows[0] == ["指标与分项", "数值", "记录数"]
    assert ["senior", "3.9万元", "12条"] in rows
    assert any("当期实际发放的人数" in row[0] and "<第五条>，待核实）" in row[0] for row in rows)


def test_every_number_stands_in_a_bookmark(report, document):
    body = document.element.body
    names = [start.get(qn("w:name")) for start in body.iter(qn("w:bookmarkStart"))]
    ids = [start.get(qn("w:id")) for start in body.iter(qn("w:bookmarkStart"))]
    assert len(set(names)) == len(names) == len(set(ids)) == len(report.marks) + 1
    assert sorted(ids) == sorted(end.get(qn("w:id")) for end in body.iter(qn("w:bookmarkEnd")))
    dates = r"2019年(上半年|春季学期|7月5日)"
    depth, bare = 0, ""
    for element in body.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"), qn("w:t")):
        depth += {qn("w:bookmarkStart"): 1, qn("w:bookmarkEnd"): -1}.get(element.tag, 0)
        if element.tag == qn("w:t") and not depth:
            bare += element.text
    bare = bare.replace("1.其他", "")
    assert not re.search(r"\d", re.sub(dates, "", bare))


def test_what_the_file_carries(report, path):
    carried = marks.read(path)
    assert (carried.template, carried.period, carried.district) == ("试验", "2019H1", "990101")
    assert (carried.snapshot_id, carried.snapshot_day) == ("20190705-0123abcd", "2019-07-05")
    assert [mark.bookmark for mark in carried.marks] == [mark.bookmark for mark in report.marks]
    assert all(mark.shown == mark.text for mark in carried.marks)
    amount = next(mark for mark in carried.marks if mark.style == "yuan")
    assert (amount.figure, amount.slice, amount.text) == ("t.amount", {"phase": "senior"}, "39000元")
    assert float(amount.value) == 39000
    assert (amount.rows, amount.citations, amount.unit) == (12, ("aid.grant",), "元")


def test_custom_part_is_complete(path):
    with zipfile.ZipFile(path) as package:
        root = etree.fromstring(package.read("customXml/item1.xml"))
        properties = package.read("customXml/itemProps1.xml").decode()
        assert len(set(package.namelist())) == len(package.namelist())
    assert root.tag == "{urn:xuezheng:report:1}report"
    assert marks.NAMESPACE in properties
    (clause, *_) = root.iter("{urn:xuezheng:report:1}clause")
    assert (clause.get("since"), clause.text) == ("2019-02-01", "1500")


def test_a_changed_number_is_seen(path):
    document = docx.Document(str(path))
    for text in document.element.body.iter(qn("w:t")):
        if text.text == "近100次":
            text.text = "近200次"
    document.save(str(path))
    changed = [mark for mark in marks.read(path).marks if mark.shown != mark.text]
    assert [(mark.text, mark.shown) for mark in changed] == [("近100次", "近200次")]


def test_libreoffice_keeps_all_of_it(path, tmp_path):
    assert marks.read(saved_by_libreoffice(path, tmp_path / "saved")) == marks.read(path)


def test_a_foreign_document_is_refused(tmp_path):
    docx.Document().save(str(tmp_path / "other.docx"))
    with pytest.raises(word_file.NotAReportError, match="不是本系统"):
        marks.read(tmp_path / "other.docx")


def test_saving_replaces_whole_or_not_at_all(report, path, monkeypatch):
    before = path.read_bytes()

    def fail(_document, _report):
        raise OSError("disk full")

    monkeypatch.setattr("xuezheng.reports.word.document.attach", fail)
    with pytest.raises(OSError, match="disk full"):
        write_report(report, path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_sources_stand_in_comments_instead_of_the_appendix(report, tmp_path):
    write_report(report, tmp_path / "批注.docx", Sources.COMMENTS)
    opened = docx.Document(str(tmp_path / "批注.docx"))
    assert not any("附件" in paragraph.text for paragraph in opened.paragraphs)
    comments = [comment.text for comment in opened.comments]
    assert len(comments) == len(report.marks)
    assert "口径：当期实际发放的人数" in comments[0]
    assert "依据12条记录，快照20190705-0123abcd" in comments[0]
    assert "普通高中国家助学金标准" in comments[0]


def test_a_clean_report_shows_no_sources_and_carries_them_all_the_same(report, tmp_path):
    write_report(report, tmp_path / "印发.docx", Sources.NONE)
    opened = docx.Document(str(tmp_path / "印发.docx"))
    assert not any("附件" in paragraph.text for paragraph in opened.paragraphs)
    assert not list(opened.comments)
    assert len(marks.read(tmp_path / "印发.docx").marks) == len(report.marks)
