"""Every figure comes out as its staff work it out by hand from a few rows; see ``examples.yaml`` of the areas."""

import importlib
import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import ibis
import ibis.expr.operations as ops
import pyarrow as pa
import pytest
import yaml

from xuezheng import registry
from xuezheng.core.periods import Period
from xuezheng.figures import SCHOOL_YEAR, TERM, YEAR, Figure, catalogue
from xuezheng.figures.ratio import parts_of
from xuezheng.policy.declarations import _Loader
from xuezheng.records.models import registers
from xuezheng.rules.columns import rule_columns
from xuezheng.rules.tables import base_columns, schema
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.manifest import policy_entries
from xuezheng.snapshots.snapshot import FORMAT, digest_of, name_of

freezing = importlib.import_module("xuezheng.snapshots.freeze")
with_rules = freezing.with_rules

PARTS = {"about", "period", "day", "district", "rows", "expect"}
DAY = timedelta(days=1)


class ExampleFault(Exception):
    """An example that cannot be worked out; the text is a Chinese sentence with the place."""


@dataclass(frozen=True, eq=False)
class Example:
    """A few rows by table, and the value of each figure that somebody worked out from them."""

    area: str
    about: str
    rows: dict[str, list[dict[str, Any]]]
    expect: dict[str, Any]
    period: str = "2019H1"
    day: date = date(2019, 7, 5)
    district: str = "990101"

    def values(self):
        """Each expected value with its figure and slice."""
        for entry, value in self.expect.items():
            key, _, dimensions = entry.partition(" ")
            figure = catalogue.figures().get(key)
            if figure is None:
                raise ExampleFault(f"算例“{self.about}”：没有指标“{key}”。")
            pairs = [pair.partition("=") for pair in dimensions.split(",") if pair]
            yield figure, {name.strip(): member for name, _, member in pairs}, value

    def figures(self):
        """The figures that it expects."""
        return [figure for figure, _, _ in self.values()]


def read(text, area):
    """Read the examples of an area; numbers with a point are exact, and nothing is written twice."""
    read_so_far = []
    for content in yaml.load(text, Loader=_Loader) or []:
        if missing := {"about", "rows", "expect"} - content.keys():
            raise ExampleFault(f"算例“{content.get('about', content)}”缺少：{'、'.join(sorted(missing))}。")
        if unknown := content.keys() - PARTS:
            raise ExampleFault(f"算例“{content['about']}”里无法识别：{'、'.join(sorted(unknown))}。")
        read_so_far.append(Example(area, **content))
    return read_so_far


def examples():
    """All examples of all areas."""
    paths = {area: registry.folder(area) / "examples.yaml" for area in registry.areas()}
    return [
        example
        for area, path in paths.items()
        if path.exists()
        for example in read(path.read_text(encoding="utf-8"), area)
    ]


EXAMPLES = examples()


@cache
def engine():
    """What writes the rows as freezing does."""
    return ibis.duckdb.connect(threads=1)


def fen(yuan):
    """An amount of yuan exactly in fen."""
    exact = Decimal(yuan) * 100
    if exact != int(exact):
        raise ValueError(f"{yuan}元不是整分")
    return int(exact)


def cell(column, value):
    """The value of a base column as a snapshot keeps it; a blank text is a gap."""
    if value is None or value == "":
        return None
    kept = fen(value) if column.money else Decimal(value) if pa.types.is_decimal(column.type) else value
    if column.choices and str(value) not in column.choices:
        raise ValueError(f"可用：{'、'.join(column.choices)}")
    return pa.array([kept], column.type)[0].as_py()


def table_rows(example, name):
    """The rows of a table in full, and the values of rule columns that they give themselves."""
    model = registers()[name]
    base = {column.name: column for column in base_columns(model)}
    rules = {rule.name: rule for rule in rule_columns(name)}
    rows, given = [], {rule: {} for rule in rules}
    for number, content in enumerate(example.rows[name] or [], 1):
        place = f"算例“{example.about}”的表{name}第{number}行"
        if unknown := content.keys() - base.keys() - rules.keys():
            known = "、".join([*base, *rules])
            raise ExampleFault(f"{place}没有列“{'、'.join(sorted(unknown))}”。可用：{known}。")
        row = {**dict.fromkeys(base), "id": number}
        for column, value in content.items():
            if column in rules:
                given[column][content.get("id", number)] = fen(value) if rules[column].money else value
                continue
            try:
                row[column] = cell(base[column], value)
            except (ValueError, ArithmeticError, TypeError, pa.ArrowException) as problem:
                raise ExampleFault(f"{place}的“{column}”不能是“{value}”：{problem}。") from None
        rows.append(row)
    return rows, {rule: values for rule, values in given.items() if values}


def with_given(given):
    """Work rules out as freezing does, but for the values that rows give themselves."""

    def worked_out(table, model, district, day):
        rulings = []
        for rule in rule_columns(model.table_name()):
            ruling = rule.apply(table, district, day)
            cases = [(table.id == row, value) for row, value in given.get(rule.name, {}).items()]
            expression = ibis.cases(*cases, else_=ruling.expression) if cases else ruling.expression
            rulings.append((rule, ruling))
            table = table.mutate(**{rule.name: expression})
        return table, rulings

    return worked_out if given else with_rules


