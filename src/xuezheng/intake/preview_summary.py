"""The stored form of a preview: a summary, and the rows in encrypted pages that are decrypted one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from xuezheng.core.encryption import seal_json
from xuezheng.intake.outcome import Outcome
from xuezheng.intake.preview import KINDS, Row, fingerprint
from xuezheng.records.models import Submission, User
from xuezheng.workbooks.problems import Confirmed, Problem

PER_PAGE = 50
PROBLEMS = "problems"


@dataclass
class SheetSummary:
    """One sheet of an upload: its ``name``, the ``titles`` of its columns, and how many rows it has of each kind.

    The keys of ``counts`` and ``pages`` are ``problems`` and the kinds of rows
    (:data:`xuezheng.intake.preview.KINDS`). ``pages`` has the pages of each, with up to 50 rows and in order,
    as (offset, length) in bytes within the file of pages.
    """

    name: str
    titles: list[str]
    counts: dict[str, int]
    pages: dict[str, list[tuple[int, int]]]


@dataclass
class Summary:
    """The preview of an upload without its rows: counts, primary keys of related objects, and the sheets.

    ``name`` is the file's name, ``user`` the primary key of the uploader. ``confirmed`` says which readings
    (how irregular cells would be understood) the user has confirmed: True for all, False for none, or a list
    of kinds of problems. ``fingerprint`` identifies the effect of the import, "" before the first preview.
    ``earlier`` is the primary key of a batch with the same content, ``submission`` that of the submission
    answered, None without one. ``errors`` and ``readings`` are numbers of problems, ``findings`` and
    ``unexplained`` numbers of deviating values, ``mappings`` the number of layouts to confirm. ``missing`` is
    the number of pupils missing from rosters, ``missing_groups`` the number of classes with a missing pupil
    of whom nothing is decided or confirmed.
    """

    name: str
    user: int | None
    confirmed: Confirmed = False
    fingerprint: str = ""
    earlier: int | None = None
    errors: int = 0
    readings: int = 0
    submission: int | None = None
    findings: int = 0
    unexplained: int = 0
    mappings: int = 0
    missing: int = 0
    missing_groups: int = 0
    sheets: list[SheetSummary] = field(default_factory=list)

    @property
    def previewed(self) -> bool:
        """Whether a preview of the upload is stored; before the first one all counts are zero."""
        return bool(self.fingerprint)

    @property
    def changes(self) -> bool:
        """Whether the import would add or change any record."""
        return any(sheet.counts.get(kind) for sheet in self.sheets for kind in ("added", "changed"))

    @property
    def may_be_explained(self) -> bool:
        """Whether the user may explain deviating numbers now: there are some, and no errors or readings to resolve first."""
        return bool(self.findings) and not self.errors and not self.readings

    @property
    def may_be_committed(self) -> bool:
        """Whether the upload may be committed.

        That is so if nothing is left to correct, confirm or explain and the import would change something, or
        would answer a submission without changes.
        """
        wanting = self.errors or self.readings or self.unexplained or self.mappings
        return not wanting and (self.changes or self.submission is not None)

    def sentence(self) -> str:
        """Return one Chinese sentence for the user on the next possible step."""
        if self.mappings:
            return "有来自别处的表。请核对下面各列与系统的表怎样对应，确认一次；以后同样的表不再问。"
        if self.errors:
            further = f"，另有{self.readings}处须确认" if self.readings else ""
            return f"有{self.errors}处错误{further}，不能提交。请按下面的提示改好，再上传。"
        if self.missing_groups:
            others = self.readings - self.missing_groups
            further = f"另有{others}处写法不规范，须您确认。" if others else ""
            return f"台账中有{self.missing}名在读学生不在文件里。已经离开的请在下面登记，其余的确认不变。{further}"
        if self.readings:
            return f"有{self.readings}处写法不规范，系统读得懂，但须您确认。请核对下面列出的读法。"
        if self.unexplained:
            return f"没有错误，但有{self.unexplained}个数与上期或同类学校相差较大。请核对：填错的，改好再上传；没有填错的，逐项写明原因后提交。"
        if self.changes:
            return "没有发现问题。台账还没有改动，请核对后提交。"
        if self.submission is not None:
            return "与台账完全一致。如果台账中的内容都对，请提交，即为完成上报。"
        imported_before = f"（此文件已由批次{self.earlier}导入）" if self.earlier else ""
        return f"与台账完全一致，没有可提交的内容{imported_before}。"


def sum_up(
    outcome: Outcome, user: User, confirmed: Confirmed, submission: Submission | None
) -> tuple[Summary, bytes]:
    """Return the summary of a preview, and the bytes of all its pages of rows, each encrypted.

    The summary has the place of each page within the bytes.
    """
    readings = sum(problem.reading is not None for problem in outcome.problems)
    summary = Summary(
        name=outcome.file_name,
        user=user.pk,
        confirmed=confirmed,
        fingerprint=fingerprint(outcome.previews),
        earlier=outcome.earlier.pk if outcome.earlier else None,
        errors=len(outcome.problems) - readings,
        readings=readings,
        submission=submission.pk if submission else None,
        findings=len(outcome.findings),
        unexplained=len(outcome.unexplained),
        mappings=len(outcome.mappings),
        missing=len(outcome.missing),
        missing_groups=len({pupil.group for pupil in outcome.missing if pupil.is_open}),
    )
    rows = bytearray()
    previews = {preview.sheet: preview for preview in outcome.previews}
    by_sheet: dict[str, list[Any]] = {name: [] for name in previews}
    for problem in outcome.problems:
        by_sheet.setdefault(problem.sheet, []).append(_problem_values(problem))
    for name, problems in by_sheet.items():
        preview = previews.get(name)
        sheet = SheetSummary(name, preview.titles if preview else [], {}, {})
        lists: dict[str, list[Any]] = {PROBLEMS: problems, **{kind: [] for kind in KINDS}}
        for row in preview.rows if preview else ():
            lists[row.kind].append(_row(row))
        sheet.counts = {kind: len(listed) for kind, listed in lists.items()}
        sheet.pages = {kind: list(_pages(listed, rows)) for kind, listed in lists.items()}
        summary.sheets.append(sheet)
    return summary, bytes(rows)


def _pages(listed: list[Any], rows: bytearray) -> Iterator[tuple[int, int]]:
    """Append the encrypted pages of a list to ``rows``; yield the offset and length of each."""
    for start in range(0, len(listed), PER_PAGE):
        page = seal_json(listed[start : start + PER_PAGE])
        yield len(rows), len(page)
        rows += page


def _row(row: Row) -> dict[str, Any]:
    return {
        "number": row.number,
        "cells": row.cells,
        "wrong": row.wrong,
        "differences": [vars(difference) for difference in row.differences],
    }


def _problem_values(problem: Problem) -> dict[str, Any]:
    return {
        "row": problem.row,
        "place": problem.place.removeprefix(f"“{problem.sheet}”"),
        "value": problem.value,
        "message": problem.message,
        "reading": problem.reading,
    }
