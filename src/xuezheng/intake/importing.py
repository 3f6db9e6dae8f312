"""Import of a workbook into the registers: all of it or nothing.

The rows of each sheet are matched to records by their natural keys, column by column: each distinct text of a
column is read once, records are looked up in sets. Only records that differ are written.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

from xuezheng.collections import collecting
from xuezheng.core.disk_space import require_room
from xuezheng.core.place_names import without_place
from xuezheng.intake import enrolment_history, preview, roster_gaps
from xuezheng.intake.enrolment_history import Following
from xuezheng.intake.expectations import findings
from xuezheng.intake.expectations.findings import Explain
from xuezheng.intake.mappings.foreign import NO_CHOICES, Foreign, foreign_tables
from xuezheng.intake.matching import Matched, Matcher
from xuezheng.intake.outcome import Outcome, SheetCounts
from xuezheng.intake.preview import SheetPreview
from xuezheng.intake.roster_gaps import NO_DEPARTURES, Departures, MissingPupil
from xuezheng.intake.saving import save
from xuezheng.records.bulk import wait_in_line
from xuezheng.records.identifiers import masked, with_numbers_masked
from xuezheng.records.models import Batch, Pupil, Record, Submission, User
from xuezheng.workbooks import marks
from xuezheng.workbooks.layout import layout_of
from xuezheng.workbooks.layouts.likely_readings import LikelyReadings
from xuezheng.workbooks.permissions import Rights
from xuezheng.workbooks.problems import Confirmed, Problem, WorkbookRefused
from xuezheng.workbooks.reader import RawSheet, read_workbook
from xuezheng.workbooks.recognition import recognise
from xuezheng.workbooks.sheet import Column, Sheet
from xuezheng.workbooks.template import OURS

Observed = TypeVar("Observed")
#: Called with a Chinese description of the step, the number of units done, and their total.
Progress = Callable[[str, int, int], None]
#: So many rows are written between two reports of progress.
_ROWS_PER_REPORT = 5000
#: Comments in so many rows at the top of a foreign sheet belong to its headings.
_FEWEST_HEADINGS = 3


class RolledBack(Exception):
    """Ends the transaction so that it is rolled back."""


def import_workbook(
    path: Path,
    user: User | None = None,
    confirm: Confirmed = False,
    progress: Progress = lambda *args: None,
    *,
    name: str | None = None,
    expected: str | None = None,
    submission: Submission | None = None,
    explain: Explain = findings.nothing,
    choices: Mapping[str, str] = NO_CHOICES,
    departures: Departures = NO_DEPARTURES,
    closing: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Import all sheets of a workbook that have a template or a known mapping, in one transaction.

    - ``user``: who imports; rows that the user may not import are problems, without a user all are permitted
    - ``confirm``: the readings (how an irregular cell would be understood, see :class:`Problem`) that a user
      has confirmed: True for all, or their kinds
    - ``progress``: called with a Chinese description of the step, the units done, and their total
    - ``name``: the file's name for messages, by default that of ``path``
    - ``expected``: the fingerprint of a preview; if the import would have another effect, it is not made and
      the outcome is ``outdated``
    - ``submission``: the school's submission that the workbook answers; it is then recorded as reported
    - ``explain``: returns the explanation of a number that deviates, "" for none
    - ``choices``: the template chosen for tables of other layouts (see
      :func:`~xuezheng.intake.mappings.foreign.foreign_tables`)
    - ``departures``: how pupils missing from a roster left, by primary key
    - ``closing``: called with the outcome, as the last step inside the transaction

    Raises :class:`WorkbookRefused` if the file as a whole cannot be read or imported, and ``NoRoom`` if the
    disk is nearly full; any other result, also a refusal, is in the outcome.
    """
    require_room("导入")
    intake = WorkbookImport(Path(path), user, confirm, name, submission)
    intake.choices, intake.departures = choices, departures
    intake.previewed = expected is not None
    with intake.inside_a_transaction(progress):
        intake.outcome.leave_unexplained(explain)
        if intake.outcome.refused:
            raise RolledBack
        if expected not in (None, preview.fingerprint(intake.outcome.previews)):
            intake.outcome.outdated = True
            raise RolledBack
        intake.close(explain)
        closing(intake.outcome)
    return intake.outcome


