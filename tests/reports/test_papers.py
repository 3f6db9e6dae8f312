"""A paper with a head: its parts in their order, and a living report like any other."""

import subprocess
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn
from tests.machine import OFFICE, require

from xuezheng import proofing
from xuezheng.core.periods import Period
from xuezheng.records.models import District
from xuezheng.reports.compose import compose, compose_text
from xuezheng.reports.living.findings import Kind as Found
from xuezheng.reports.living.refresh import refresh
from xuezheng.reports.living.verify import verify
from xuezheng.reports.word import marks
from xuezheng.reports.word.document import Sources, build, write_report
from xuezheng.reports.word.letterhead import Kind, Letterhead
from xuezheng.reports.word.page_extent import last_page

SOURCE = """# {{ bureau }}关于{{ period }}工作情况的报告

资助{{ n("t.pupils") }}。{% if reply_by %}请于{{ reply_by }}前答复。{% endif %}
"""
UPWARD = Letterhead(
    Kind.REPORT,
    number="明教〔2019〕25号",
    signer="汪明远",
    to="明山区人民政府",
    copies="区财政局，区统计局",
    serial="000001",
    secrecy="秘密★1年",
    urgency="加急",
    day=date(2019, 7, 8),
    attachments=("2019年学校名单", "明细表"),
    note="联系电话：0559-3511234",
    printed_by="明山区教育局办公室",
    printed_on=date(2019, 7, 9),
)
NOTICE = Letterhead(Kind.NOTICE, to="各学校", sealed=False, attachments=("目录",), reply_by=date(2019, 7, 12))
LETTER = Letterhead(Kind.LETTER, number="明教函〔2019〕8号", to="区民政局", copies="区财政局", urgency="特急")


def told(document):
    """The texts of the body in order, with their styles; cells of a table are joined."""
    texts = []
    for element in document.element.body:
        text = "".join(t.text or "" for t in element.iter(qn("w:t")))
        style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        names = {style.style_id: style.name for style in document.styles}
        if text:
            texts.append((names[style.get(qn("w:val"))] if style is not None else "", text))
    return texts


def right(paragraph):
    return int(paragraph._p.pPr.find(qn("w:ind")).get(qn("w:rightChars"))) / 100


def test_a_report_that_goes_upwards_has_all_its_parts_in_order(composed):
    made = build(composed(SOURCE, UPWARD), Sources.NONE)
    assert told(made) == [
        ("份号", "000001"),
        ("密级和紧急程度", "秘密★1年"),
        ("密级和紧急程度", "加急"),
        ("发文机关标志", "明山区教育局文件"),
        ("发文字号", "明教〔2019〕25号签发人：汪明远"),
        ("Title", "明山区教育局关于2019年上半年工作情况的报告"),
        ("主送机关", "明山区人民政府："),
        ("", "资助350人。"),
        ("附件说明", "附件：1.2019年学校名单"),
        ("附件说明", "2.明细表"),
        ("署名和成文日期", "明山区教育局"),
        ("署名和成文日期", "2019年7月8日"),
        ("公文附注", "（联系电话：0559-3511234）"),
        ("", "抄送：区财政局，区统计局。明山区教育局办公室2019年7月9日印发"),
    ]
    assert made.styles["发文机关标志"].font.color.rgb == docx.shared.RGBColor(255, 0, 0)


def test_the_appendix_has_the_serial_number_that_the_list_gives_it(composed):
    texts = [text for _, text in told(build(composed(SOURCE, UPWARD)))]
    assert "3.数字出处一览表" in texts
    assert texts[-2].startswith("指标与分项")
    assert texts.index("附件3") > texts.index("（联系电话：0559-3511234）")
    assert "附件" in [text for _, text in told(build(composed(SOURCE, LETTER)))]


def test_another_issuer_stands_in_the_head_signs_and_prints(composed):
    texts = [
        text
        for _, text in told(
            build(composed(SOURCE, Letterhead(Kind.NOTICE, issuer="明山区招生委员会")), Sources.NONE)
        )
    ]
    assert texts[0] == "明山区招生委员会文件"
    assert texts[-3:] == ["明山区招生委员会", "2019年7月5日", "明山区招生委员会2019年7月5日印发"]


def test_without_a_number_its_place_stays_blank(composed):
    assert ("发文字号", "　　〔2019〕　　号") in told(build(composed(SOURCE, NOTICE)))


def test_a_template_tells_the_day_of_reply_where_the_head_sets_one(composed):
    assert ("", "资助350人。请于2019年7月12日前答复。") in told(build(composed(SOURCE, NOTICE)))


def test_a_letter_has_its_name_in_the_header_of_the_first_page_and_an_imprint_without_rules(composed):
    made = build(composed(SOURCE, LETTER), Sources.NONE)
    section = made.sections[0]
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == "明山区教育局"
    assert told(made)[0] == ("发文字号", "特急明教函〔2019〕8号")
    assert told(made)[-1] == ("", "抄送：区财政局。")
    assert made.tables[-1]._tbl.tblPr.find(qn("w:tblBorders")) is None


