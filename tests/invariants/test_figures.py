"""Laws over every figure that an area declares, on the demonstration: half a year each at its own snapshot."""

import re
from decimal import Decimal

import duckdb
import ibis
import ibis.expr.operations as ops
import pytest

from xuezheng.core.periods import Period
from xuezheng.figures import Absence, Figure, FigureError, Ratio, RequirementCount, catalogue
from xuezheng.figures.comparison import change
from xuezheng.figures.ratio import parts_of
from xuezheng.snapshots import Snapshot

CHINESE = re.compile("[\u4e00-\u9fff]")
HALF_YEARS = {"2019H1": "2019-07-05", "2019H2": "2020-01-10"}
PERIOD = Period.parse("2019H2")
FURTHER = ("2019", "2018-2019", "2019-04")
FIGURES = [figure for figure in catalogue.figures().values() if isinstance(figure, Figure)]
RATIOS = [figure for figure in catalogue.figures().values() if isinstance(figure, Ratio)]


@pytest.fixture(scope="module")
def half_years(demonstration):
    """Each half-year of the demonstration with the snapshot that was frozen for it."""
    snapshots = demonstration / "snapshots"
    return [
        (Snapshot(next(snapshots.glob(f"{day}-*"))), Period.parse(key)) for key, day in HALF_YEARS.items()
    ]


@pytest.fixture(scope="module")
def periods(half_years):
    """The half-years, and periods of other kinds as the last snapshot tells them."""
    return [*half_years, *((half_years[-1][0], Period.parse(key)) for key in FURTHER)]


@pytest.fixture(scope="module")
def snapshot(half_years):
    """The last snapshot of the demonstration."""
    return half_years[-1][0]


def by_key(declared):
    return pytest.mark.parametrize("figure", declared, ids=lambda figure: figure.key)


def of_rows(figure, table):
    """The figure's value for rows given by hand."""
    found = (
        ibis.memtable(table).aggregate(value=figure.calculation.value).to_pyarrow()["value"].to_pylist()[0]
    )
    return Decimal(repr(found)) if isinstance(found, float) else found


def same(first, second):
    if isinstance(first, Decimal) and second is not None:
        return abs(first - Decimal(str(second))) < Decimal("1e-9")
    return first == second


@by_key(FIGURES)
def test_the_rows_behind_a_value_give_it_again(figure, periods):
    for snapshot, period in periods:
        answer, rows = figure.at(snapshot, period), figure.rows(snapshot, period)
        assert answer.row_count == rows.count
        if rows.count:
            assert same(answer.value, of_rows(figure, rows.table))
        else:
            assert answer.value in (0, None)


@by_key(FIGURES)
def test_each_part_is_what_its_slice_and_its_rows_give(figure, half_years):
    for snapshot, period in half_years:
        for dimension in figure.by:
            parts = figure.per(snapshot, period, dimension)
            assert len({part.slice[dimension] for part in parts}) == len(parts)
            for part in parts[:1]:
                alone = figure.at(snapshot, period, **part.slice)
                assert same(part.value, alone.value)
                rows = figure.rows(snapshot, period, **part.slice)
                assert part.row_count == alone.row_count == rows.count
                assert same(part.value, of_rows(figure, rows.table))
                assert (part.text(), part.slice_label) == (alone.text(), alone.slice_label)


@by_key(FIGURES)
def test_the_parts_make_up_the_whole(figure, half_years):
    for snapshot, period in half_years:
        kind = figure.calculation.measure(snapshot.table(figure.table.table_name())).op()
        whole = figure.at(snapshot, period)
        for dimension in figure.by:
            values = [part.value for part in figure.per(snapshot, period, dimension)]
            assert sum(part.row_count for part in figure.per(snapshot, period, dimension)) == whole.row_count
            if isinstance(kind, ops.Sum | ops.CountStar):
                assert sum(values) == (whole.value or 0)
            elif isinstance(kind, ops.CountDistinct):
                # One person may stand in several parts, but is one of the whole.
                assert max(values, default=0) <= (whole.value or 0) <= sum(values)


@by_key(FIGURES)
def test_a_breakdown_is_the_whole_then_each_part_then_its_parts(figure, snapshot):
    by = figure.by[:2]
    told = figure.breakdown(snapshot, PERIOD, by)
    assert dict(told[0].slice) == {}
    assert told[0].value == figure.at(snapshot, PERIOD).value
    for name in by[:1]:
        assert [answer for answer in told if set(answer.slice) == {name}] == figure.per(
            snapshot, PERIOD, name
        )
    for answer in told[1:]:
        assert tuple(name for name in by if name in answer.slice) == by[: len(answer.slice)]
    if len(by) == 2 and isinstance(
        figure.calculation.measure(snapshot.table(figure.table.table_name())).op(), ops.Sum
    ):
        deepest = [a for a in told if len(a.slice) == 2]
        assert sum(a.value for a in deepest) == (told[0].value or 0)


@by_key(FIGURES)
def test_its_query_runs_by_itself_and_gives_its_value(figure, half_years):
    for snapshot, period in half_years:
        engine = duckdb.connect()
        name = figure.table.table_name()
        engine.execute(f"CREATE VIEW {name} AS FROM read_parquet('{snapshot.folder / name}.parquet')")
        answer = figure.at(snapshot, period)
        found = engine.sql(answer.sql)
        rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
        values = [row["value_"] for row in rows if row.get("where_", True) and row.get("slice_", True)]
        assert answer.row_count == 0 or any(same(answer.value, value) for value in values)


