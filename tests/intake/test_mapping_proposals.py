"""The templates and mappings proposed for foreign layouts are those that a person would choose."""

import pytest
from tests.intake.foreign_layouts import FROZEN, OTHER, SCHOOL, TUNED, write
from tests.intake.office_layouts import OFFICES, SYSTEMS

from xuezheng.workbooks.layouts.described import describe, propose_all
from xuezheng.workbooks.layouts.references import References
from xuezheng.workbooks.reader import read_workbook

KNOWN = References(
    {SCHOOL: "3134990001", OTHER: "3434990002", "云岭幼儿园": "1134990003"}, {"云岭区": "349900"}
)


def proposed(layout, folder):
    """The first proposal for a layout as the command prints it, with its template, and how many columns are right of how many."""
    name, sheets, template, expected = layout()
    path = folder / name
    write(path, sheets)
    described = [describe(*pair) for pair in propose_all(read_workbook(path), name, KNOWN)]
    assert described, name
    mapping = described[0]["mapping"]
    headings = mapping.keys() | expected.keys()
    wrong = {h: (mapping.get(h), expected.get(h)) for h in headings if mapping.get(h) != expected.get(h)}
    return described, template, wrong, len(headings)


@pytest.mark.parametrize(
    "half", [TUNED, FROZEN, SYSTEMS, OFFICES], ids=["tuned", "frozen", "systems", "offices"]
)
def test_templates_and_columns_are_right(half, tmp_path):
    templates = right = columns = 0
    report = []
    for layout in half:
        described, template, wrong, size = proposed(layout, tmp_path)
        templates += all(sheet["template"] == template for sheet in described)
        right, columns = right + size - len(wrong), columns + size
        report.append((layout.__name__, [sheet["template"] for sheet in described], wrong))
    report = "\n".join(map(str, report))
    print(report, templates, right, columns)
    assert templates >= len(half) - 1, report
    assert right >= 0.9 * columns, report
