"""Turns the user's answers to the form of a mapping into the mapping that is stored."""

from __future__ import annotations

from collections.abc import Mapping as Answers
from dataclasses import replace

from xuezheng.intake.mappings.foreign import WIDE, MappingForm
from xuezheng.intake.mappings.versions import remember
from xuezheng.records.models import User
from xuezheng.workbooks.layouts.mapping import Mapping, MappingError, Source, parse
from xuezheng.workbooks.layouts.proposal import required_fills
from xuezheng.workbooks.layouts.references import references
from xuezheng.workbooks.permissions import Rights


def confirm(
    form: MappingForm, paths: Answers[int, str], fills: Answers[str, str], name: str, user: User
) -> Mapping:
    """Store and return the mapping that ``user`` confirmed in ``form``.

    ``paths`` has, by the index of a heading, the chosen column path of the template, "" to leave the heading
    out, or :data:`WIDE`; a heading without an entry keeps the proposal. ``fills`` has, by column path, the
    texts for all rows; ``name`` is the file's name. Raises :class:`MappingError` with a Chinese sentence, and
    stores nothing, if the user may not import the template, a column is chosen twice, a required column is
    missing, or a text is invalid.
    """
    proposed = parse(form.mapping, f"“{form.template}”")
    if not Rights(user).may_send(proposed.sheet):
        raise MappingError("您的账号不能导入这张表。请交办公室或主管科室导入。")
    mapping = _answered(form, proposed, paths)
    mapping = _filled(mapping, fills)
    used = [source.path for source in mapping.columns]
    for path in used:
        if used.count(path) > 1:
            raise MappingError(f"“{mapping.column(path).title}”对应了两列。请只留一列。")
    if missing := "、".join(column.title for column in mapping.open_columns):
        raise MappingError(f"还没有“{missing}”。请选择对应的列，或填写整张表的内容。")
    remember(mapping, name, user)
    return mapping


def _answered(form: MappingForm, proposed: Mapping, paths: Answers[int, str]) -> Mapping:
    known = {column.path for column in proposed.sheet.columns}
    columns, wide_columns, unused = [], set(), []
    for number, column in enumerate(form.columns):
        path = paths.get(number, column["path"])
        if path == WIDE and proposed.wide and column["value"]:
            wide_columns.add(column["heading"])
        elif path in known:
            columns.append(Source(column["heading"], path, column["conversions"].get(path, "")))
        else:
            unused.append(column["heading"])
    wide = proposed.wide.narrowed(wide_columns) if proposed.wide and wide_columns else None
    used = {source.path for source in columns}
    fills = {path: text for path, text in proposed.fills.items() if path not in used}
    return replace(proposed, columns=tuple(columns), wide=wide, unused=tuple(unused), fills=fills)


def _filled(mapping: Mapping, answers: Answers[str, str]) -> Mapping:
    fills = dict(mapping.fills)
    for path in required_fills(mapping):
        column = mapping.column(path)
        fills.pop(path, None)
        text = answers.get(path, "").strip()
        if not text:
            continue
        if column.path.endswith("school.code") and not text.isdigit():
            text = references().school(text) or text
        if problem := column.read(text).problem:
            raise MappingError(f"“{column.title}”填的“{text}”{problem}")
        if set("{}") & set(text):
            raise MappingError(f"“{column.title}”不能有大括号。请改正。")
        fills[path] = text
    return replace(mapping, fills=fills)
