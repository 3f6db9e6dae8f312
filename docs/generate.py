"""Writes ``docs/reference`` from the declarations: ``python docs/generate.py``; ``pages()`` gives the same texts.

A page that is not what this would write fails the tests.
"""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xuezheng.settings")
django.setup()

sys.path.append(str(Path(__file__).parent))

import forecast_errors  # noqa: E402
import official_layout  # noqa: E402

from xuezheng import registry  # noqa: E402
from xuezheng.core import number_text  # noqa: E402
from xuezheng.figures import Figure, Ratio, catalogue  # noqa: E402
from xuezheng.policy.codes import code_entries, code_list  # noqa: E402
from xuezheng.policy.current import using  # noqa: E402
from xuezheng.policy.declarations import SHARED, DeclaredList, Matter, code_lists, matters  # noqa: E402
from xuezheng.policy.entries import leaves  # noqa: E402
from xuezheng.policy.packs import Level, shipped  # noqa: E402
from xuezheng.records import permissions  # noqa: E402
from xuezheng.records.models import Record, registers  # noqa: E402
from xuezheng.rules.columns import rule_columns  # noqa: E402
from xuezheng.rules.tables import base_columns  # noqa: E402
from xuezheng.workbooks import Sheet, sheet_catalogue  # noqa: E402
from xuezheng.workbooks.template import rule  # noqa: E402

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- 由 make docs 从声明生成，请勿手改。 -->\n"


def pages() -> dict[str, str]:
    """Return :func:`_pages`, with the code lists of the state and the initial ones, wherever they are written."""
    with using(pack for pack in shipped().values() if pack.level <= Level.NATIONAL):
        return _pages()


def _pages() -> dict[str, str]:
    """Return every generated page by file name: of each area, the engine's registers, the layout of papers, the permissions, an index."""
    engine = [model for model in registers().values() if not model.__module__.startswith(registry.AREAS)]
    areas = {f"areas/{name}.md": _area(name) for name in registry.areas()}
    return {
        "index.md": _page("参考", [_index()]),
        "official-layout.md": f"{NOTE}\n{official_layout.page()}",
        "forecast.md": f"{NOTE}\n{forecast_errors.page()}",
        "registers.md": _page(
            "共用台账",
            [
                "## 台账",
                *map(_register, engine),
                "## 各业务共用的政策标准",
                *map(_policy, matters(SHARED).values()),
                "## 各业务共用的代码表",
                *map(_codes, code_lists(SHARED).values()),
            ],
        ),
        "permissions.md": _page("谁能做什么", _permissions()),
        **areas,
    }


def _page(title: str, parts: list[str]) -> str:
    return f"{NOTE}\n# {title}\n\n" + "\n\n".join(parts) + "\n"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _index() -> str:
    rows = []
    for name, area in registry.areas().items():
        figures = [figure for figure in catalogue.figures().values() if figure.area == name]
        sheets = [sheet for sheet in sheet_catalogue.sheets().values() if sheet.area == name]
        rows.append([f"[{area.title}](areas/{name}.md)", area.section, str(len(sheets)), str(len(figures))])
    return (
        "[谁能做什么](permissions.md)列出每个角色的权限；[共用台账](registers.md)各业务都用；[公文版式](official-layout.md)与国家标准逐项对照；[性能](benchmarks.md)、[百校同时上报](load.md)、[每一页的快慢](pages.md)、[六万名学生的台账](lists.md)、[受攻击时](attack.md)、[核数的准确度](proofing.md)、[学位预测的误差](forecast.md)、[排划片方案的快慢](zones.md)、[坏文件与断电](faults.md)和[故意改错程序](mutants.md)是实测结果。\n\n"
        + _table(["业务", "科室", "填报表", "指标"], rows)
    )


def _area(name: str) -> str:
    area = registry.areas()[name]
    sheets = [sheet for sheet in sheet_catalogue.sheets().values() if sheet.area == name]
    figures = [figure for figure in catalogue.figures().values() if figure.area == name]
    models = [
        model for model in registers().values() if model.__module__.startswith(f"{registry.AREAS}.{name}.")
    ]
    parts = [f"责任科室：{area.section}。"]
    for title, found in (
        ("填报表", [_sheet(sheet) for sheet in sheets]),
        ("台账", [_register(model) for model in models]),
        ("政策标准", [_policy(known) for known in matters(name).values()]),
        ("代码表", [_codes(known) for known in code_lists(name).values()]),
        ("指标", [_figures(figures)] if figures else []),
    ):
        if found:
            parts += [f"## {title}", *found]
    return _page(area.title, parts)


