"""Charts of a report: told by the template or by an addition, drawn in Word, renewed when the report is refreshed."""

import io
import subprocess
import zipfile
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn
from python_calamine import CalamineWorkbook
from tests.machine import PDF, require

from xuezheng.core.periods import Period
from xuezheng.records.models import ClassGroup
from xuezheng.reports.compose import compose_text
from xuezheng.reports.living.refresh import refresh
from xuezheng.reports.living.verify import verify
from xuezheng.reports.model import Chart
from xuezheng.reports.templates.additions import Addition
from xuezheng.reports.templates.language import ReportTemplateError
from xuezheng.reports.word import document
from xuezheng.snapshots import freeze

SOURCE = "# 报告\n\n## 一、班级\n\n班级{{ n('enrolment.classes') }}。\n\n## 二、其他\n\n不详。\n"
CHART = '{{ chart("enrolment.classes", "school") }}'
H1, H2 = Period.parse("2019H1"), Period.parse("2019H2")


@pytest.fixture
def frozen(transactional_db, schools, tmp_path, monkeypatch):
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path / "home"))
    return freeze(date(2019, 7, 5))


@pytest.fixture
def saved(frozen, tmp_path):
    path = tmp_path / "报告.docx"
    document.write_report(compose_text(f"# 报告\n\n{CHART}\n", frozen, H1), path)
    return path


def values(path):
    """The names and numbers that the chart of a file draws, and those of the workbook behind it."""
    with zipfile.ZipFile(path) as package:
        drawn = docx.oxml.parse_xml(package.read("word/charts/chart1.xml"))
        behind = CalamineWorkbook.from_filelike(io.BytesIO(package.read("word/embeddings/chart1.xlsx")))
    texts = [it.text for it in drawn.iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}v")]
    return texts, behind.get_sheet_by_index(0).to_python()


def test_an_added_sentence_stands_at_the_end_of_its_heading_its_number_marked(frozen):
    school = {"school": str(ClassGroup.objects.first().school_id)}
    added = [
        Addition("班级", "其中，甲小学", "enrolment.classes", school, "（2019年7月）。", "stage"),
        Addition("没有的一节", "另有", "enrolment.classes"),
    ]
    report = compose_text(SOURCE, frozen, H1, additions=added)
    assert [type(block).__name__ for block in report.blocks] == [
        "Heading", "Heading", "Paragraph", "Paragraph", "Chart", "Heading", "Paragraph",
    ]  # fmt: skip
    before, mark, after = report.blocks[3].runs
    assert (before, mark.text, mark.slice, after) == ("其中，甲小学", "1个", school, "（2019年7月）。")
    assert report.unplaced == (added[1],)


def test_a_chart_without_numbers_is_left_out_and_one_within_a_sentence_is_refused(frozen):
    assert not [
        it
        for it in compose_text(f"# 报告\n\n{CHART}\n", frozen, Period.parse("2009H1")).blocks
        if isinstance(it, Chart)
    ]
    with pytest.raises(ReportTemplateError, match="单独成段"):
        compose_text(f"# 报告\n\n见图{CHART}。\n", frozen, H1)
    with pytest.raises(ReportTemplateError, match="不能按“colour”分"):
        compose_text('# 报告\n\n{{ chart("enrolment.classes", "colour") }}\n', frozen, H1)


def test_a_chart_is_drawn_in_word_with_its_numbers_behind_it(saved):
    texts, behind = values(saved)
    assert texts == ["甲小学", "乙小学", "1", "1"]
    assert behind == [["", "数值（个）"], ["甲小学", 1.0], ["乙小学", 1.0]]
    drawing = next(docx.Document(saved).element.body.iter(qn("wp:docPr")))
    assert drawing.get("descr") == "2019年上半年班级按学校：甲小学1个，乙小学1个"


def test_a_refresh_draws_the_chart_anew(saved, schools, tmp_path):
    ClassGroup.objects.create(school=schools[2], name="一年级1班", stage="primary", grade=1)
    refresh(saved, freeze(date(2020, 1, 10)), H2).save(saved)
    texts, behind = values(saved)
    assert texts == ["甲小学", "乙小学", "丙小学", "1", "1", "1"]
    assert len(behind) == 4


def test_a_chart_whose_numbers_somebody_changed_is_found(saved, tmp_path):
    assert not verify(saved)
    changed = tmp_path / "改.docx"
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("chart1.xml"):
                content = content.replace(b"<c:v>1</c:v>", b"<c:v>7</c:v>", 1)
            new.writestr(name, content)
    [finding] = verify(changed)
    assert "“2019年上半年班级按学校”里的数与快照" in finding.message


def test_libreoffice_shows_the_chart(saved, tmp_path):
    require(*PDF)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(saved)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    told = subprocess.run(
        ["pdftotext", str(saved.with_suffix(".pdf")), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "甲小学" in told
    assert "乙小学" in told
