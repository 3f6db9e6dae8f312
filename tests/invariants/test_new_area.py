"""Adding an area costs one folder of at most sixty lines, and no edit elsewhere."""

import json

import pytest

AREA = {
    "__init__.py": '''
"""Books that schools hold (图书配备)."""
from xuezheng.registry import Area
AREA = Area("图书配备", section="装备站", order=70)
''',
    "models.py": '''
"""What schools report of their libraries."""
from django.db import models
from xuezheng.records.models import Record, School


class Holding(Record):
    """A school's books on a day."""

    natural_key = ("school", "counted_on")
    school_paths = ("school",)
    frozen = {"school_kind": "school__kind"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    counted_on = models.DateField("清点日期")
    books = models.IntegerField("图书册数")
    shelves = models.DecimalField("书架米数", max_digits=10, decimal_places=2, null=True, blank=True)
    lends = models.BooleanField("是否外借", default=False)
    note = models.CharField("说明", max_length=50, blank=True)

    class Meta:
        verbose_name = "图书登记"
''',
    "workbook.py": '''
"""The section's workbook."""
from xuezheng.areas.library.models import Holding
from xuezheng.workbooks import Sheet
holdings = Sheet(
    Holding, "图书登记表", columns=["school.code", "counted_on", "books", "shelves", "lends", "note"]
)
''',
    "policy.yaml": """
books:
  title: 学校图书册数标准
  unit: 册
  by: school_kind
""",
    "start.yaml": """
books:
  - {from: 2003-05-01, source: 中小学图书馆规程, grade: A, value: {"211": 1000, "*": 2000}}
  - {from: 2018-05-28, source: 中小学图书馆规程, grade: A, value: {"211": 1500, "*": 3000}}
""",
    "rules.py": '''
"""What the section works out."""
from xuezheng.areas.library.models import Holding
from xuezheng.rules import column


@column(Holding)
def enough(holding, policy):
    """是否达标：册数不少于清点日施行的标准。"""
    return holding.books >= policy.books.on(holding.counted_on, holding.school_kind)
''',
    "figures.py": '''
"""The section's figures."""
from ibis import _
from xuezheng.areas.library.models import Holding
from xuezheng.figures import Figure, flow
short = Figure("图书未达标学校", unit="所", table=Holding, over=flow("counted_on"), where=~_.enough, value=_.count())
shelves = Figure("书架", unit="米", table=Holding, over=flow("counted_on"), value=_.shelves.sum(), by=("lends",))
''',
}
SCRIPT = """
import json
from datetime import date
from pathlib import Path
import django
django.setup()
from xuezheng.figures import catalogue
from xuezheng.workbooks import sheet_catalogue, write_workbook
from xuezheng.intake import import_workbook
from xuezheng.core.periods import Period
from xuezheng.snapshots import freeze

from xuezheng.cli.shared import prepare_database
prepare_database()
sheets = json.loads(Path({rows!r}).read_text(encoding="utf-8"))
path = Path({rows!r}).with_suffix(".xlsx")
write_workbook(path, {{sheet_catalogue.sheet(title): rows for title, rows in sheets.items()}})
outcome = import_workbook(path)
assert outcome.saved, [str(problem) for problem in outcome.problems]
snapshot = freeze(date(2019, 7, 5))
told = {{}}
for key in ("library.short", "library.shelves"):
    for period in ("2017", "2019H1"):
        answer = catalogue.figure(key).at(snapshot, Period.parse(period))
        told[key + "@" + period] = answer.text()
        told[key + "@" + period + " by"] = [[c.key, [text for _, text in c.clauses]] for c in answer.citations]
told["rows"] = catalogue.figure("library.short").rows(snapshot, Period.parse("2019H1")).table.num_rows
told["again"] = import_workbook(path).saved
print(json.dumps(told))
"""


@pytest.fixture
def area(tmp_path):
    """The folder beside which the area stands."""
    folder = tmp_path / "areas" / "library"
    folder.mkdir(parents=True)
    for name, content in AREA.items():
        (folder / name).write_text(content.lstrip(), encoding="utf-8")
    return folder.parent


def test_an_area_costs_at_most_sixty_lines():
    assert sum(bool(line.strip()) for content in AREA.values() for line in content.splitlines()) <= 60


@pytest.mark.database
def test_an_area_in_a_folder_of_its_own_is_imported_frozen_and_asked(
    area, elsewhere, run_python, small, tmp_path
):
    primary = ["2134990009", "云岭小学", "小学", "村庄", "县级教育部门", "", ""]
    nine_year = small["学校名册"][0]
    sheets = {
        "本地信息": small["本地信息"],
        "学校名册": [nine_year, primary],
        "图书登记表": [
            # Enough by the standard of its own day, and by it alone.
            [primary[0], "2017-09-01", "1200", "", "", ""],
            [primary[0], "2019-03-01", "1200", "123456.78", "是", ""],
            [nine_year[0], "2017-09-01", "1999", "", "是", "缺工具书"],
            [nine_year[0], "2019-03-01", "3000", "0.01", "", ""],
        ],
    }
    (tmp_path / "rows.json").write_text(json.dumps(sheets), encoding="utf-8")
    script = SCRIPT.format(rows=str(tmp_path / "rows.json"))
    told = json.loads(run_python(script, {**elsewhere, "XUEZHENG_AREAS_PATH": str(area)}))
    assert told == {
        "library.short@2017": "1所",
        "library.short@2017 by": [["library.books", ["小学1000册，其他2000册"]]],
        "library.short@2019H1": "1所",
        "library.short@2019H1 by": [["library.books", ["小学1500册，其他3000册"]]],
        "library.shelves@2017": "不适用",
        "library.shelves@2017 by": [],
        "library.shelves@2019H1": "123456.79米",
        "library.shelves@2019H1 by": [],
        "rows": 1,
        "again": False,
    }


def test_an_area_that_is_gone_leaves_nothing_behind(elsewhere, run_python):
    told = run_python(
        "import django; django.setup(); from xuezheng import registry; print(*registry.areas())", elsewhere
    )
    assert "library" not in told.split()