def _sheet(sheet: Sheet) -> str:
    rows = [[column.title, "是" if column.required else "", rule(column.field)] for column in sheet.columns]
    return (
        f"### {sheet.title}\n\n登记到“{sheet.model._meta.verbose_name}”。\n\n"
        f"{_table(['列', '必填', '填写方法'], rows)}"
    )


def _register(model: type[Record]) -> str:
    name = model.table_name()
    rows = [[f"`{column.name}`", column.label, str(column.type)] for column in base_columns(model)]
    rows += [
        [f"`{rule.name}`", rule.label.replace("{county}", "县（区）"), "规则列"]
        for rule in rule_columns(name)
    ]
    private = "、".join(str(model._meta.get_field(field).verbose_name) for field in model.private)
    return (
        f"### {model._meta.verbose_name} `{name}`\n\n"
        + (f"不进入快照的字段：{private}。\n\n" if private else "")
        + _table(["快照中的列", "含义", "类型"], rows)
    )


def _policy(known: Matter) -> str:
    rows = [
        [
            pack.title,
            str(version.first),
            "、".join(keys),
            _written(known, value),
            version.source + ("" if version.verified else "（待核实）"),
        ]
        for pack in shipped().values()
        for version in pack.versions.get(known.key, ())
        for keys, value in leaves(version.value)
    ]
    return f"### {known.title}\n\n`{known.key}`，{known.unit}。\n\n" + _table(
        ["政策包", "施行日期", f"分档（{'、'.join(known.by) or '不分'}）", "标准", "依据"], rows
    )


def _codes(known: DeclaredList) -> str:
    entries = code_entries(known.key)
    rows = [
        [
            version.label,
            f"`{code.code}`",
            str(version.first),
            "停用" if version.ended else "",
            entry_version.source + ("" if entry_version.verified else "（待核实）"),
        ]
        for code in code_list(known.key).codes.values()
        for version, entry_version in zip(code.versions, entries[code.code].versions, strict=True)
    ]
    return f"### {known.title}\n\n`{known.key}`。\n\n" + _table(
        ["名称", "代码", "施行日期", "", "依据"], rows
    )


def _written(known: Matter, value: object) -> str:
    if value is None:
        return "不再另定"
    return number_text.write(value, "元", "yuan", money=True) if known.is_money else f"{value}{known.unit}"


def _figures(figures: list[Figure | Ratio]) -> str:
    rows = [
        [f"`{figure.key}`", figure.label, figure.unit, "、".join(figure.by), figure.definition]
        for figure in figures
    ]
    return _table(["代码", "名称", "单位", "可按", "口径"], rows)


#: How a cell of the table of permissions reads, the scopes of a cell one after another.
SCOPES = {
    permissions.ALL: "全部",
    permissions.SECTION: "本科室",
    permissions.SCHOOL: "本校",
    permissions.OWN: "本人",
    permissions.OTHERS: "他人经办的",
}
KINDS = {line.matter: line.matter_title for line in permissions.TABLE[0].lines[:-1]}


def _permissions() -> list[str]:
    parts = [
        "一行是一件事，一列是一个角色。“本科室”“本校”“本人”指只对属于自己的有效；“他人经办的”指须由另一个人办理的第二步；两个词并列的，"
        "符合一个就可以；“—”是不能。停用的账号什么都不能做。程序里凡问权限的地方都读这张表。"
    ]
    for group in permissions.groups():
        note = (
            f"“科室”一列指{'、'.join(registry.areas()[area].section for area in group.sections)}，其他科室都不能。"
            if group.area and any(line.cells[1] for line in group.lines)
            else ""
        )
        rows = [[line.matter_title, line.action_title, *map(_scope, line.cells)] for line in group.lines]
        heads = ["事项", "做什么", *permissions.Role.labels]
        parts += [f"## {group.title}", *filter(None, [group.note + note]), _table(heads, rows)]
    by_kind: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for model in registers().values():
        by_kind[permissions.kind_of(model)].append(str(model._meta.verbose_name))
    kinds = [[KINDS[kind], "、".join(titles)] for kind, titles in by_kind.items()]
    return [*parts, "## 各类台账", _table(["类别", "台账"], kinds)]


def _scope(scope: permissions.Scope) -> str:
    return "、".join(text for part, text in SCOPES.items() if part in scope) or "—"


def main() -> None:
    """Write every page."""
    (REFERENCE / "areas").mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
