"""The worked examples of every area's rules come out as its staff wrote them."""

from collections import defaultdict
from copy import deepcopy
from datetime import date
from decimal import Decimal
from functools import cache

import ibis
import pyarrow as pa
import pytest
import yaml

from xuezheng import registry
from xuezheng.policy.current import entries, recorded
from xuezheng.records.models import registers
from xuezheng.rules.columns import rule_columns
from xuezheng.rules.tables import base_columns, schema
from xuezheng.snapshots.manifest import policy_entries

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
RULES = {(rule.area, rule.name): rule for table in registers() for rule in rule_columns(table)}


def fen(yuan):
    """An amount as the staff write it, in yuan, exactly in fen."""
    return None if yuan is None else int(Decimal(str(yuan)) * 100)


def exact(value):
    """A number with places as the staff write it, without what a float would make of it."""
    return Decimal(str(value)) if isinstance(value, float) else value


def rounded(value):
    """A number with places, exact or not, without the noise of its last places."""
    return round(float(value), 9) if isinstance(value, float | Decimal) else value


@cache
def rulings():
    """What each rule reads: columns and policy."""
    known = {}
    for name, model in registers().items():
        table = ibis.table(ibis.Schema.from_pyarrow(schema(model)), name)
        for rule in rule_columns(name):
            known[rule] = rule.apply(table, "", FROZEN_ON)
            table = table.mutate(**{rule.name: known[rule].expression})
    return known


def rules_before(rule):
    """The rules of the same register that a rule rests on, in their order."""
    needed = set(rulings()[rule].reads)
    earlier_rules = []
    columns = rule_columns(rule.model.table_name())
    for earlier in reversed(columns[: columns.index(rule)]):
        if earlier.name in needed:
            earlier_rules.insert(0, earlier)
            needed |= set(rulings()[earlier].reads)
    return earlier_rules


def worked_out(rule, cases, district, day):
    """Work the rule out for a table of the cases' rows, after the rules that it rests on, as freezing does."""
    before = rules_before(rule)
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


VERSIONS = [
    (entry, first)
    for area in registry.areas()
    for entry in entries(area).values()
    for first, _ in entry.values
]
#: Of texts of which a rule knows two, the one and the other.
CONTRARY = {"小于": "不大于"}


def readers(key):
    """The rules that read an entry of policy; those that read little come first, for they are quick."""
    readers_ = [rule for rule, ruling in rulings().items() if key in ruling.policies]
    return sorted(readers_, key=lambda rule: len(rulings()[rule].policies))


def answers(rule):
    """What the rule gives for each of its cases, group by group."""
    for (area, name, district, day), group in CASES.items():
        if (area, name) == (rule.area, rule.name):
            yield worked_out(rule, group, district, day)


@cache
def answers_as_they_are(rule):
    """What :func:`answers` gives by the policy as it is."""
    return list(answers(rule))


def answers_with(policies, rule):
    """What :func:`answers` gives by some entries of policy in place of those that there are."""
    with recorded(policies):
        return list(answers(rule))


def others(unit, value):
    """Other values that an entry of policy might have in place of one: a little more, a little less; the other of two."""
    if value in (0, 1) and ("0为" in unit or "0否" in unit):
        return [1 - value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    try:
        step = Decimal(1).scaleb(Decimal(value).as_tuple().exponent)
    except ArithmeticError:
        return [CONTRARY.get(value, "?")]
    return [str(Decimal(value) + step), str(Decimal(value) - step)]


def with_value(key, first, keys, value):
    """The entry of policy as a snapshot records it, with another value from a day on for some keys."""
    changed = deepcopy(policy_entries([key]))
    place = next(version for version in changed[key]["values"] if version[0] == first.isoformat())
    step = 1
    for name in keys:
        place, step = place[step], name
    place[step] = value
    return changed


@pytest.mark.parametrize(
    ("entry", "first"), VERSIONS, ids=[f"{entry.key}-{first}" for entry, first in VERSIONS]
)
def test_every_value_of_policy_that_a_rule_reads_decides_a_case(entry, first):
    """A limit has cases at it, just below and just above: were it another, some case would come out otherwise."""
    rules = readers(entry.key)
    version = dict(policy_entries([entry.key])[entry.key]["values"])[first.isoformat()]
    undecided = []
    for keys in [keys for day, keys, _ in entry.leaves() if day == first]:
        value = version
        for name in keys:
            value = value[name]
        for another in others(entry.unit, value):
            changed = with_value(entry.key, first, keys, another)
            decides = any(answers_with(changed, rule) != answers_as_they_are(rule) for rule in rules)
            if not decides and rules:
                undecided.append(f"{'.'.join(keys)}：{value}改为{another}")
    assert not undecided, "cases.yaml的各算例都不变"
