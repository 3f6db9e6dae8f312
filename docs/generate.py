"""Writes ``docs/reference`` from the declarations: ``python docs/generate.py``; ``pages()`` gives the same texts.

A page that is not what this would write fails the tests.
"""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xuezheng.settings")
django.setup()

from xuezheng import registry  # noqa: E402
from xuezheng.figures import numbers  # noqa: E402
from xuezheng.imports.template import rule  # noqa: E402
from xuezheng.records.models import registers  # noqa: E402
from xuezheng.rules.policy import entries  # noqa: E402
from xuezheng.rules.tables import base_columns  # noqa: E402

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- 由 make docs 从声明生成，请勿手改。 -->\n"


def pages() -> dict[str, str]:
    """Return every generated page by file name."""
    return {
        "figures.md": _page("指标", _figures()),
        "sheets.md": _page("填报表", _sheets()),
        "policies.md": _page("政策标准", _policies()),
        "tables.md": _page("快照中的表", _tables()),
    }


def _page(title: str, parts: list[str]) -> str:
    return f"{NOTE}\n# {title}\n\n" + "\n\n".join(parts) + "\n"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _figures() -> list[str]:
    parts = []
    for name, area in registry.areas().items():
        rows = [
            [f"`{figure.key}`", figure.label, figure.unit, "、".join(figure.by), figure.definition]
            for figure in registry.figures().values()
            if figure.area == name
        ]
        if rows:
            parts.append(
                f"## {area.title}（{area.section}）\n\n{_table(['代码', '名称', '单位', '可按', '口径'], rows)}"
            )
    return parts


def _sheets() -> list[str]:
    parts = []
    for title, sheet in registry.sheets().items():
        rows = [[column.title, "是" if column.required else "", rule(column)] for column in sheet.columns]
        parts.append(
            f"## {title}\n\n登记到“{sheet.model._meta.verbose_name}”。\n\n{_table(['列', '必填', '填写方法'], rows)}"
        )
    return parts


def _policies() -> list[str]:
    parts = []
    for name in registry.areas():
        for entry in entries(name).values():
            rows = [
                [
                    str(day),
                    "、".join(keys),
                    numbers.write(value, "元", "yuan", money=True)
                    if entry.is_money
                    else f"{value}{entry.unit}",
                ]
                for day, keys, value in entry.leaves()
            ]
            doubt = "" if entry.verified else "（依据待核实）"
            parts.append(
                f"## {entry.title}\n\n`{entry.key}`，{entry.unit}。依据：{entry.source}{doubt}。\n\n"
                + _table(["施行日期", f"分档（{'、'.join(entry.by) or '不分'}）", "标准"], rows)
            )
    return parts


def _tables() -> list[str]:
    parts = []
    for name, model in registers().items():
        rows = [[f"`{column.name}`", column.label, str(column.type)] for column in base_columns(model)]
        rows += [[f"`{rule.name}`", rule.label, "规则列"] for rule in registry.columns(name)]
        parts.append(f"## {model._meta.verbose_name} `{name}`\n\n{_table(['列', '含义', '类型'], rows)}")
    return parts


def main() -> None:
    """Write every page."""
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
