"""A template from a Word report written elsewhere: headings, paragraphs, proposed figures, and no digit that stays."""

import io
import re

import docx
import pytest

from xuezheng.core.periods import Period
from xuezheng.proofing import word_file
from xuezheng.reports.compose import compose_text
from xuezheng.reports.living.template_draft import Draft, draft_template, read_draft, source_of
from xuezheng.reports.model import Table, runs_of, text_of
from xuezheng.reports.templates.evidence import Reason
from xuezheng.reports.templates.syntax import problems

SPRING = Period.parse("2019H1")
LINES = (
    "云岭区教育局2019年上半年工作总结",
    "一、学生资助",
    "2019年上半年，资助建档立卡学生3人，另有98765人观摩。",
    "3月12日印发云教〔2019〕8号文件，{安排}部署|工作#。",
    "二、校园餐",
    "校园餐安全有序。",
)
TABLE = (("序号", "科类", "高考考生"), ("1", "文史类", "2"), ("2", "理工类", "1"), ("3", "1年级", "98764"))


@pytest.fixture
def old():
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    document.add_paragraph("表1 高考报名情况")
    document.add_paragraph("单位：人")
    table = document.add_table(0, 3)
    for line in TABLE:
        for cell, text in zip(table.add_row().cells, line, strict=True):
            cell.text = text
    content = io.BytesIO()
    document.save(content)
    content.seek(0)
    return content


def test_headings_paragraphs_and_proposals(old, snapshot):
    draft = draft_template(old, snapshot, SPRING)
    assert [(passage.level, passage.text) for passage in draft.passages[:-1]] == list(
        zip((0, 1, None, None, 1, None), LINES, strict=True)
    )
    first, second = draft.passages[2].proposals
    assert (first.text, first.figure, first.insert) == (
        "3人",
        "aid.registered_poor_pupils",
        '{{ n("aid.registered_poor_pupils") }}',
    )
    assert (second.text, second.figure, second.confident) == ("98765人", "", False)
    assert draft.registers == 0
    assert read_draft(draft.as_object()) == draft


@pytest.mark.parametrize("confirmed", [set(), {(2, 0)}, {(2, 0), (2, 1), (99, 99)}])
def test_no_typed_digit_survives(old, snapshot, confirmed):
    draft = draft_template(old, snapshot, SPRING)
    source = source_of(draft, confirmed, SPRING, snapshot.district)
    assert list(problems(source)) == []
    bare = re.sub(r"\{\{.*?\}\}", "", source)
    assert not re.search("[0-9]", bare), bare
    assert source.startswith("# {{ bureau }}{{ period }}工作总结\n")
    report = compose_text(source, snapshot, SPRING)
    prose = "".join(text_of(runs_of(block)) for block in report.blocks)
    assert "98765" not in prose
    assert "〔2019〕" not in prose
    assert {sentence.reason for sentence in report.evidence.left_out} >= {Reason.TO_FILL}


def test_a_table_becomes_one_of_figures(old, snapshot):
    draft = draft_template(old, snapshot, SPRING)
    table = draft.passages[-1]
    assert (table.text, table.cells[0]) == ("高考报名情况（单位：人）", ("科类", "高考考生"))
    assert [(each.row, each.column, each.name, each.text, each.insert) for each in table.proposals] == [
        (1, 1, "文史类·高考考生", "2", '{{ n("enrolment.exam_candidates", style="bare", track="arts") }}'),
        (2, 1, "理工类·高考考生", "1", '{{ n("enrolment.exam_candidates", style="bare", track="science") }}'),
        (3, 1, "1年级·高考考生", "98764", ""),
    ]
    place = len(draft.passages) - 1
    report = compose_text(source_of(draft, {(place, 0)}, SPRING, snapshot.district), snapshot, SPRING)
    [table] = [block for block in report.blocks if isinstance(block, Table)]
    assert [text_of(row[0]) + text_of(row[1]) for row in table.rows] == ["科类高考考生", "文史类2"]
    assert {sentence.text.split()[0] for sentence in report.evidence.left_out} >= {"理工类", "一年级"}


def test_a_cell_that_no_style_writes_alike_stays_without_its_unit(snapshot):
    document = docx.Document()
    document.add_paragraph("资助情况")
    document.add_paragraph("建档立卡学生资助（单位：万元）")
    table = document.add_table(2, 2)
    for place, text in enumerate(("项目", "金额", "建档立卡学生资助", "0.2")):
        table.cell(place // 2, place % 2).text = text
    content = io.BytesIO()
    document.save(content)
    content.seek(0)
    [number] = draft_template(content, snapshot, SPRING).passages[-1].proposals
    assert number.figure.startswith("aid.")
    assert 'style="bare_short_wan"' in number.insert


def test_a_cell_to_be_filled_in_shows_a_dash(snapshot):
    source = """# {{ bureau }}

| 科类 | 考生 | 去年 |
| 文史类 | {{ n("enrolment.exam_candidates", track="arts") }} | {{ blank("98765人") }} |
"""
    report = compose_text(source, snapshot, SPRING)
    [table] = [block for block in report.blocks if isinstance(block, Table)]
    assert [text_of(cell) for cell in table.rows[1]] == ["文史类", "2人", "—"]
    assert [sentence.reason for sentence in report.evidence.left_out] == [Reason.TO_FILL]


@pytest.mark.parametrize(("rows", "taken"), [(300, 1), (301, 0)])
def test_a_register_is_not_taken(snapshot, rows, taken):
    document = docx.Document()
    document.add_paragraph("名册")
    document.add_paragraph("以下名单仅供参考。")
    table = document.add_table(rows, 1)
    table.cell(0, 0).text = "姓名"
    content = io.BytesIO()
    document.save(content)
    content.seek(0)
    draft = draft_template(content, snapshot, SPRING)
    assert (len(draft.passages) - 2, draft.registers) == (taken, 1 - taken)


def test_a_confirmed_number_follows_the_register(snapshot, old):
    draft = draft_template(old, snapshot, SPRING)
    passage = draft.passages[2]
    draft = Draft((passage.__class__(None, "资助建档立卡学生3人。", passage.proposals[:1]),))
    start = draft.passages[0].text.index("3人")
    first = passage.proposals[0]
    moved = first.__class__(**{**first.__dict__, "start": start, "end": start + 2})
    source = source_of(
        Draft((passage.__class__(None, "资助建档立卡学生3人。", (moved,)),)),
        {(0, 0)},
        SPRING,
        snapshot.district,
    )
    assert source == '资助建档立卡学生{{ n("aid.registered_poor_pupils") }}。\n'


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no Word file"])
def test_what_is_no_word_file_is_refused(snapshot, content):
    with pytest.raises(word_file.NotAReportError):
        draft_template(io.BytesIO(content), snapshot, SPRING)