@pytest.mark.parametrize(
    ("bureau", "sealed", "expected"),
    [
        ("明山区教育局", True, (4, 4)),
        ("明山区教育体育局", True, (3, 4)),
        ("明山区教育局", False, (2, 0)),
        ("明山区教育体育局", False, (2, 2)),
        ("教育局", False, (7, 2)),
    ],
)
def test_name_and_date_stand_as_with_a_seal_or_without(composed, bureau, sealed, expected):
    report = composed(SOURCE, Letterhead(Kind.NOTICE, sealed=sealed))
    report.district["bureau_name"], before = bureau, report.district["bureau_name"]
    try:
        signed = [p for p in build(report).paragraphs if p.style.name == "署名和成文日期"]
    finally:
        report.district["bureau_name"] = before
    assert [p.text for p in signed] == [bureau, "2019年7月5日"]
    assert tuple(right(p) for p in signed) == expected


@pytest.mark.parametrize("paragraphs", range(1, 14))
def test_the_imprint_of_a_report_is_always_on_an_even_page(composed, paragraphs):
    text = "坚持以人民为中心发展教育，" * 16
    report = composed("# 报告\n\n" + f"{text}。\n\n" * paragraphs, Letterhead(Kind.REPORT))
    made = build(report, Sources.NONE)
    turned = len(made.sections) == 2
    for element in list(made.element.body)[-4 if turned else -3 : -1]:
        made.element.body.remove(element)
    last = last_page(made)
    assert turned == (last.number % 2 == 1 or not last.surely_holds(48))
    if turned:
        assert made.sections[1].start_type == docx.enum.section.WD_SECTION.EVEN_PAGE
        assert made.sections[1].even_page_footer.is_linked_to_previous == (last.number % 2 == 1)


@pytest.mark.parametrize(("columns", "points"), [(5, 12), (8, 10.5), (10, 9)])
def test_a_table_of_many_columns_is_set_in_smaller_type_and_is_as_wide_as_the_text(composed, columns, points):
    row = "| " + " | ".join(["某某学校"] * columns) + " |"
    made = build(composed(f"# 报告\n\n表\n{row}\n{row}\n"), Sources.NONE)
    (table,) = made.tables
    assert table.rows[1].cells[0].paragraphs[0].style.font.size.pt == points
    assert sum(column.width.twips for column in table.columns) == pytest.approx(8844, abs=columns)


@pytest.fixture
def records(db, snapshot):
    """The small district's snapshot, in its own district."""
    District.objects.create(**{name: snapshot.district[name] for name in ("code", "name", "bureau_name")})
    return snapshot


LIVING = """# {{ bureau }}关于资助工作的报告

资助{{ n("aid.registered_poor_pupils") }}，金额{{ n("aid.registered_poor_amount") }}。

| 项目 | 数 |
| 学校 | {{ n("enrolment.schools") }} |
"""


@pytest.mark.parametrize("head", [UPWARD, NOTICE, LETTER])
def test_a_refreshed_paper_verifies_and_passes_the_audit(records, tmp_path, head):
    path = tmp_path / "公文.docx"
    write_report(compose_text(LIVING, records, Period.parse("2019H1"), head=head), path)
    assert verify(path) == []
    refreshed = refresh(path, records, Period.parse("2019H2"))
    assert refreshed.changed > 0
    refreshed.save(path)
    assert verify(path) == []
    assert proofing.audit(proofing.read(path)).discrepancies == ()
    assert {style for style, _ in told(docx.Document(str(path)))} >= {"Title", "主送机关", "附件标识"}


def test_a_number_hidden_in_the_style_of_a_head_is_told(records, tmp_path):
    path = tmp_path / "公文.docx"
    write_report(compose_text(LIVING, records, Period.parse("2019H1"), head=UPWARD), path)
    opened = docx.Document(str(path))
    for style in ("份号", "发文字号", "附件说明", "公文附注", "主送机关", "版记"):
        opened.paragraphs[12].insert_paragraph_before("另资助学生77人。", style=style)
    opened.save(str(path))
    assert [(finding.kind, finding.new) for finding in verify(path)] == [(Found.TYPED, "77")] * 6


@pytest.mark.parametrize("head", [UPWARD, LETTER])
def test_libreoffice_keeps_the_marks_and_the_imprint(composed, tmp_path, head):
    require(*OFFICE)
    path = tmp_path / "公文.docx"
    write_report(composed(SOURCE, head), path)
    (tmp_path / "saved").mkdir()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={tmp_path.as_uri()}/profile", "--headless", "--convert-to", "docx",
         "--outdir", str(tmp_path / "saved"), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    saved = docx.Document(str(tmp_path / "saved" / path.name))
    assert marks.carried(saved) == marks.read(path)
    assert [text for _, text in told(saved)][:4] == [text for _, text in told(docx.Document(str(path)))][:4]


@pytest.mark.parametrize("name", ["notice_workbooks", "letter_poverty_list"])
def test_the_templates_of_notice_and_letter_tell_their_numbers(snapshot, name):
    report = compose(name, snapshot, Period.parse("2019H1"), NOTICE)
    assert report.marks
    assert "2019年7月12日前" in "".join(text for _, text in told(build(report)))
    assert "前" in "".join(text for _, text in told(build(compose(name, snapshot, Period.parse("2019H1")))))