def tables_of(example):
    """The tables that are given or needed: by a figure, or to name the members of a dimension."""
    if unknown := example.rows.keys() - registers().keys():
        raise ExampleFault(f"算例“{example.about}”：没有表“{'、'.join(sorted(unknown))}”。")
    read = {part.table.table_name() for figure in example.figures() for part in parts_of(figure)}
    named = {
        column.register
        for name in {*example.rows, *read}
        for column in base_columns(registers()[name])
        if column.register in registers()
    }
    return sorted({*example.rows, *read, *named})


def frozen(example, folder):
    """Freeze the rows of an example as a snapshot in a folder, without a database."""
    draft = folder / "draft"
    draft.mkdir()
    manifest = {
        "format": FORMAT,
        "day": example.day.isoformat(),
        "district": {"code": example.district, "name": "云岭区", "bureau_name": "云岭区教育局"},
        "code_version": "0",
        "tables": {},
    }

    def refused(table, model, rule, gaps):
        label = rule.label.split("：")[0]
        return ExampleFault(
            f"算例“{example.about}”的表{model.table_name()}有{gaps}行算不出“{label}”（{rule.name}），须补填它所看的列。"
        )

    for name in tables_of(example):
        model = registers()[name]
        rows, given = table_rows(example, name) if name in example.rows else ([], {})
        batches = pa.Table.from_pylist(rows, schema(model)).to_batches()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(freezing, "with_rules", with_given(given))
            patch.setattr(freezing, "_gaps_refused", refused)
            manifest["tables"][name] = freezing._freeze_table(
                engine(), batches, model, manifest["district"], example.day, draft
            )
    manifest["policies"] = policy_entries(freezing._read_by_rules(manifest, "policies"))
    manifest["sha256"] = digest_of(manifest)
    (draft / freezing.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return Snapshot(draft.rename(folder / name_of(manifest)))


@pytest.fixture(scope="module")
def snapshot_of(tmp_path_factory):
    """Freeze an example, once."""
    return cache(lambda example: frozen(example, tmp_path_factory.mktemp("example")))


def as_written(figure, value, expected):
    """A figure's value to compare with an expected one: money in yuan, rounded to its places, but to two at least."""
    if value is None or expected is None:
        return value
    places = max(2, -Decimal(expected).as_tuple().exponent)
    exact = Decimal(value) / 100 if figure.is_money else Decimal(value)
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.area}: {example.about}")
def test_a_figure_is_what_was_worked_out_by_hand(example, snapshot_of):
    snapshot, period = snapshot_of(example), Period.parse(example.period)
    values = [
        as_written(figure, figure.at(snapshot, period, **part).value, expected)
        for figure, part, expected in example.values()
    ]
    assert dict(zip(example.expect, values, strict=True)) == example.expect


def declared(kind=object):
    """The figures of a kind."""
    return [figure for figure in catalogue.figures().values() if isinstance(figure, kind)]


def by_key(figures):
    return pytest.mark.parametrize("figure", figures, ids=lambda figure: figure.key)


def expecting(figure):
    """The examples that expect some value of a figure."""
    return [example for example in EXAMPLES if figure in example.figures()]


@by_key(declared())
def test_every_figure_is_worked_out_by_hand(figure):
    values = [value for example in EXAMPLES for expected, _, value in example.values() if expected is figure]
    assert any(values), f"examples.yaml里没有{figure.key}的算例"


@by_key([figure for figure in declared(Figure) if figure.calculation.where is not None or figure.over.dated])
def test_some_row_does_not_count(figure, snapshot_of):
    """A row that the figure's condition leaves out, and one that its period leaves out."""
    name = figure.table.table_name()
    outside = excluded = False
    for example in expecting(figure):
        snapshot = snapshot_of(example)
        inside = figure.calculation.rows(snapshot, Period.parse(example.period))
        counts = inside.filter(figure.calculation.condition(snapshot.table(name)))
        outside |= inside.count().execute() < snapshot.manifest["tables"][name]["rows"]
        excluded |= counts.count().execute() < inside.count().execute()
    assert outside or not figure.over.dated, "须有一行不在时期内"
    assert excluded or figure.calculation.where is None, "须有一行在时期内而不符合条件"


LIMITS = {
    "提前一天开始": lambda period: replace(period, start=period.start - DAY),
    "推迟一天开始": lambda period: replace(period, start=period.start + DAY),
    "提前一天结束": lambda period: replace(period, end=period.end - DAY),
    "推迟一天结束": lambda period: replace(period, end=period.end + DAY),
}


KEYED = (TERM, SCHOOL_YEAR, YEAR)


