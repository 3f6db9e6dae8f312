"""What a template may contain, checked before it is rendered.

Users write templates, so a template must neither reach the system nor run for long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError, nodes

from xuezheng.core.number_text import STYLES

#: The parts of the language that are used; arithmetic, filters, tests, includes and attributes are not among them.
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Call, nodes.Keyword, nodes.For, nodes.If,
    nodes.Macro, nodes.Assign, nodes.Not, nodes.And, nodes.Or, nodes.Tuple, nodes.List, nodes.CondExpr,
)  # fmt: skip
_LISTING = ("members", "planned", "progress")  # what a loop may run over, beside a list that is written out
_LONGEST_LIST, _DEEPEST_LOOP = 60, 2
_DIGITS = re.compile("[0-9０-９]+")


def problems(source: str) -> Iterator[tuple[int, str]]:
    """Yield what a template contains and may not, as (line number from 1, Chinese sentence), in no particular order.

    Nothing is yielded for a permitted template. One that cannot be parsed has a single problem.
    """
    try:
        tree = Environment(trim_blocks=True, lstrip_blocks=True, autoescape=True).parse(source)
    except TemplateSyntaxError as error:
        yield error.lineno, "这一行没有写完整：请核对“{{ }}”“{% %}”、引号和括号是否成对。"
        return
    macros = {macro.name for macro in tree.find_all(nodes.Macro)}
    yield from _check_node(tree, 0, macros, inside_macro=False)
    yield from _typed_digits(source)


def _check_node(
    node: nodes.Node, loops: int, macros: set[str], *, inside_macro: bool
) -> Iterator[tuple[int, str]]:
    if not isinstance(node, _ALLOWED):
        yield node.lineno, f"报告模板不能用这种写法（{type(node).__name__}）。"
        return
    if isinstance(node, nodes.For):
        loops += 1
        if loops > _DEEPEST_LOOP:
            yield node.lineno, f"循环最多套{_DEEPEST_LOOP}层。"
        elif not _is_listing(node.iter) or node.recursive:
            yield node.lineno, f"循环只能用于{'、'.join(_LISTING)}和写出的不超过{_LONGEST_LIST}项的列表。"
    if isinstance(node, nodes.Call) and inside_macro and getattr(node.node, "name", "") in macros:
        yield node.lineno, "宏里不能再用宏。"
    if isinstance(node, nodes.Keyword) and node.key == "style" and isinstance(node.value, nodes.Const):
        style = str(node.value.value)
        if style.removeprefix("none ") not in STYLES:
            yield node.lineno, f"没有“{style}”这种数字写法，可用：{'、'.join(STYLES)}。"
    for child in node.iter_child_nodes():
        yield from _check_node(
            child, loops, macros, inside_macro=inside_macro or isinstance(node, nodes.Macro)
        )


def _is_listing(iterated: nodes.Node) -> bool:
    if isinstance(iterated, nodes.List | nodes.Tuple):
        return len(iterated.items) <= _LONGEST_LIST
    return isinstance(iterated, nodes.Call) and getattr(iterated.node, "name", "") in _LISTING


def _typed_digits(source: str) -> Iterator[tuple[int, str]]:
    """Yield the digits typed outside the marks of the language; those of a heading are its number, and permitted."""
    bare = re.sub(
        r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}",
        lambda mark: "\n" * mark.group().count("\n"),
        source,
        flags=re.DOTALL,
    )
    for number, line in enumerate(bare.splitlines(), 1):
        if not line.startswith("#") and (digits := _DIGITS.search(line)):
            yield number, f"有手写的数字“{digits.group()}”：请改为插入指标。"
