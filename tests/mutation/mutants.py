"""Deliberate faults: each mutant is one file of the project with one small change that some test should notice."""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "xuezheng"
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.BitAnd: "|",
    ast.BitOr: "&",
}
_METHODS = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "least": "greatest",
    "greatest": "least",
    "filter": "exclude",
    "exclude": "filter",
    "isnull": "notnull",
    "notnull": "isnull",
}


@dataclass(frozen=True)
class Mutant:
    """A file, the lines and columns of what is replaced, and what stands there instead."""

    path: Path
    start: int
    end: int
    line: int
    where: str
    before: str
    after: str
    occurrence: int = 1

    @property
    def key(self) -> str:
        """Name the fault by the file, the function, the change and its occurrence there: what stays the same when lines move."""
        change = f"{self.path.relative_to(SOURCE)} · {self.where} · {self.before} → {self.after}"
        return change if self.occurrence == 1 else f"{change} · {self.occurrence}"

    @property
    def rank(self) -> str:
        """Order faults as by chance, the same way in each run."""
        return hashlib.sha256(self.key.encode()).hexdigest()

    def source(self) -> str:
        """Return the text of the file with the fault in it."""
        text = self.path.read_bytes()
        return (text[: self.start] + self.after.encode() + text[self.end :]).decode()


def mutants(path: Path) -> list[Mutant]:
    """Return all faults that can be put into a file, in the order of their places."""
    text = path.read_text("utf-8")
    made = sorted(_Finder(path, text).made, key=lambda mutant: (mutant.start, mutant.after))
    occurrences: Counter[str] = Counter()
    for place, mutant in enumerate(made):
        occurrences[mutant.key] += 1
        made[place] = replace(mutant, occurrence=occurrences[mutant.key])
    return made


class _Finder(ast.NodeVisitor):
    def __init__(self, path: Path, text: str) -> None:
        self.path, self.text = path, text
        self.lines = [0]
        for line in text.encode().splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))
        self.names: list[str] = []
        self.made: list[Mutant] = []
        self.visit(ast.parse(text))

    def replace(self, node: ast.AST, after: str) -> None:
        """Note the fault that puts ``after`` in place of an expression or a statement."""
        start, end = self.place(node)
        before = self.text.encode()[start:end].decode()
        if "\n" in before:
            before = " ".join(before.split())
        where = ".".join(self.names) or "module"
        self.made.append(Mutant(self.path, start, end, node.lineno, where, before, after))

    def place(self, node: ast.AST) -> tuple[int, int]:
        return self.lines[node.lineno - 1] + node.col_offset, self.lines[
            node.end_lineno - 1
        ] + node.end_col_offset

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.names.append(node.name)
        for statement in node.body:
            self.visit(statement)
        # A default is part of what the function does; annotations and decorators are not.
        for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(default)
        self.names.pop()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.names.append(node.name)
        for statement in node.body:
            self.visit(statement)
        self.names.pop()

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_Compare(self, node: ast.Compare) -> None:
        if len(node.ops) == 1 and (opposite := _COMPARISONS.get(type(node.ops[0]))):
            self.replace(node, f"{self.within(node.left)} {opposite} {self.within(node.comparators[0])}")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        text = isinstance(node.left, ast.Constant | ast.JoinedStr) and not _is_number(node.left)
        if (opposite := _OPERATORS.get(type(node.op))) and not text:
            self.replace(node, f"({self.within(node.left)}) {opposite} ({self.within(node.right)})")
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        opposite = " or " if isinstance(node.op, ast.And) else " and "
        self.replace(node, "(" + opposite.join(f"({self.within(value)})" for value in node.values) + ")")
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not | ast.Invert):
            self.replace(node, f"({self.within(node.operand)})")
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        if isinstance(node.test, ast.Name | ast.Attribute | ast.Call):
            self.replace(node.test, f"(not ({self.within(node.test)}))")
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        if isinstance(node.test, ast.Name | ast.Attribute | ast.Call):
            self.replace(node.test, f"(not ({self.within(node.test)}))")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self.replace(node, str(not node.value))
        elif isinstance(node.value, int):
            self.replace(node, str(node.value + 1))

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute) and (opposite := _METHODS.get(node.func.attr)):
            self.replace(node.func, f"{self.within(node.func.value)}.{opposite}")
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Constant):
            return
        if isinstance(node.value, ast.Call) and not isinstance(node.value.func, ast.Call):
            self.replace(node, "pass")
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        self.replace(node, "pass")

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Leave sentences alone: what they say is checked by reading."""

    def within(self, node: ast.AST) -> str:
        start, end = self.place(node)
        return self.text.encode()[start:end].decode()


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def sample(paths: list[Path], most: int | None) -> Iterator[Mutant]:
    """Yield faults of files, at most so many, chosen as by chance but the same in each run."""
    made = sorted((mutant for path in paths for mutant in mutants(path)), key=lambda mutant: mutant.rank)
    yield from made[:most]
