"""Invariants of content: no value that a year or a bureau may change is written in Python, neither as a choice nor as a constant."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from xuezheng.policy.declarations import all_code_lists
from xuezheng.records.choices import ClosedChoices
from xuezheng.records.code_lists import code_list
from xuezheng.records.fields import CodeField
from xuezheng.records.models.work import section_choices

PACKAGE = Path("src/xuezheng")


def fields_with_choices():
    """Yield every field of our models that has choices, by its label; the copies in histories are as their originals."""
    for model in apps.get_models():
        if model.__module__.startswith("xuezheng.") and not model.__name__.startswith("Historical"):
            for field in model._meta.concrete_fields:
                if field.choices:
                    yield f"{model._meta.label}.{field.name}", field


def closed_sets():
    """Return the choices of every closed set, and of the areas themselves, whose folders are the program."""
    waiting, found = [ClosedChoices], [set(section_choices())]
    while waiting:
        for known in waiting.pop().__subclasses__():
            waiting.append(known)
            found.append({(str(value), str(label)) for value, label in known.choices})
    return found


def is_closed(field):
    choices = {(str(value), str(label)) for value, label in field.flatchoices}
    return any(choices <= known for known in closed_sets())


def test_each_choice_is_a_closed_technical_state_or_a_dated_code_list():
    neither = {
        label
        for label, field in fields_with_choices()
        if not isinstance(field, CodeField) and not is_closed(field)
    }
    assert neither == set()


def test_every_code_list_is_declared_with_codes_and_every_declared_list_is_of_a_field():
    used = {field.codes for _, field in fields_with_choices() if isinstance(field, CodeField)}
    assert used == all_code_lists().keys()
    assert all(code_list(key).codes for key in used)


def test_the_day_of_a_code_is_a_column_of_its_register():
    for label, field in fields_with_choices():
        if isinstance(field, CodeField) and field.on:
            model, steps = field.model, field.on.split("__")
            for step in steps[:-1]:
                model = model._meta.get_field(step).related_model
            assert model._meta.get_field(steps[-1]).get_internal_type() in {
                "DateField", "PositiveSmallIntegerField", "CharField",
            }, label  # fmt: skip


def test_no_migration_from_the_code_lists_on_lists_values():
    for path in PACKAGE.rglob("migrations/*_code_lists.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "CodeField":
                assert "choices" not in {keyword.arg for keyword in node.keywords}, path


def python_files():
    """Yield the program's files, without tests, migrations and the invented district."""
    for path in PACKAGE.rglob("*.py"):
        if not {"migrations", "tests", "demo"} & set(path.parts) and not path.stem.startswith("demo"):
            yield path


def literals(path):
    """Yield the constants in a file's code with their lines, without docstrings, examples of input and annotations of columns."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield node


def test_no_day_is_a_constant_in_python():
    """A day from which a rule holds belongs to policy; the bounds of what may be entered, and days without a year, are no rule."""
    dated = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "date"
                and len(node.args) == 3
                and isinstance(node.args[0], ast.Constant)
                and 1995 <= node.args[0].value <= 2090
            ):
                dated.append(f"{path}:{node.lineno}")
    assert dated == []


#: The names of one place, or a paper of a year; 云教 is the invented bureau of all examples.
LOCAL = re.compile(r"区教育局|安徽|黄山|徽州|惠州|皖教|(?<!云教)〔20\d\d〕")


@pytest.mark.parametrize("path", sorted(python_files()), ids=str)
def test_no_literal_names_a_place_or_the_paper_of_a_year(path):
    local = [
        f"{node.lineno}: {node.value}"
        for node in literals(path)
        if isinstance(node.value, str) and LOCAL.search(node.value) and "如" not in node.value
    ]
    assert local == []


#: Numbers of rules that no policy changes, with the reason: (file, number).
NOT_POLICY = {
    ("balance/rules.py", 6): "places to which two areas per head are compared",
    ("balance/rules.py", 9): "September, in which a school year begins",
    ("preschool/rules.py", 9): "September, in which a school year begins",
    ("balance/procedures/gap_plan.py", 10_000): "yuan of a 万元",
    ("balance/procedures/plan_files.py", 10_000): "yuan of a 万元",
    ("enrolment/rules.py", 9): "September, in which a child becomes of school age",
    ("enrolment/rules.py", 3): "months of a quarter",
    ("enrolment/rules.py", 7): "July, from which who comes belongs to the next school year",
    ("enrolment/procedures/lists.py", 20_000): "registrations on the list of one draw",
    ("enrolment/procedures/zoning/geometry.py", 6_371_008.8): "metres from the middle of the earth",
    ("enrolment/procedures/zoning/inputs.py", 400): "communities of one plan",
    ("enrolment/procedures/zoning/solver.py", 500): "pairs for a unit of the solver's work",
    ("enrolment/procedures/zoning/solver.py", 600.0): "seconds of a search",
    ("enrolment/procedures/programme.py", 256): "bits of a hash",
    ("enrolment/rules.py", 20): "digits of a row's number when sorted as text",
    ("enrolment/rules.py", 30): "where the value begins behind day and number",
    ("quality/rules.py", 9): "September, in which a school year begins",
    ("quality/rules.py", 4): "digits of a year in a school year",
    ("quality/rules.py", 12): "December, the last month of a year",
    ("quality/rules.py", 31): "the last day of December",
    ("staffing/procedures/inputs.py", 63_710): "the radius of the earth, in units of 100 metres",
    ("staffing/rules.py", 4): "digits of a year in a month",
    ("staffing/rules.py", 12): "months of a year",
    ("aid/procedures/capitals.py", 10_000): "the steps of Chinese numerals, 万",
    ("aid/procedures/capitals.py", 1_000): "the steps of Chinese numerals, 仟",
}
#: Neither amounts nor limits: nothing, one, halves of pairs, percent and the fen of a yuan.
PLAIN = {0, 1, 2, 100}
LENGTHS = {"max_length", "batch_size", "decimal_places", "max_digits"}
AREAS = PACKAGE / "areas"


def rule_numbers(path):
    """Yield the numbers in a file's code, without lengths, parts of texts, and the bounds of what may be entered."""
    tree = ast.parse(path.read_text("utf-8"))
    apart = [
        part
        for node in ast.walk(tree)
        for part in ast.walk(node)
        if (isinstance(node, ast.keyword) and node.arg in LENGTHS)
        or isinstance(node, ast.Slice)
        or (isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("ValueValidator"))
    ]
    left_out = {id(part) for part in apart}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and type(node.value) in (int, float)
            and id(node) not in left_out
            and node.value not in PLAIN
        ):
            yield node.value, node.lineno


def looks_like_policy(path, number):
    """In rules and figures every number does; in models and procedures years, and amounts and limits from a hundred on."""
    return path.stem in {"rules", "figures"} or number >= 100


def test_no_number_of_a_rule_is_written_in_python():
    found, used = [], set()
    for path in python_files():
        parts = set(path.parts)
        if AREAS not in path.parents or not (
            path.stem in {"rules", "figures", "models"} or {"models", "procedures"} & parts
        ):
            continue
        place = str(path.relative_to(AREAS))
        for number, line in rule_numbers(path):
            if looks_like_policy(path, number):
                used.add((place, number))
                if (place, number) not in NOT_POLICY:
                    found.append(f"{place}:{line}: {number}")
    assert found == []
    assert NOT_POLICY.keys() <= used, "a number that is no longer there"
