"""The demonstration of a county in another province and year: its own pack, tables and words, built by the same makers."""

import re

import docx
import pytest
from tests.cli.conftest import runner

from xuezheng import registry
from xuezheng.demo.county import counties
from xuezheng.demo.district import BUREAU, NAME, district
from xuezheng.demo.people import DISTRICT, OTHER_PROVINCES, SAME_PROVINCE
from xuezheng.demo.schools import PLANS

PACK = "qingxi-2025"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The data folder of the county, and what building it printed."""
    home = tmp_path_factory.mktemp("county") / "home"
    home.mkdir()
    made = runner(home)("demo", "--pack", PACK)
    assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-3000:]
    return home, made.stdout


def words_of(path):
    """All text of a Word file, that of tables and headers included."""
    document = docx.Document(path)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    margins = [
        paragraph.text
        for section in document.sections
        for part in (section.header, section.footer)
        for paragraph in part.paragraphs
    ]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells, *margins])


@pytest.mark.slow
def test_both_half_years_are_frozen_and_the_figures_worked_out_by_hand_come_out(built):
    home, printed = built
    expected = counties()[PACK].expected
    assert len(expected) >= 12
    assert f"{len(expected)}项预期指标全部重现" in printed
    days = sorted(path.name[:10] for path in (home / "snapshots").glob("20*"))
    assert days == ["2026-01-26", "2026-07-08"]
    again = runner(home)("demo", "--pack", PACK)
    assert (again.returncode, "提交" in again.stdout) == (0, False)
    assert runner(home)("demo").returncode == 1  # the other demonstration does not write into it


@pytest.mark.slow
@pytest.mark.parametrize("period", ["2025H2", "2026H1"])
def test_the_report_has_no_word_of_the_first_demonstration(built, period):
    home, _ = built
    text = words_of(home / "demo" / period / f"半年工作报告 {period}.docx")
    assert "清溪县教育和体育局" in text
    names = {NAME, NAME[:2], BUREAU, DISTRICT}
    names |= {plan.name for plan in PLANS} | {*SAME_PROVINCE.values(), *OTHER_PROVINCES.values()}
    assert [name for name in sorted(names) if name in text] == []


def test_the_county_shares_no_person_school_or_division_with_the_first_demonstration():
    county, first = counties()[PACK], district()
    roster = county.roster
    assert {school.name for school in roster.schools}.isdisjoint({school.name for school in first.schools})
    assert {pupil.person.id_number for pupil in roster.pupils}.isdisjoint(
        {pupil.person.id_number for pupil in first.pupils}
    )
    assert not county.place.division.startswith(DISTRICT[:2])
    assert len(roster.schools) == 8
    assert len(roster.enrolled("学前", "小学", "初中", "高中")) == 666


def test_only_areas_with_tables_take_part():
    county = counties()[PACK]
    for area, module in registry.modules("demo").items():
        maker = getattr(module, "county_workbooks", None)
        books = [
            book for half_year in county.half_years for book in (maker(county, half_year) if maker else ())
        ]
        used = (county.folder / f"{area}.yaml").exists() or area == "enrolment"
        assert bool(books) == used, area
    files = {path.stem for path in county.folder.glob("*.yaml")} - {"county"}
    assert files <= registry.areas().keys()


def test_no_word_of_the_county_is_written_in_the_program():
    name = re.compile("清溪")
    found = [
        path.name
        for path in (registry.folder("aid").parents[1]).rglob("*.py")
        if name.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
