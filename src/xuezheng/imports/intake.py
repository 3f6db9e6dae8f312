"""Takes a workbook into the registers: all of it or nothing.

Each sheet's rows are matched to records by their natural keys, column by column: a cell's text is read once for
each distinct text, records are looked up in sets. What differs is written; what does not is left alone.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localtime

from xuezheng import registry
from xuezheng.imports.layout import find_layout
from xuezheng.imports.matching import Matched, Matcher
from xuezheng.imports.problems import Problem, WorkbookRefused
from xuezheng.imports.reader import RawSheet, read_workbook
from xuezheng.imports.saving import save
from xuezheng.imports.sheet import Column, Sheet
from xuezheng.imports.template import INSTRUCTIONS, OPTIONS
from xuezheng.records.identifiers import masked, with_numbers_masked
from xuezheng.records.models import Batch, User

#: Told what is being done, how many steps are done, and how many there are.
Progress = Callable[[str, int, int], None]


@dataclass
class SheetCounts:
    """What became of a sheet's rows; ``submitted = added + changed + unchanged + rejected``."""

    sheet: str
    submitted: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0

    def __str__(self) -> str:
        return (
            f"{self.sheet}：提交{self.submitted} = 新增{self.added} + 修改{self.changed}"
            f" + 未变{self.unchanged} + 退回{self.rejected}"
        )


@dataclass
class Outcome:
    """What an import did, or would have done had nothing been wrong."""

    file_name: str
    sheets: list[SheetCounts] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    batch: Batch | None = None
    earlier: Batch | None = None

    @property
    def saved(self) -> bool:
        """Whether the registers were changed."""
        return self.batch is not None

    @property
    def refused(self) -> bool:
        """Whether nothing was saved because something is wrong or unconfirmed."""
        return bool(self.problems)

    def sentence(self) -> str:
        """Say in one Chinese sentence how it ended."""
        if self.refused:
            errors = sum(problem.reading is None for problem in self.problems)
            readings = len(self.problems) - errors
            parts = [f"{errors}处错误"] if errors else []
            parts += [f"{readings}处须确认"] if readings else []
            return f"“{self.file_name}”未导入：有{'、'.join(parts)}，台账没有任何改动。"
        if self.saved:
            return f"“{self.file_name}”已导入（批次{self.batch.pk}）。" if self.batch else ""
        seen = (
            f"（此文件已于{localtime(self.earlier.made_at):%Y-%m-%d}导入，批次{self.earlier.pk}）"
            if self.earlier
            else ""
        )
        return f"“{self.file_name}”与台账完全一致，没有任何变化{seen}。"


class _Refused(Exception):
    """Leaves the transaction so that nothing is kept."""


