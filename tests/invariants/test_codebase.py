"""Invariants of the code itself: a stranger finds a file by its package, and reads it without following circles."""

import re
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

PACKAGE = Path("src/xuezheng")
MOST_FILES = 15
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
