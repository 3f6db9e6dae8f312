"""Laws over every register, sheet, policy and rule, and over the folders of the areas."""

import os
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import models

from xuezheng import registry
from xuezheng.intake import import_workbook
from xuezheng.intake.expectations.deviations import policy_of
from xuezheng.policy.current import entries
from xuezheng.records.fields import EncryptedField
from xuezheng.records.models import Record, registers
from xuezheng.rules.columns import rule_columns
from xuezheng.rules.tables import base_columns
from xuezheng.workbooks import Peers, sheet_catalogue, write_workbook
from xuezheng.workbooks.layout import find_layout
from xuezheng.workbooks.reader import read_workbook
from xuezheng.workbooks.sheet import links

CHINESE = re.compile("[\u4e00-\u9fff]")
AREA_FILES = {
    "__init__.py", "models.py", "workbook.py", "policy.yaml", "codes.yaml", "start.yaml", "rules.py", "cases.yaml", "examples.yaml", "figures.py", "pages.py",
    "lists.py", "arrears.py", "permissions.py", "jobs.py", "projections.py", "demo.py", "demo.yaml", "chained.py", "doctor.py", "models", "pages", "procedures", "templates", "expected.csv", "reports", "migrations", "tests", "__pycache__",
}  # fmt: skip
REGISTERS = pytest.mark.parametrize("model", registers().values(), ids=registers().keys())
SHEETS = pytest.mark.parametrize("sheet", sheet_catalogue.sheets().values(), ids=lambda sheet: sheet.key)
RULES = [rule for table in registers() for rule in rule_columns(table)]
POLICIES = [entry for area in registry.areas() for entry in entries(area).values()]


def unique_together(model):
    """Every set of fields that only one record may have."""
    found = [{field.name} for field in model._meta.concrete_fields if field.unique]
    found += [{field.of} for field in model._meta.concrete_fields if field.unique and hasattr(field, "of")]
    return found + [set(c.fields) for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]


@REGISTERS
def test_the_natural_key_of_a_register_is_kept_unique_by_the_database(model):
    assert model.natural_key
    assert set(model.natural_key) in unique_together(model)


def test_metadata_that_a_register_does_not_declare_is_derived():
    meta = registers()["activities_edition"]._meta
    assert meta.verbose_name_plural == meta.verbose_name == "赛事活动"
    key = models.UniqueConstraint(fields=["event", "number"], name="one_edition_of_a_number")
    assert meta.constraints == [key]


@REGISTERS
def test_no_part_of_a_natural_key_may_be_blank(model):
    for name in model.natural_key:
        field = model._meta.get_field(name)
        assert not field.null
        assert not field.blank


@REGISTERS
def test_a_register_and_all_its_fields_have_chinese_names(model):
    assert CHINESE.search(str(model._meta.verbose_name))
    for field in model._meta.concrete_fields:
        assert field.primary_key or CHINESE.search(str(field.verbose_name)), field.name
        assert all(CHINESE.search(str(label)) for _, label in field.flatchoices), field.name


@REGISTERS
def test_what_a_register_says_of_its_fields_names_fields(model):
    names = {field.name for field in model._meta.concrete_fields}
    assert {*model.natural_key, *model.settled, *model.private} <= names
    for path in model.school_paths:
        model.objects.filter(**{path: 1})


@REGISTERS
def test_every_frozen_column_has_a_chinese_label_and_a_type(model):
    columns = base_columns(model)
    assert len({column.name for column in columns}) == len(columns)
    assert all(CHINESE.search(column.label) for column in columns)


@REGISTERS
def test_an_encrypted_number_is_private(model):
    encrypted = {field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedField)}
    assert encrypted <= set(model.private)
    assert not encrypted or model.personal


def test_the_migrations_tell_what_the_models_are(tmp_path, run_python):
    environment = {
        **os.environ,
        "XUEZHENG_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "xuezheng.settings",
    }
    environment.pop("XUEZHENG_DATABASE_URL", None)
    script = "import django; django.setup(); from django.core.management import call_command; "
    # It leaves with an error when a model is not what its migrations make of it.
    run_python(f"{script}call_command('makemigrations', check_changes=True, dry_run=True)", environment)


@SHEETS
def test_a_sheet_has_the_natural_key_of_its_register_and_all_that_must_be_filled(sheet):
    assert issubclass(sheet.model, Record)
    named = set(sheet.paths)

    def covered(model, prefix=""):
        for name in model.natural_key:
            link = links(model).get(name)
            if link:
                covered(link.related_model, f"{prefix}{name}.")
            else:
                assert prefix + name in named

    covered(sheet.model)
    for field in sheet.model._meta.concrete_fields:
        must = not (field.blank or field.null or field.has_default() or field.primary_key)
        if must and field.editable:
            assert field.name in named or any(path.startswith(f"{field.name}.") for path in named), field.name