def preview_workbook(
    path: Path,
    user: User | None = None,
    confirm: Confirmed = False,
    progress: Progress = lambda *args: None,
    *,
    name: str | None = None,
    submission: Submission | None = None,
    explain: Explain = findings.nothing,
    choices: Mapping[str, str] = NO_CHOICES,
    departures: Departures = NO_DEPARTURES,
) -> Outcome:
    """Return the outcome that importing a workbook would have, with previews of every row.

    The registers are not changed. The parameters and :class:`WorkbookRefused` are those of
    :func:`import_workbook`.
    """
    intake = WorkbookImport(Path(path), user, confirm, name, submission)
    intake.choices, intake.departures = choices, departures
    intake.previewed = intake.trial = True
    with intake.inside_a_transaction(progress):
        raise RolledBack
    intake.outcome.leave_unexplained(explain)
    return intake.outcome


def try_workbook(
    path: Path,
    user: User | None = None,
    confirm: Confirmed = False,
    *,
    observe: Callable[[list[Sheet]], Observed],
    name: str | None = None,
    submission: Submission | None = None,
    choices: Mapping[str, str] = NO_CHOICES,
    departures: Departures = NO_DEPARTURES,
) -> tuple[Outcome, Observed, Observed]:
    """Import a workbook, roll the import back, and return its outcome with two observations: (outcome, before, after).

    ``observe`` is called with the workbook's templates, once before and once after the import, and may read
    the registers; its two results are returned. It runs inside the transaction, while other imports wait. The
    other parameters are those of :func:`import_workbook`.
    """
    intake = WorkbookImport(Path(path), user, confirm, name, submission)
    intake.choices, intake.departures = choices, departures
    observed: list[tuple[list[Sheet], Observed]] = []
    intake.begin = lambda sheets: observed.append((sheets, observe(sheets)))
    with intake.inside_a_transaction(lambda *args: None):
        intake.begin(observed[0][0])
        raise RolledBack
    (_, before), (_, after) = observed
    return intake.outcome, before, after


