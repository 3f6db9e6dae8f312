"""Invariants of the code itself: a stranger finds a file by its package, and reads it without following circles."""

import ast
import re
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path
from statistics import median

import grimp

PACKAGE = Path("src/xuezheng")
MOST_FILES = 15
MOST_NAMES = 8
#: Modules of the root of ``web`` that Django or the registry look for there.
FOUND_BY_NAME = {"urls", "jobs", "doctor", "apps", "report_checks"}


def test_no_files_import_each_other_in_a_circle():
    graph = grimp.build_graph("xuezheng", cache_dir=None)
    modules = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(modules).prepare()  # raises CycleError, types among what is imported


def test_no_package_holds_more_files_than_one_sees_at_once():
    files = Counter(
        path.parent
        for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py" and not {"migrations", "tests"} & set(path.parts)
    )
    assert {str(folder): number for folder, number in files.items() if number > MOST_FILES} == {}


def test_a_file_imports_few_names_of_the_project():
    """Half of the files that import anything of the project's import eight names or fewer of it."""
    numbers = []
    for path in PACKAGE.rglob("*.py"):
        if {"migrations", "tests"} & set(path.parts):
            continue
        imports = [
            node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)
        ]
        numbers.append(sum(len(node.names) for node in imports if (node.module or "").startswith("xuezheng")))
    assert median(filter(None, numbers)) <= MOST_NAMES


def test_files_beside_views_define_views():
    """What pages share is in ``ui``, ``answers``, ``lists``, ``security`` and ``serving``; other folders of ``web`` hold pages."""
    urls = (PACKAGE / "web" / "urls.py").read_text(encoding="utf-8")
    shared = {
        "ui",
        "answers",
        "lists",
        "security",
        "serving",
        "models",
        "migrations",
        "assets",
        "templatetags",
    }
    strangers = []
    for path in sorted((PACKAGE / "web").glob("*/*.py")):
        if path.name == "__init__.py" or path.parent.name in shared:
            continue
        module = f"xuezheng.web.{path.parent.name}.{path.stem}"
        if not re.search(rf"^from {re.escape(module)} import ", urls, flags=re.MULTILINE):
            strangers.append(module)
    assert strangers == []
    assert {path.stem for path in (PACKAGE / "web").glob("*.py")} - {"__init__"} == FOUND_BY_NAME


#: Words of a private dialect, and common words that say nothing of what a variable holds.
DIALECT = {
    "told", "tells", "said", "asked", "asks", "standing", "stands", "held", "beside", "besides", "looks", "seen", "sealed", "nought",
    "supposed", "supposing", "wanted", "whom", "whoever", "anew", "fault",
}  # fmt: skip
EMPTY_NAMES = {
    "it", "found", "of", "one", "other", "whole", "stand", "hold", "look", "slip", "mention", "heads", "paper", "way", "ways", "edges",
    "dress", "fit", "room", "house", "law", "cast",
}  # fmt: skip
#: Names of columns, choices and tables that are kept, so that databases and snapshots stay what they are; each with what it names.
KEPT = {
    "held_on": "the day of an event, a column",
    "asked_by": "who requested a job, a column",
    "Look": "the table of accesses",
    "Seen": "the table of persons accessed",
    "look": "the access of a person seen, a column",
    "Standing": "the states of a submission on the pages",
    "OTHER": "a choice",
    "FOUND": "a state of a list row",
    "fit": "a rule column, stored in snapshots",
    "standing": "a rule column, stored in snapshots; the state of a submission",
    "told": "the sentence of a checklist's item, stored with a version",
    "found": "the checklist of a version, a column",
    "sealed": "whether a document bears the seal (用印)",
    "of": "the field of which a hash is kept, in migrations",
}


def names_bound_in(tree):
    """Yield the names that a file binds: variables, parameters, functions, classes, attributes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("test_"):
            yield node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def is_dialect(name):
    """Whether a name is or contains a word of the dialect, or is nothing but an empty word."""
    words = set(re.sub("([a-z])([A-Z])", r"\1_\2", name).lower().strip("_").split("_"))
    return bool(words & DIALECT) or name.lower().strip("_") in EMPTY_NAMES


def test_names_are_the_fields_own_words():
    assert len(KEPT) <= 20
    dialect = {}
    for path in PACKAGE.rglob("*.py"):
        if "migrations" not in path.parts:
            names = filter(is_dialect, names_bound_in(ast.parse(path.read_text(encoding="utf-8"))))
            dialect |= {name: str(path) for name in names}
    assert {name: path for name, path in dialect.items() if name not in KEPT} == {}
    assert KEPT.keys() <= dialect.keys(), "a name that is gone needs no exception"
