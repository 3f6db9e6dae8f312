"""Every decision record has the same parts, and its line in the index."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))


def test_records_are_numbered_without_gaps_and_all_are_in_the_index():
    assert [path.name[:4] for path in RECORDS] == [f"{number:04}" for number in range(1, len(RECORDS) + 1)]
    lines = re.findall(r"^\| \[(\d{4})\]\((.+?)\) \| (.+?) \| (.+?) \| (.+?) \|$", index(), re.MULTILINE)
    assert lines == [(path.name[:4], path.name, *head(path)) for path in RECORDS]


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_record_has_context_decision_and_consequences(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert all(len(part.strip()) > 50 for part in text.split("\n## ")[1:])


def index():
    return (FOLDER / "index.md").read_text(encoding="utf-8")


def head(path):
    """The title, status and date of a record."""
    pattern = rf"# {path.name[:4]}\. (.+)\n\n- Status: (accepted|proposed|superseded by \d{{4}})\n- Date: (\d{{4}}-\d{{2}}-\d{{2}})\n"
    return re.match(pattern, path.read_text(encoding="utf-8")).groups()