def import_workbook(
    path: Path, user: User | None = None, confirm: bool = False, progress: Progress = lambda *told: None
) -> Outcome:
    """Import a workbook: the sheets whose names are templates' titles.

    ``confirm`` says that a person has seen the readings (see Problem) and accepts them. Raises WorkbookRefused
    when the file as a whole cannot be read; all else stands in the outcome.
    """
    path = Path(path)
    progress("读取文件", 0, 1)
    raw_sheets = read_workbook(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    outcome = Outcome(path.name, earlier=Batch.objects.filter(file_sha256=digest, undone_at=None).first())
    intake = _Intake(outcome, confirm, Batch(file_name=path.name, file_sha256=digest, made_by=user))
    chosen = intake.choose(raw_sheets)
    with _collector_paused(), contextlib.suppress(_Refused), transaction.atomic():
        wait_for_other_imports()
        for done, (sheet, raw) in enumerate(chosen):
            progress(f"检查{sheet.title}", done, len(chosen))
            intake.take(sheet, raw)
        if outcome.problems:
            raise _Refused
        intake.close()
    return outcome


def wait_for_other_imports() -> None:
    """Let one import at a time look for records and add them: two would both add the same new person.

    SQLite has but one writer; PostgreSQL is told by a lock that ends with the transaction.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('xuezheng import'))")


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Hold no search for reference cycles: among a large sheet's values it finds none and takes a third of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class _Intake:
    """One workbook on its way into the registers, inside a transaction."""

    def __init__(self, outcome: Outcome, confirm: bool, batch: Batch) -> None:
        self.outcome = outcome
        self.confirm = confirm
        self.batch = batch

    def tell(self, problem: Problem) -> bool:
        """Add the problem, unless it is a reading that a person has confirmed; return whether it stands."""
        if self.confirm and problem.reading is not None:
            return False
        self.outcome.problems.append(problem)
        return True

    def choose(self, raw_sheets: list[RawSheet]) -> list[tuple[Sheet, RawSheet]]:
        """Pair the file's sheets with templates, in the order in which the registers depend on each other."""
        known = registry.sheets()
        chosen = []
        for raw in raw_sheets:
            if raw.name in (INSTRUCTIONS, OPTIONS):
                continue
            if raw.name.strip() in known:
                chosen.append((known[raw.name.strip()], raw))
            elif raw.height:
                message = f"不是系统的表。表名应为下列之一：{'、'.join(known)}。请改正表名，或删去这张表。"
                reading = "“不导入此表”" if len(raw_sheets) > 1 else None
                self.tell(Problem(raw.name, 0, None, "", "", message, reading))
        if not chosen and not self.outcome.problems:
            raise WorkbookRefused(f"“{self.outcome.file_name}”里没有可导入的表。请使用下载的模板填写。")
        return sorted(chosen, key=lambda pair: pair[0].depth)

    def take(self, sheet: Sheet, raw: RawSheet) -> None:
        """Check one sheet's rows and write those that are right: later sheets may refer to them."""
        layout = find_layout(sheet, raw)
        counts = SheetCounts(sheet.title, submitted=len(layout.rows))
        self.outcome.sheets.append(counts)
        stands = [problem for problem in layout.problems if self.tell(problem)]
        if any(problem.reading is None for problem in stands):
            counts.rejected = counts.submitted
            return
        rejected: dict[int, set[str]] = {}
        numbers = [row + 1 for row in layout.rows]

        def tell(row: int, path: str, message: str, value: str = "", reading: str | None = None) -> None:
            column = next((column for column in sheet.columns if column.path == path), None)
            place = None if column is None else layout.places[column]
            title = "" if column is None else column.title
            if self.tell(Problem(raw.name, numbers[row], place, title, value, message, reading)):
                rejected.setdefault(row, set()).add(path)

        values = {}
        for column, place in layout.places.items():
            texts = [raw.columns[place][row] for row in layout.rows]
            values[column.path] = _read_column(column, texts, tell)
        if not layout.rows:
            return
        matched = Matcher(sheet.columns, numbers, rejected, tell).match(sheet.model, values)
        self._count(counts, matched, rejected)
        self._write(matched, sheet, numbers, rejected)

    def _count(self, counts: SheetCounts, matched: Matched, rejected: Collection[int]) -> None:
        """A row counts as changed too when only a record that it names, such as its person, changed."""
        for row, record in enumerate(matched.records):
            if row in rejected:
                counts.rejected += 1
            elif id(record) in matched.fresh:
                counts.added += 1
            elif _changes(matched, row):
                counts.changed += 1
            else:
                counts.unchanged += 1

    def _write(self, matched: Matched, sheet: Sheet, numbers: list[int], rejected: Collection[int]) -> None:
        for linked in matched.linked.values():
            self._write(linked, sheet, numbers, rejected)
        kept = {id(record) for row, record in enumerate(matched.records) if row not in rejected}
        fresh = [record for record in matched.fresh.values() if id(record) in kept]
        changed = [record for record in matched.changed.values() if id(record) in kept]
        if not fresh and not changed:
            return
        if self.batch.pk is None:
            self.batch.save()
        for record in [*fresh, *changed]:
            record.batch = self.batch
            record.source_sheet = sheet.title
            record.source_row = numbers[matched.rows[id(record)]]
        save(matched.model, fresh, changed, self.batch)

    def close(self) -> None:
        """Note the counts on the batch; without any change there is none."""
        if self.batch.pk is not None:
            self.batch.sheets = [vars(counts) for counts in self.outcome.sheets]
            self.batch.save(update_fields=["sheets"])
            self.outcome.batch = self.batch


def _changes(matched: Matched, row: int) -> bool:
    record = matched.records[row]
    if id(record) in matched.changed or id(record) in matched.fresh:
        return True
    return any(_changes(linked, row) for linked in matched.linked.values())


def _read_column(column: Column, texts: list[str], tell: Callable[..., None]) -> list[Any]:
    """Read a column's cells, each distinct text once."""
    cells = {text: column.read(text) for text in set(texts)}
    blanks = {text for text in cells if not text.strip()}
    doubtful = {text for text, cell in cells.items() if cell.problem} | (blanks if column.required else set())
    if doubtful:
        for row, text in enumerate(texts):
            if text in blanks and column.required:
                tell(row, column.path, "必填，不能为空。请补填。")
            elif text in doubtful:
                cell = cells[text]
                tell(
                    row,
                    column.path,
                    cell.problem,
                    masked(text) if column.secret else with_numbers_masked(text)[:40],
                    cell.reading,
                )
    return [cells[text].value for text in texts]