@pytest.mark.parametrize("figure", catalogue.figures().values(), ids=catalogue.figures().keys())
def test_it_says_what_it_is(figure, periods):
    assert re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", figure.key)
    assert CHINESE.search(figure.label)
    assert figure.definition.endswith("。")
    assert len(figure.definition) > len(figure.label)
    for snapshot, period in periods:
        answer = figure.at(snapshot, period)
        assert answer.text()
        assert answer.label == figure.label
        assert (answer.value is None) == (answer.absence is not None)
        assert answer.absence is None or answer.text() == answer.absence.value
        for citation in answer.citations:
            assert citation.title
            assert citation.source
        if answer.is_money and answer.value is not None:
            assert isinstance(answer.value, int)


@pytest.mark.parametrize("figure", catalogue.figures().values(), ids=catalogue.figures().keys())
def test_it_refuses_what_it_cannot_be_divided_by(figure, snapshot):
    for ask in (
        lambda: figure.at(snapshot, PERIOD, nothing="1"),
        lambda: figure.per(snapshot, PERIOD, "nothing"),
    ):
        with pytest.raises(FigureError, match="不能按“nothing”分。可用："):
            ask()
    for name, dimension in figure.dimensions(snapshot).items():
        if dimension.members:
            with pytest.raises(FigureError, match="没有“没有的”。可用："):
                figure.at(snapshot, PERIOD, **{name: "没有的"})


@pytest.mark.parametrize("figure", catalogue.figures().values(), ids=catalogue.figures().keys())
def test_its_dimensions_are_columns_with_a_chinese_name_and_named_members(figure, snapshot):
    tables = {Figure: lambda: [figure], Ratio: lambda: [figure.top, figure.bottom], RequirementCount: list}
    for one in tables[type(figure)]():
        columns = snapshot.columns(one.table.table_name())
        assert {*one.by, *one.related} <= columns.keys()
    for name, dimension in figure.dimensions(snapshot).items():
        assert dimension.name == name
        assert CHINESE.search(dimension.label)
        assert all(CHINESE.search(label) for label in dimension.members.values())


@pytest.mark.parametrize("figure", catalogue.figures().values(), ids=catalogue.figures().keys())
def test_the_demonstration_has_rows_for_it(figure, half_years):
    assert any(figure.at(snapshot, period).value is not None for snapshot, period in half_years)


@by_key(FIGURES)
def test_a_time_long_before_the_registers_has_no_data_or_what_does_not_depend_on_time(figure, snapshot):
    answer = figure.at(snapshot, Period.parse("1990"))
    assert answer.absence == Absence.NO_DATA or figure.over.words == "快照日在册的"


@by_key(RATIOS)
def test_a_ratio_is_its_top_by_its_bottom(figure, periods):
    for snapshot, period in periods:
        answer, top, bottom = (one.at(snapshot, period) for one in (figure, figure.top, figure.bottom))
        if top.value is None or bottom.value is None:
            assert answer.absence == Absence.NO_DATA
        elif bottom.value == 0:
            assert answer.absence == Absence.NOT_APPLICABLE
        elif top.is_money == bottom.is_money:
            times = 100 if figure.unit == "%" else 1
            assert answer.value == Decimal(top.value) / Decimal(bottom.value) * times
        assert figure.rows(snapshot, period).count == top.row_count


@by_key(RATIOS)
def test_the_two_figures_of_a_ratio_are_declared_and_share_a_period(figure):
    assert {figure.top_key, figure.bottom_key} <= catalogue.figures().keys()
    assert figure.top.over.words == figure.bottom.over.words


SURVEYED = {
    key: figure
    for key, figure in catalogue.figures().items()
    if any(part.surveyed for part in parts_of(figure))
}


@pytest.mark.parametrize("figure", SURVEYED.values(), ids=SURVEYED.keys())
def test_a_survey_is_compared_by_the_schools_of_both_half_years_only(figure, half_years, monkeypatch):
    """The schools of each half-year are read from the rows, without the figure."""
    assert "school" in figure.by
    snapshots = {period: snapshot for snapshot, period in half_years}
    monkeypatch.setattr(Snapshot, "for_period", snapshots.__getitem__)
    part, alike = parts_of(figure)[-1], [name for name in ("school", "stage", "subject") if name in figure.by]
    units = []
    for snapshot, period in half_years:
        rows = part.calculation.rows(snapshot, period).to_pandas()
        units.append({tuple(row) for row in rows[alike].dropna().itertuples(index=False)})
    (_, old), (_, new) = half_years
    difference = change(figure, old, new, {})
    if any(answer is None or answer.value is None for answer in (difference.old, difference.new)):
        assert difference.text == ""
    elif units[0] == units[1]:
        assert difference.alike is None
    else:
        common = {unit[0] for unit in units[0] & units[1]}
        assert difference.reason or difference.schools == len(common)
        assert difference.text == "" or difference.text.startswith(f"（可比的{len(common)}所学校）")
        assert bool(difference.reason) == (not common)


def test_screenings_and_tests_are_surveys():
    assert {"health.low_vision_rate", "health.fitness_good_rate"} <= SURVEYED.keys()