def wait_for_other_imports() -> None:
    """Wait until no other transaction imports, and make others wait until the current transaction ends.

    Two simultaneous imports could both add the same new person.
    """
    wait_in_line("import")


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the search for reference cycles: among a large sheet's values it finds none and takes a third of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class WorkbookImport:
    """The import of one workbook, inside a transaction."""

    def __init__(
        self,
        path: Path,
        user: User | None,
        confirm: Confirmed,
        name: str | None,
        submission: Submission | None,
    ) -> None:
        self.path = path
        self.submission = submission
        self.confirm = confirm
        self.rights = Rights(user)
        self.outcome = Outcome(name or path.name)
        self.batch = Batch(file_name=self.outcome.file_name[:255], made_by=user)
        self.previewed = self.trial = False
        self.choices: Mapping[str, str] = NO_CHOICES
        self.departures: Departures = NO_DEPARTURES
        self.progress: Progress = lambda *args: None
        self.begin: Callable[[list[Sheet]], None] = lambda sheets: None
        self.raw_sheets: list[RawSheet] = []

    @property
    def has_added(self) -> bool:
        """Whether the rows taken add a record."""
        return any(counts.added for counts in self.outcome.sheets)

    @property
    def has_changed(self) -> bool:
        """Whether the rows taken change a record."""
        return any(counts.changed for counts in self.outcome.sheets)

    @contextlib.contextmanager
    def inside_a_transaction(self, progress: Progress) -> Iterator[None]:
        """Import every sheet, then run the caller's block; :class:`RolledBack` rolls all of it back."""
        self.progress = progress
        progress("读取文件", 0, 1)
        raw_sheets = self.raw_sheets or read_workbook(self.path, self.outcome.file_name)
        self.batch.content_sha256 = _digest(raw_sheets)
        known = Batch.objects.filter(content_sha256=self.batch.content_sha256, undone_at=None)
        self.outcome.earlier = known.first()
        templates = recognise(raw_sheets)
        foreign = foreign_tables(raw_sheets, templates, self.outcome.file_name, self.rights, self.choices)
        self.outcome.mappings, self.outcome.layouts = foreign.forms, foreign.known
        if self.submission is not None:
            sheets = [
                *(sheet for name, sheet in templates.items() if name not in foreign.names),
                *foreign.converted,
            ]
            collecting.check(self.submission, raw_sheets, sheets)
        chosen = self.choose(raw_sheets, templates, foreign)
        with _collector_paused(), contextlib.suppress(RolledBack), transaction.atomic():
            wait_for_other_imports()
            self.begin([sheet for sheet, _ in chosen])
            for done, (sheet, raw) in enumerate(chosen):
                last = done + 1 == len(chosen)
                # A number is compared with its peers in the register.
                needed = self.rights.are_limited(sheet) or bool(sheet.expects)
                self.take(sheet, raw, write=not (self.trial and last) or needed)
            yield

    def report_problem(self, problem: Problem) -> bool:
        """Add the problem, unless it is a reading that a person has confirmed; return whether it was added."""
        if problem.is_confirmed(self.confirm):
            return False
        self.outcome.problems.append(problem)
        return True

    def choose(
        self, raw_sheets: list[RawSheet], templates: Mapping[str, Sheet], foreign: Foreign
    ) -> list[tuple[Sheet, RawSheet]]:
        """Pair the file's sheets with templates, in the order in which the registers depend on each other."""
        chosen = []
        for raw in raw_sheets:
            if raw.name in foreign.names:
                for question in marks.questions(raw, _FEWEST_HEADINGS, range(1, raw.height)):
                    self.report_problem(question)
            if raw.name in OURS or raw.name in foreign.names:
                continue
            if sheet := templates.get(raw.name):
                if sheet.title != without_place(raw.name.strip()):
                    message = f"表名不是系统的表名，表头与“{sheet.title}”一致。请把表名改为“{sheet.title}”。"
                    self.report_problem(Problem(raw.name, 0, None, "", "", message, f"“{sheet.title}”"))
                if self.rights.may_send(sheet):
                    chosen.append((sheet, raw))
                else:
                    message = "您的账号不能导入这张表。请交办公室或主管科室导入，或从工作簿中删去这张表。"
                    self.report_problem(Problem(raw.name, 0, None, "", "", message))
            elif raw.height:
                message = "不是系统的表，也没有与它相近的模板。请把表名改为所用模板的表名（见填报页“下载模板”），或删去这张表。"
                reading = "“不导入此表”" if len(raw_sheets) > 1 else None
                self.report_problem(Problem(raw.name, 0, None, "", "", message, reading))
        for name, row in foreign.unmapped:
            message = "从这一行起的表没有相近的模板。请删去它，或在网页上另行上传。"
            self.report_problem(Problem(name, row, None, "", "", message, "“不导入此表”"))
        chosen += foreign.converted.items()
        if not chosen and not foreign.forms and not self.outcome.problems:
            raise WorkbookRefused(f"“{self.outcome.file_name}”里没有可导入的表。请使用下载的模板填写。")
        return sorted(chosen, key=lambda pair: pair[0].depth)

    def take(self, sheet: Sheet, raw: RawSheet, write: bool) -> None:
        """Check one sheet's rows; with ``write``, write the correct ones, since later sheets and the user's rights may depend on them."""
        layout = layout_of(sheet, raw)
        counts = SheetCounts(sheet.title, submitted=len(layout.rows))
        self.outcome.sheets.append(counts)
        # A converted sheet is asked about where it is found.
        questions = () if raw.origins else marks.questions(raw, layout.heading, layout.rows)
        for question in questions:
            self.report_problem(question)
        remaining = [problem for problem in layout.problems if self.report_problem(problem)]
        if any(problem.reading is None for problem in remaining):
            counts.rejected = counts.submitted
            self.outcome.previews.append(SheetPreview(raw.name, [], []))
            return
        rejected: dict[int, set[str]] = {}
        wrong: set[int] = set()
        origins = [raw.origin(row) for row in layout.rows]
        numbers = [origin.row + 1 for origin in origins]

        def report_problem(
            row: int, path: str, message: str, value: str = "", reading: str | None = None
        ) -> None:
            column = next((column for column in sheet.columns if column.path == path), None)
            place = None if column is None else raw.place(row, column.path, layout.places.get(column))
            title = "" if column is None else column.title
            message = origins[row].reasons.get(path, message)
            if self.report_problem(
                Problem(origins[row].sheet, numbers[row], place, title, value, message, reading)
            ):
                rejected.setdefault(row, set()).add(path)
                if reading is None:
                    wrong.add(row)

        texts = {
            column: [raw.columns[place][row] for row in layout.rows]
            for column, place in layout.places.items()
        }
        size = len(layout.rows)
        values, likely = {}, LikelyReadings(texts)
        for done, (column, cells) in enumerate(texts.items()):
            self.progress(f"检查{sheet.title}的行", size * done // len(texts), size)
            values[column.path] = _read_column(column, cells, report_problem, likely)
        if not layout.rows:
            return
        for column in _needed(sheet, texts):
            values[column.path] = [column.read("").value] * size
        self.progress(f"把{sheet.title}与台账比对", 0, 1)
        matched = Matcher(sheet.columns, numbers, rejected, report_problem).match(sheet.model, values)
        self._refuse_foreign(sheet, matched, report_problem)
        following = enrolment_history.follow(matched, rejected, report_problem)
        self._refuse_foreign_pupils(sheet, following, report_problem)
        left = self._settle_missing(raw.name, matched, following)
        if write:
            written = self._write(matched, sheet, numbers, rejected)
            if left and self.batch.pk is None:
                self.batch.save()
            if self.batch.pk is not None:
                following.write(self.batch, sheet.title, numbers, rejected)
            self._refuse_foreign_after(sheet, matched, written, report_problem)
            self.outcome.findings += findings.findings(
                sheet, raw.name, matched, written, numbers, layout.places
            )
        kinds = preview.kinds_of(matched, rejected)
        counts.count(kinds)
        if self.previewed:
            kinds = [
                "doubtful" if kind == "rejected" and row not in wrong else kind
                for row, kind in enumerate(kinds)
            ]
            shown = preview.preview_sheet(
                raw.name, sheet, numbers, kinds, texts, rejected, matched, self.batch.made_by
            )
            shown.rows += [
                roster_gaps.departed(pupil, self.departures[pupil.pk], list(texts)) for pupil in left
            ]
            self.outcome.previews.append(shown)

    def _settle_missing(self, name: str, matched: Matched, following: Following) -> list[Pupil]:
        """Ask about the pupils whom a roster lacks, add the events by which those left of whom it was decided, and return these."""
        missing = roster_gaps.missing_pupils(matched, self.batch.made_by)
        decided = [pupil for pupils in missing.values() for pupil in pupils if pupil.pk in self.departures]
        for group, pupils in missing.items():
            if rest := [pupil for pupil in pupils if pupil.pk not in self.departures]:
                message, reading = roster_gaps.describe(group, rest)
                is_open = self.report_problem(Problem(name, 0, None, "", "", message, reading))
                self.outcome.missing += [
                    MissingPupil(pupil.pk, pupil.person.name, f"{group.school} {group}", is_open)
                    for pupil in rest
                ]
        for message in roster_gaps.record_departures(decided, self.departures, following):
            self.report_problem(Problem(name, 0, None, "", "", message))
        return decided

    def _refuse_foreign(
        self, sheet: Sheet, matched: Matched, report_problem: Callable[..., None], path: str = ""
    ) -> None:
        """Reject rows that name or change an existing record that the user may not change."""
        existing = [
            record for record in matched.records if record is not None and id(record) not in matched.fresh
        ]
        # A row may name a record of others, such as a school; only what it is about, or changes, must be the user's.
        touched = [record for record in existing if not path or id(record) in matched.changed]
        foreign = self.rights.foreign(sheet, matched.model, [record.pk for record in touched])
        if foreign:
            title = matched.model._meta.verbose_name
            for row, record in enumerate(matched.records):
                if record is not None and record.pk in foreign:
                    message = f"台账中的这条“{title}”不属于{self.rights.whose()}，不能由您更改。请核对；确需更改的，请交主管科室导入。"
                    report_problem(row, path, message)
        for name, linked in matched.linked.items():
            self._refuse_foreign(sheet, linked, report_problem, f"{path}{name}.")

    def _refuse_foreign_after(
        self, sheet: Sheet, matched: Matched, written: list[Record], report_problem: Callable[..., None]
    ) -> None:
        """Reject rows whose record, as written, is not one that the user may write."""
        foreign = self.rights.foreign(sheet, matched.model, [record.pk for record in written])
        if foreign:
            for row, record in enumerate(matched.records):
                if record is not None and record.pk in foreign:
                    report_problem(
                        row,
                        "",
                        f"这一行不属于{self.rights.whose()}，不能由您填报。请删去这一行，或改正所填的单位。",
                    )

    def _refuse_foreign_pupils(
        self, sheet: Sheet, following: Following, report_problem: Callable[..., None]
    ) -> None:
        """Reject rows of events by which a pupil would change whom the user may not change."""
        foreign = self.rights.foreign(sheet, Pupil, [pupil.pk for pupil, _ in following.pupils])
        for pupil, row in following.pupils:
            if pupil.pk in foreign:
                message = f"这名学生不在{self.rights.whose()}，不能由您登记异动。请交主管科室导入。"
                report_problem(row, "", message)

    def _write(
        self, matched: Matched, sheet: Sheet, numbers: list[int], rejected: Collection[int]
    ) -> list[Record]:
        """Write the records of the rows that are not rejected; return those of the sheet's own register."""
        for linked in matched.linked.values():
            self._write(linked, sheet, numbers, rejected)
        kept = {id(record) for row, record in enumerate(matched.records) if row not in rejected}
        fresh = [record for record in matched.fresh.values() if id(record) in kept]
        changed = [record for record in matched.changed.values() if id(record) in kept]
        if not fresh and not changed:
            return []
        if self.batch.pk is None:
            self.batch.save()
        for record in [*fresh, *changed]:
            record.batch_id = self.batch.pk
            record.source_sheet = sheet.title
            record.source_row = numbers[matched.rows[id(record)]]
        size = max(len(fresh), len(changed))
        for start in range(0, size, _ROWS_PER_REPORT):
            self.progress(f"写入{matched.model._meta.verbose_name}的行", start, size)
            end = start + _ROWS_PER_REPORT
            save(matched.model, fresh[start:end], changed[start:end], self.batch)
        return [*fresh, *changed]

    def close(self, explain: Explain) -> None:
        """Store counts and explanations with the batch, if anything changed, and report the submission."""
        if self.batch.pk is not None:
            findings.keep(self.outcome.findings, explain, self.batch)
            self.batch.sheets = [vars(counts) for counts in self.outcome.sheets]
            self.batch.save(update_fields=["sheets"])
            self.outcome.batch = self.batch
        if self.submission is not None:
            # The same file once more: it reported by the import that took it in.
            collecting.report(self.submission, self.outcome.batch or self.outcome.earlier)


def _digest(raw_sheets: list[RawSheet]) -> str:
    """The hash of the sheets' contents, not of the file's bytes: the same for a copy of the workbook that was saved again."""
    contents = [(raw.name, raw.columns) for raw in raw_sheets if raw.name not in OURS]
    return hashlib.sha256(json.dumps(contents).encode()).hexdigest()


def _needed(sheet: Sheet, given: Collection[Column]) -> list[Column]:
    """Return the columns without which rows cannot be matched, though they may stay blank: of the natural key, or of a linked record whose others are given."""
    first_names = {column.path.split(".")[0] for column in given if "." in column.path} | set(
        sheet.model.natural_key
    )
    return [
        column for column in sheet.columns if column not in given and column.path.split(".")[0] in first_names
    ]


def _read_column(
    column: Column, texts: list[str], report_problem: Callable[..., None], likely: LikelyReadings
) -> list[Any]:
    """Read the values of a column's cells, each distinct text once, and report their problems."""
    cells = {text: column.read(text) for text in set(texts)}
    blanks = {text for text in cells if not text.strip()}
    doubtful = {text for text, cell in cells.items() if cell.problem} | (blanks if column.required else set())
    read_otherwise = likely.of(column, cells)
    if doubtful or read_otherwise:
        for row, text in enumerate(texts):
            if text in blanks and column.required:
                report_problem(row, column.path, "必填，不能为空。请补填。")
            elif text in doubtful or row in read_otherwise:
                cell = read_otherwise.get(row, cells[text])
                report_problem(
                    row,
                    column.path,
                    cell.problem,
                    masked(text) if column.secret else with_numbers_masked(text)[:40],
                    cell.reading and with_numbers_masked(cell.reading),
                )
    if read_otherwise:
        return [read_otherwise.get(row, cells[text]).value for row, text in enumerate(texts)]
    return [cells[text].value for text in texts]
