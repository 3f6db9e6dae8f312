"""The worked examples of every area's rules come out as its staff wrote them."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import ibis
import pyarrow as pa
import pytest
import yaml

from xuezheng import registry
from xuezheng.records.models import registers
from xuezheng.rules.tables import base_columns, schema

FROZEN_ON = date(2019, 7, 5)


def cases():
    """All cases by area, rule, district and day of freezing."""
    found = defaultdict(list)
    for area in registry.areas():
        path = registry.folder(area) / "cases.yaml"
        for case in yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else []:
            key = (area, case["rule"], case.get("district", "990101"), case.get("day", FROZEN_ON))
            found[key].append(case)
    return found


CASES = cases()
RULES = {(rule.area, rule.name): rule for table in registers() for rule in registry.columns(table)}


def fen(yuan):
    """An amount as the staff write it, in yuan, exactly in fen."""
    return None if yuan is None else int(Decimal(str(yuan)) * 100)


def exact(value):
    """A number with places as the staff write it, without what a float would make of it."""
    return Decimal(str(value)) if isinstance(value, float) else value


def rounded(value):
    """A number with places, exact or not, without the noise of its last places."""
    return round(float(value), 9) if isinstance(value, float | Decimal) else value


def worked_out(rule, cases, district, day):
    """Work the rule out for a table of the cases' rows, after the rules before it, as freezing does."""
    before = registry.columns(rule.model.table_name())
    before = before[: before.index(rule)]
    money = {column.name for column in (*base_columns(rule.model), *before) if column.money}
    given = {name for case in cases for name in case["given"]}
    kinds = {field.name: field.type for field in schema(rule.model)}
    kinds |= {
        other.name: pa.int64() if other.money else pa.string() for other in before if other.name in given
    }
    assert given <= kinds.keys(), f"给了表中没有的列：{given - kinds.keys()}"
    rows = [
        {name: fen(value) if name in money else exact(value) for name, value in {**dict.fromkeys(kinds), **case["given"]}.items()}
        for case in cases
    ]  # fmt: skip
    numbered = [{**row, "case_": number} for number, row in enumerate(rows)]
    arrow = pa.Table.from_pylist(numbered, pa.schema([*kinds.items(), ("case_", pa.int64())]))
    table = ibis.memtable(arrow)
    for other in before:
        if other.name not in given:
            table = table.mutate(**{other.name: other.apply(table, district, day).expression})
    ruling = rule.apply(table, district, day)
    answers = table.select("case_", value=ruling.expression).order_by("case_").to_pyarrow()
    return answers["value"].to_pylist()


@pytest.mark.parametrize(("area", "name", "district", "day"), CASES)
def test_the_examples_of_a_rule_come_out(area, name, district, day):
    rule, told = RULES[area, name], CASES[area, name, district, day]
    found = worked_out(rule, told, district, day)
    expected = [fen(case["expect"]) if rule.money else case["expect"] for case in told]
    assert dict(zip([case["about"] for case in told], map(rounded, found), strict=True)) == dict(
        zip([case["about"] for case in told], map(rounded, expected), strict=True)
    )


@pytest.mark.parametrize(("area", "name"), RULES)
def test_every_rule_has_an_example(area, name):
    assert (area, name) in {key[:2] for key in CASES}


def test_every_case_says_what_it_is_about():
    for told in CASES.values():
        assert all({"rule", "about", "given", "expect"} <= case.keys() for case in told)
        assert len({case["about"] for case in told}) == len(told)
