"""The generated reference is what the declarations say now."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
generate = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(generate)


@pytest.mark.parametrize("name", generate.pages())
def test_a_reference_page_is_what_make_docs_would_write(name):
    assert (generate.REFERENCE / name).read_text(encoding="utf-8") == generate.pages()[name], "run: make docs"


def test_no_page_is_left_of_what_is_no_longer_declared():
    found = {str(path.relative_to(generate.REFERENCE)) for path in generate.REFERENCE.rglob("*.md")}
    assert found == {
        *generate.pages(),
        "attack.md",
        "benchmarks.md",
        "faults.md",
        "lists.md",
        "load.md",
        "mutants.md",
        "pages.md",
        "proofing.md",
        "rotation.md",
        "zones.md",
    }
