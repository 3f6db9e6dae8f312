"""The rules between the cells of the statistical tables: the published vector, and every rule broken on purpose."""

import pytest

from xuezheng.statistics.checks import check
from xuezheng.statistics.declarations import statistical_tables

TABLE = statistical_tables()["教基3112"]
# Section 2.10 of the field's fact sheet: grades 1 to 6, and the girls among them.
ALL, GIRLS = (50, 48, 47, 52, 49, 54), (24, 23, 22, 25, 24, 26)


def row(code, grades, girls, preschool=()):
    numbers = {2: grades[0], 7: sum(grades), 8: sum(girls), 15: grades[5]}
    numbers |= {9 + place: number for place, number in enumerate(grades)}
    numbers |= {3 + place: number for place, number in enumerate(preschool)}
    return {(code, str(column)): number for column, number in numbers.items()}


@pytest.fixture
def typed():
    return {**row("01", ALL, GIRLS, (0, 1, 2, 47)), **row("02", GIRLS, GIRLS)}


def broken(numbers):
    return sorted(str(each.rule) for each in check(TABLE, numbers) if each.holds is False)


def test_the_vector(typed):
    assert (typed["01", "2"], typed["01", "7"], typed["01", "8"], typed["01", "15"]) == (50, 300, 144, 54)
    assert broken(typed) == []
    typed["01", "2"] = 51
    assert broken(typed) == ["2 = 3 + 4 + 5 + 6", "2 = 9"]


@pytest.mark.parametrize(
    ("place", "number", "rules"),
    [
        (("01", "7"), 301, ["7 = 9 + 10 + 11 + 12 + 13 + 14"]),
        (("01", "8"), 145, ["02.7 = 01.8"]),
        (("01", "15"), 53, ["15 = 14"]),
        (("02", "9"), 25, ["2 = 9", "7 = 9 + 10 + 11 + 12 + 13 + 14"]),
        (("02", "8"), 145, ["02 <= 01", "8 <= 7"]),
    ],
)
def test_each_break_is_told(typed, place, number, rules):
    typed[place] = number
    assert broken(typed) == rules


def test_parts_of_a_group_are_not_more_than_it(typed):
    typed |= {
        ("06", "7"): 10,
        ("07", "7"): 6,
        ("08", "7"): 4,
        ("09", "7"): 10,
        ("10", "7"): 10,
        ("11", "7"): 0,
    }
    assert broken(typed) == []
    for place, rule in (
        (("08", "7"), "07 + 08 <= 06"),
        (("11", "7"), "10 + 11 <= 09"),
        (("09", "7"), "09 <= 06"),
    ):
        assert rule in broken({**typed, place: typed[place] + 1})


def test_what_has_no_number_is_not_checked(typed):
    del typed["01", "3"]
    checks = [each for each in check(TABLE, typed) if str(each.rule) == "2 = 3 + 4 + 5 + 6"]
    assert {each.holds for each in checks} == {None}


@pytest.mark.parametrize("table", statistical_tables().values(), ids=lambda table: table.code)
def test_every_rule_names_cells_of_its_table(table):
    rows, columns = {row.code for row in table.rows}, {column.code for column in table.columns}
    assert len(rows) == len(table.rows)
    assert len(columns) == len(table.columns)
    for rule in table.rules:
        for term in (*rule.left, *rule.right):
            match rule.scope:
                case "rows":
                    assert term in rows
                case "columns":
                    assert term in columns
                case _:
                    code, _, place = term.rpartition(":")
                    other = statistical_tables()[code] if code else table
                    row, column = place.split(".")
                    assert row in {line.code for line in other.rows}
                    assert column in {line.code for line in other.columns}