@by_key([figure for figure in declared(Figure) if figure.over.dated and figure.over not in KEYED])
def test_a_day_earlier_or_later_makes_a_difference(figure, snapshot_of):
    """Rows lie on the limits of a period and just outside, where its days decide."""
    unchanged = set(LIMITS) if figure.over.flows else {name for name in LIMITS if "结束" in name}
    for example in expecting(figure):
        snapshot = snapshot_of(example)
        period = Period.parse(example.period).until(snapshot.day)
        value = figure.at(snapshot, period).value
        unchanged -= {name for name in unchanged if figure.at(snapshot, LIMITS[name](period)).value != value}
    assert not unchanged, f"时期{'、'.join(sorted(unchanged))}，值都不变：须有界限当天和前后一天的行"


def narrower(node):
    """Conditions that differ from a condition by a part of it."""
    if isinstance(node, ops.And | ops.Or):
        yield from (node.left, node.right)
        yield from (type(node)(part, node.right) for part in narrower(node.left))
        yield from (type(node)(node.left, part) for part in narrower(node.right))
    elif isinstance(node, ops.InValues) and len(node.options) > 1:
        for place in range(len(node.options)):
            yield ops.InValues(node.value, node.options[:place] + node.options[place + 1 :])


@by_key([figure for figure in declared(Figure) if figure.calculation.where is not None])
def test_every_part_of_a_condition_makes_a_difference(figure, snapshot_of):
    unchanged = None
    for example in expecting(figure):
        snapshot, period = snapshot_of(example), Period.parse(example.period)
        inside = figure.calculation.rows(snapshot, period)
        value = figure.at(snapshot, period).value or 0
        same = set()
        for part in narrower(figure.calculation.condition(snapshot.table(figure.table.table_name())).op()):
            rows = inside.filter(part.to_expr())
            changed = rows.aggregate(value=figure.calculation.measure(rows)).to_pyarrow()["value"][0].as_py()
            same |= {str(part.to_expr())} if (changed or 0) == value else set()
        unchanged = same if unchanged is None else unchanged & same
    assert not unchanged, "条件改成这样，值都不变"


@by_key(declared(Figure))
def test_a_count_of_different_persons_or_a_sum_is_not_the_number_of_rows(figure, snapshot_of):
    for example in expecting(figure):
        snapshot, period = snapshot_of(example), Period.parse(example.period)
        kind = figure.calculation.measure(snapshot.table(figure.table.table_name())).op()
        answer = figure.at(snapshot, period)
        if (
            not isinstance(kind, ops.CountDistinct | ops.Sum)
            or (answer.value or answer.row_count) != answer.row_count
        ):
            return
    pytest.fail("各算例的值都等于行数")


def test_every_area_expects_its_own_figures_and_says_what_each_example_is_about():
    for example in EXAMPLES:
        assert {figure.area for figure in example.figures()} == {example.area}, example.about
    titles = [(example.area, example.about) for example in EXAMPLES]
    assert len(set(titles)) == len(titles)


ROWS = "rows: {safety_drill: [{school: 1, kind: fire, held_on: 2019-03-01}]}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rows: {}\n  expect: {safety.drills: 1}\n  years: 2019", "算例“甲”里无法识别：years。"),
        ("expect: {safety.drills: 1}", "算例“甲”缺少：rows。"),
        ("rows: {safety_drills: []}\n  expect: {safety.drills: 1}", "算例“甲”：没有表“safety_drills”。"),
        (f"{ROWS}\n  expect: {{safety.drill: 1}}", "算例“甲”：没有指标“safety.drill”。"),
        (
            "rows: {safety_drill: [{school: 1, held: 2019-03-01}]}\n  expect: {safety.drills: 1}",
            "算例“甲”的表safety_drill第1行没有列“held”。可用：id、school、kind、",
        ),
        (
            "rows: {safety_drill: [{kind: flood}]}\n  expect: {safety.drills: 1}",
            "算例“甲”的表safety_drill第1行的“kind”不能是“flood”：可用：fire、",
        ),
        (
            "rows: {safety_drill: [{school: 甲校}]}\n  expect: {safety.drills: 1}",
            "算例“甲”的表safety_drill第1行的“school”不能是“甲校”：",
        ),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_place(text, message, tmp_path):
    with pytest.raises(ExampleFault) as fault:
        frozen(*read(f"- about: 甲\n  {text}", "safety"), tmp_path)
    assert message in str(fault.value)


def test_a_row_that_leaves_a_rule_without_a_value_is_refused(tmp_path):
    text = "- about: 甲\n  rows: {balance_facilities: [{pupils: 3}]}\n  expect: {balance.schools_judged: 1}"
    with pytest.raises(
        ExampleFault, match=r"算例“甲”的表balance_facilities有1行算不出“.+”（.+），须补填它所看的列。"
    ):
        frozen(*read(text, "balance"), tmp_path)


def test_a_row_may_give_a_rule_column_itself(tmp_path):
    text = (
        "- about: 甲\n  rows: {safety_hazard: [{found_on: 2019-03-01, state: late},"
        " {found_on: 2019-03-01, due_on: 2019-03-31}]}\n  expect: {safety.hazards_closed: 1}"
    )
    (example,) = read(text, "safety")
    snapshot, period = frozen(example, tmp_path), Period.parse(example.period)
    assert catalogue.figure("safety.hazards_closed").at(snapshot, period).value == 1
    assert catalogue.figure("safety.hazards_overdue").at(snapshot, period).value == 1
