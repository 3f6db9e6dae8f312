"""The checks of the database: its schema, its pages, its references, and its constraints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import ForeignKey, Model

from xuezheng.core.number_text import some_of
from xuezheng.operations import schema
from xuezheng.operations.doctor.check import Notes, check
from xuezheng.records.fields import linked_model
from xuezheng.records.models import Batch


@check("数据库结构")
def form(notes: Notes) -> str:
    """Check that all tables, columns, unique constraints and indexes exist, and that the schema is that of this release.

    Findings are added to ``notes``; returns a Chinese sentence on what was examined.
    """
    database = schema.examine()
    if database.form is not schema.Form.CURRENT:
        notes.find(_WRONG_FORM.get(database.form, "数据库不是本系统的。"))
    tables = set(connection.introspection.table_names())
    for model in schema.managed_models(apps):
        name, title = model._meta.db_table, model._meta.verbose_name
        if name not in tables:
            notes.find(f"缺少数据表{name}（{title}）。请从备份恢复（xuezheng restore）。")
        else:
            _compare(model, notes)
    return f"{connection.vendor}，{len(tables)}张表，结构与本版本相符。"


_WRONG_FORM = {
    schema.Form.OLDER: "数据库还是以前版本的结构。请运行“xuezheng upgrade --plan”，再运行“xuezheng upgrade --apply”。",
    schema.Form.NEWER: "数据库已由更新的版本升级过，本程序不能再用。请安装新版本的程序。",
    schema.Form.EMPTY: "数据库是空的。",
}


def _compare(model: type[Model], notes: Notes) -> None:
    """Add findings for columns, constraints and indexes of a model that its table lacks."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        columns = {column.name for column in connection.introspection.get_table_description(cursor, table)}
        constraints = connection.introspection.get_constraints(cursor, table)
    missing = [field.column for field in model._meta.local_concrete_fields if field.column not in columns]
    if missing:
        notes.find(f"数据表{table}缺少列{some_of(missing)}。请从备份恢复（xuezheng restore）。")
    if lost := sorted(_conditions(model) - constraints.keys()):
        notes.find(
            f"数据表{table}缺少约束或索引{some_of(lost)}：重复和矛盾的行不再受阻。请从备份恢复（xuezheng restore）。"
        )
    unique = [
        set(constraint["columns"])
        for constraint in constraints.values()
        if constraint["unique"] or constraint["primary_key"]
    ]
    for field in model._meta.local_concrete_fields:
        if field.unique and {field.column} not in unique and field.column in columns:
            notes.find(f"数据表{table}的列{field.column}不再要求唯一。请从备份恢复（xuezheng restore）。")


def _conditions(model: type[Model]) -> set[str]:
    """Return the names of the constraints and indexes that a model declares."""
    return {constraint.name for constraint in (*model._meta.constraints, *model._meta.indexes)}


@check("数据库完整性")
def integrity(notes: Notes) -> str:
    """Check that SQLite's file is intact, and that every foreign key refers to an existing row.

    Findings are added to ``notes``; returns a Chinese sentence on what was examined.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check(20)")
            problems = [row[0] for row in cursor.fetchall()]
        if problems != ["ok"]:
            notes.find(
                f"数据库文件已损坏（{len(problems)}处，如：{problems[0].splitlines()[-1]}）。请停止使用，从备份恢复（xuezheng restore）。"
            )
    tables = set(connection.introspection.table_names())
    counted = 0
    for model, field in _references():
        if model._meta.db_table in tables and linked_model(field)._meta.db_table in tables:
            counted += 1
            if lost := _dangling(model, field):
                notes.find(
                    f"“{model._meta.verbose_name}”有{lost}行的“{field.verbose_name}”指向不存在的“{linked_model(field)._meta.verbose_name}”。请从备份恢复（xuezheng restore）。"
                )
    return f"逐页核对，{counted}种引用都能找到所指的行。"


def _references() -> Iterator[tuple[type[Model], ForeignKey[Any, Any]]]:
    for model in schema.managed_models(apps):
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.ForeignKey) and field.db_constraint:  # type: ignore[attr-defined]  # django-stubs does not know it
                yield model, field


def _dangling(model: type[Model], field: ForeignKey[Any, Any]) -> int:
    quote = connection.ops.quote_name
    own, target = quote(model._meta.db_table), quote(linked_model(field)._meta.db_table)
    column, key = quote(field.column), quote(field.target_field.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM {own} a WHERE a.{column} IS NOT NULL AND NOT EXISTS "  # noqa: S608 - names of our own models
            f"(SELECT 1 FROM {target} b WHERE b.{key} = a.{column})"
        )
        return int(cursor.fetchone()[0])


@check("导入批次")
def batches(notes: Notes) -> str:
    """Check that the added, changed, unchanged and rejected rows of each import add up to those submitted.

    Findings are added to ``notes``; returns a Chinese sentence on what was examined.
    """
    counted = 0
    for number, sheets in Batch.objects.order_by("pk").values_list("pk", "sheets").iterator():
        counted += 1
        for sheet in sheets:
            parts = [sheet.get(name, 0) for name in ("added", "changed", "unchanged", "rejected")]
            if "submitted" in sheet and sheet["submitted"] != sum(parts):
                notes.find(
                    f"批次{number}“{sheet.get('title', '')}”收到{sheet['submitted']}行，而新增、修改、不变、退回合计{sum(parts)}行。行数记录被改动过。"
                )
    return f"{counted}次导入，收到的行数都等于新增、修改、不变和退回的合计。"
