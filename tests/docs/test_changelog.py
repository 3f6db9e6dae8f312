"""The changelog keeps to the format of Keep a Changelog."""

import re
from datetime import date
from pathlib import Path

TEXT = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_newest_come_first_and_what_is_not_released_before_them():
    first, *versions = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    assert first == "[Unreleased]"
    parsed = [re.fullmatch(r"\[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d{2}-\d{2})", version) for version in versions]
    assert all(parsed), versions
    numbers = [tuple(map(int, version.groups()[:3])) for version in parsed]
    days = [date.fromisoformat(version[4]) for version in parsed]
    assert numbers == sorted(numbers, reverse=True)
    assert days == sorted(days, reverse=True)


def test_changes_stand_under_their_kinds():
    assert set(re.findall(r"^### (.+)$", TEXT, re.MULTILINE)) <= KINDS
    for section in TEXT.split("\n## ")[1:]:
        before, *kinds = section.split("\n### ")
        assert not re.search(r"^- ", before, re.MULTILINE), before.splitlines()[0]
        assert all(re.search(r"^- ", kind, re.MULTILINE) for kind in kinds), section.splitlines()[0]
