"""Rows written out are texts, and come in again without any difference."""

import itertools
import os
import shutil

import openpyxl
import pytest

from xuezheng.intake import preview_workbook
from xuezheng.workbooks import sheet_catalogue, write_workbook
from xuezheng.workbooks.export import rows_of
from xuezheng.workbooks.reader import read_workbook

SIGNS = ("=", "+", "-", "@", "＝", "\u00a0=", "'=", '"=')
FORMULAS = (
    "1+1",
    "SUM(A1:A9)",
    'HYPERLINK("http://例.cn","点此")',
    "cmd|'/c calc'!A0",
    'IMPORTXML("http://例.cn","//a")',
)


@pytest.mark.parametrize("payload", [sign + formula for sign, formula in itertools.product(SIGNS, FORMULAS)])
def test_what_looks_like_a_formula_is_written_as_text(payload, tmp_path):
    sheet = sheet_catalogue.sheet("民生工程项目")
    write_workbook(tmp_path / "出.xlsx", {sheet: [[payload, "", "2019-03-15"]]})
    cell = openpyxl.load_workbook(tmp_path / "出.xlsx")[sheet.title]["A2"]
    assert (cell.data_type, cell.value) == ("s", payload)
    [raw] = [raw for raw in read_workbook(tmp_path / "出.xlsx") if raw.name == sheet.title]
    assert raw.row(1)[0] == payload


def test_every_register_comes_in_again_as_it_went_out(district, tmp_path):
    sheets = {
        sheet: list(rows_of(sheet, sheet.model.objects.all())) for sheet in sheet_catalogue.sheets().values()
    }
    filled = {sheet: rows for sheet, rows in sheets.items() if rows}
    assert len(filled) >= 10
    write_workbook(tmp_path / "出.xlsx", filled)
    outcome = preview_workbook(tmp_path / "出.xlsx")
    assert outcome.problems == []
    assert {counts.sheet: counts.unchanged for counts in outcome.sheets} == {
        sheet.title: len(rows) for sheet, rows in filled.items()
    }


ROUND_TRIP = """
import django; django.setup()
import itertools, pathlib, sys
from xuezheng.intake import preview_workbook
from xuezheng.workbooks import sheet_catalogue, write_workbook
from xuezheng.workbooks.export import rows_of
for sheet in sheet_catalogue.sheets().values():
    rows = list(itertools.islice(rows_of(sheet, sheet.model.objects.all()), 20))
    path = pathlib.Path("出.xlsx")
    write_workbook(path, {sheet: rows})
    outcome = preview_workbook(path)
    # Twenty rows of a roster lack the rest of the class.
    problems = [problem for problem in outcome.problems if "文件里缺" not in problem.message]
    print(sheet.title, len(rows), outcome.sheets[0].unchanged, len(problems))
"""


@pytest.mark.slow
def test_every_sheet_of_every_area_comes_in_again_as_it_went_out(
    demonstration, tmp_path, run_python, monkeypatch
):
    for name in ("keys.json", "xuezheng.sqlite3"):
        shutil.copy(demonstration / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    environment = {
        **os.environ,
        "XUEZHENG_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "xuezheng.settings",
    }
    environment.pop("XUEZHENG_DATABASE_URL", None)
    told = [line.split() for line in run_python(ROUND_TRIP, environment).splitlines()]
    assert {title for title, *_ in told} == set(sheet_catalogue.sheets())
    for title, rows, unchanged, problems in told:
        assert int(rows) > 0, title
        assert (rows, problems) == (unchanged, "0"), title