@SHEETS
def test_the_headings_of_a_sheet_are_chinese_and_all_different(sheet):
    titles = [column.title for column in sheet.columns]
    assert len(set(titles)) == len(titles)
    assert all(CHINESE.search(title) for title in titles)
    assert CHINESE.search(sheet.title)
    assert len(sheet.title) <= 31
    assert not set(sheet.title) & set("[]:*?/\\")


@SHEETS
def test_what_a_sheet_expects_is_of_its_own_numbers_by_an_entry_of_its_own_policy(sheet):
    model, own = sheet.model, {column.path for column in sheet.columns}
    for it in sheet.expects:
        # What is written on a number is read by all who see the import: nothing about single persons.
        assert not model.personal
        assert not model.confidential
        assert it.path in own
        for name in (it.path, getattr(it, "per", "")):
            assert not name or isinstance(
                model._meta.get_field(name), models.IntegerField | models.DecimalField
            )
        for key in {it.within, getattr(it, "beyond", it.within)}:
            assert key.startswith(f"{sheet.area}.")
            entry = policy_of(key)
            assert all(isinstance(limit, int | Decimal) and limit > 0 for _, _, limit in entry.leaves())
            assert {field.name for field in model._meta.concrete_fields} >= set(entry.by)
        if isinstance(it, Peers):
            assert "school" in model.natural_key
            model.objects.values(*it.among)


@SHEETS
def test_the_template_of_a_sheet_is_read_back_with_every_column_in_its_place(sheet, tmp_path):
    write_workbook(tmp_path / "空.xlsx", {sheet: []})
    (raw,) = [raw for raw in read_workbook(tmp_path / "空.xlsx") if raw.name == sheet.title]
    layout = find_layout(sheet, raw)
    assert list(layout.places) == list(sheet.columns)
    assert list(layout.places.values()) == list(range(len(sheet.columns)))
    assert layout.rows == []
    assert ["表头下面没有数据" in problem.message for problem in layout.problems] == [True]


@pytest.mark.django_db
def test_what_was_filled_in_goes_in_whole_and_is_unchanged_the_second_time(district, small, workbook):
    again = import_workbook(workbook(small, "再报.xlsx"))
    assert {count.sheet for count in again.sheets} == set(small)
    assert [count for count in again.sheets if count.unchanged != count.submitted] == []
    assert not again.saved


@pytest.mark.parametrize("entry", POLICIES, ids=lambda entry: entry.key)
def test_a_policy_tells_title_unit_and_source_and_its_days_ascend(entry):
    assert CHINESE.search(entry.title)
    assert entry.unit
    assert CHINESE.search(entry.source) or not entry.versions
    days = [day for day, _ in entry.values]
    assert days == sorted(set(days))
    assert all(date(1980, 1, 1) < day < date(2100, 1, 1) for day in days)
    assert all(len(keys) <= len(entry.by) for _, keys, _ in entry.leaves())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_a_rule_says_in_chinese_what_it_works_out(rule):
    assert CHINESE.search(rule.label)
    assert rule.label.endswith("。")
    assert all(CHINESE.search(label) for label in rule.choices.values())
    assert rule.name not in {column.name for column in base_columns(rule.model)}


def test_no_two_rules_of_a_register_have_one_name():
    for table in registers():
        names = [rule.name for rule in rule_columns(table)]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("area", registry.areas())
def test_an_area_has_the_agreed_files_only(area):
    declared = registry.areas()[area]
    assert CHINESE.search(declared.title)
    assert CHINESE.search(declared.section)
    files = {path.name for path in registry.folder(area).iterdir()}
    assert files <= AREA_FILES
    assert "__init__.py" in files


@pytest.mark.parametrize("area", registry.areas())
def test_an_area_imports_no_other_area(area):
    others = "|".join(set(registry.areas()) - {area})
    for path in registry.folder(area).rglob("*.py"):
        assert not re.search(rf"xuezheng\.areas\.({others})\b", path.read_text(encoding="utf-8")), path.name


def test_the_engine_names_no_area():
    engine = registry.folder("enrolment").parent.parent
    for path in engine.rglob("*.py"):
        if "areas" not in path.relative_to(engine).parts:
            assert "xuezheng.areas." not in path.read_text(encoding="utf-8"), path.name
