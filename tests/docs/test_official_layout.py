"""The papers of the docs keep to GB/T 9704-2012: read from the documents, and measured on paper as LibreOffice prints it."""

import importlib.util
import re
import subprocess
from pathlib import Path

import docx
import pytest
from tests.machine import PDF, require

from xuezheng.reports.word.letterhead import Kind

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("official_layout", ROOT / "docs" / "official_layout.py")
official_layout = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(official_layout)

A4_WIDTH, POINTS = 210, 72 / 25.4
DOTS = 5  # of a picture to a millimetre
LAST_LINE = 262  # mm from the upper edge of the page to the lower edge of the text


@pytest.fixture(scope="module")
def made():
    return official_layout.documents()


@pytest.fixture(scope="module")
def paper(made, tmp_path_factory):
    """The specimens as PDF, and what LibreOffice complained of."""
    require(*PDF)
    return official_layout.printed(
        {kind.name: one for kind, one in made.items()}, tmp_path_factory.mktemp("paper")
    )


@pytest.fixture(scope="module")
def pages(paper):
    """The words of each page of each specimen: text, left, top, right and bottom in mm."""
    return {kind: words(paper[0][kind.name]) for kind in Kind}


def words(pdf):
    told = subprocess.run(["pdftotext", "-bbox", pdf, "-"], check=True, capture_output=True, text=True).stdout
    box = r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>'
    return [
        [(text, *(float(side) / POINTS for side in sides)) for *sides, text in re.findall(box, page)]
        for page in told.split("<page")[1:]
    ]


def lines(page):
    """The lines of a page from top to bottom, without its number: the characters, left and right."""
    found = {}
    for text, left, top, right, _ in page:
        if top < LAST_LINE:
            found.setdefault(round(top), []).append((left, right, text))
    return [
        ("".join(text for *_, text in sorted(line)), min(line)[0], max(right for _, right, _ in line))
        for _, line in sorted(found.items())
    ]


def red(pdf):
    """The red stripes of the first page: top, bottom and width in mm."""
    picture = subprocess.run(
        ["pdftoppm", "-r", str(DOTS * 25.4), "-f", "1", "-l", "1", pdf], check=True, capture_output=True
    ).stdout
    _, size, _, dots = picture.split(b"\n", 3)
    wide = int(size.split()[0]) * 3
    rows = [dots[start : start + wide] for start in range(0, len(dots), wide)]
    inked = [sum(r > 150 and g < 130 for r, g in zip(row[::3], row[1::3], strict=True)) for row in rows]
    stripes, start = [], None
    for place, count in enumerate([*inked, 0]):
        if count and start is None:
            start = place
        if not count and start is not None:
            stripes.append((start / DOTS, place / DOTS, max(inked[start:place]) / DOTS))
            start = None
    return stripes


def test_every_measure_is_that_of_the_standard(made):
    measures = list(official_layout.measures(made))
    assert [one for one in measures if not one.met] == []
    assert len({one.what for one in measures}) == len(measures) > 25


def test_libreoffice_complains_of_nothing(paper, tmp_path):
    _, empty = official_layout.printed({"empty": docx.Document()}, tmp_path)
    assert set(paper[1].splitlines()) <= set(empty.splitlines())


def test_a_full_page_has_22_lines_of_28_characters(pages):
    full = lines(pages[Kind.REPORT][2])
    assert len(full) == 22
    whole = [text for text, left, _ in full if left < 30 and not text.endswith("。")]
    assert len(whole) > 10
    assert {len(text) for text in whole} <= {
        28,
        27,
        29,
    }  # a mark at the end of a line may hang or be drawn in
    assert sum(len(text) == 28 for text in whole) > len(whole) / 2


def test_page_numbers_stand_right_on_odd_pages_and_left_on_even_ones(pages):
    text = pages[Kind.REPORT][:-1]  # LibreOffice mirrors no margins in a further section, that of the imprint
    for number, page in enumerate(text, 1):
        foot = [word for word in page if word[2] > LAST_LINE]
        assert [word[0] for word in foot] == ["—", str(number), "—"]
        if number % 2:
            assert foot[-1][3] == pytest.approx(A4_WIDTH - 26 - 14 / POINTS, abs=1)
        else:
            assert foot[0][1] == pytest.approx(26 + 14 / POINTS, abs=1)


@pytest.mark.parametrize("kind", [Kind.REPORT, Kind.NOTICE])
def test_the_imprint_stands_at_the_foot_of_the_last_even_page(pages, kind):
    assert len(pages[kind]) % 2 == 0
    last = lines(pages[kind][-1])[-1]
    assert last[0] == "明山区教育局办公室2019年7月5日印发"
    bottom = max(word[4] for word in pages[kind][-1] if word[2] < LAST_LINE)
    assert bottom == pytest.approx(LAST_LINE, abs=1)


def test_the_head_of_a_report_is_red_and_in_its_place(paper):
    name, rule = red(paper[0]["REPORT"])
    assert name[0] == pytest.approx(37 + 35, abs=1)
    assert rule[2] == pytest.approx(156, abs=0.5)


def test_a_letter_stands_within_two_double_rules_and_its_first_page_has_no_number(paper, pages):
    name, thick, thin, lower_thin, lower_thick = red(paper[0]["LETTER"])
    assert name[0] == pytest.approx(30, abs=1)
    assert thick[0] - name[1] == pytest.approx(4, abs=1)
    assert [rule[2] for rule in (thick, thin, lower_thin, lower_thick)] == pytest.approx([170] * 4, abs=0.5)
    assert thick[1] - thick[0] > thin[1] - thin[0]
    assert lower_thick[1] - lower_thick[0] > lower_thin[1] - lower_thin[0]
    assert lower_thick[1] == pytest.approx(277, abs=1)
    (page,) = pages[Kind.LETTER]
    assert lines(page)[-1][0] == "抄送：区民政局。"
    assert not [word for word in page if word[2] > LAST_LINE]
