"""Uploaded workbooks that wait for a decision of the user, encrypted in the data folder until committed or cancelled.

An upload is a folder ``uploads/<token>`` with encrypted files: the workbook, the pages of its preview, a
summary with the places of the pages, and notes (see :mod:`xuezheng.intake.upload_notes`). To commit, a
process renames the workbook to ``claimed``, which only one process can do. If that process is killed, another
may commit again; the registers then show whether the first import was completed.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag

from xuezheng.collections.collecting import note_attempt
from xuezheng.core.atomic_files import write_whole
from xuezheng.core.data_folder import home
from xuezheng.core.disk_space import require_room
from xuezheng.core.encryption import seal, seal_json, unseal, unseal_json
from xuezheng.core.temporary_files import temporary_folder
from xuezheng.intake.expectations.drafts import Drafts
from xuezheng.intake.importing import Progress, import_workbook, preview_workbook
from xuezheng.intake.marking import write_marked
from xuezheng.intake.outcome import Outcome
from xuezheng.intake.preview_summary import SheetSummary, Summary, sum_up
from xuezheng.intake.upload_notes import (
    KINDS,
    LAYOUTS,
    MAPPINGS,
    MISSING,
    WORKBOOK,
    Notes,
    UploadGone,
)
from xuezheng.jobs import attachments
from xuezheng.records.identifiers import with_numbers_masked
from xuezheng.records.models import Submission, User
from xuezheng.workbooks.problems import Confirmed, WorkbookRefused, problem_kinds

#: A larger file, in bytes, is not read while somebody waits for the page.
LARGE = 2**18
#: The name of an empty file in the folder of an upload says whose it is.
_OWNED_BY = "owner-"
_DAY = 24 * 3600
_CLAIMED, _SUMMARY, _ROWS, _MARKED = "claimed", "summary", "rows", "marked"


class Upload(Notes):
    """One uploaded workbook that waits for a decision; only the user who uploaded it may open it.

    Raises :class:`UploadGone` if there is no upload with the ``token``.
    """

    def __init__(self, token: str) -> None:
        self.token = token
        self.folder = _uploads() / token
        self.summary = self._read_summary()

    @classmethod
    def receive(cls, content: bytes, name: str, user: User, submission: Submission | None = None) -> Upload:
        """Store a workbook and make its preview; the parameters are those of :meth:`keep`.

        Raises :class:`WorkbookRefused` if the file cannot be read at all, or as :meth:`keep` does.
        """
        upload = cls.keep(content, name, user, submission)
        upload.preview(user)
        return upload

    @classmethod
    def keep(cls, content: bytes, name: str, user: User, submission: Submission | None = None) -> Upload:
        """Store a workbook without reading it; :meth:`preview` must be called later.

        ``name`` is the file's name; ``submission`` is the school's submission that the workbook answers (the
        caller must check that the user may answer it). Raises :class:`WorkbookRefused` if the waiting files
        of the user would exceed 400 MiB, and ``NoRoom`` if the disk is nearly full.
        """
        sweep()
        require_room("接收文件")
        if attachments.bytes_of(user, _uploads(), _owner) + len(content) > attachments.MOST_BYTES:
            raise WorkbookRefused(str(attachments.TooMuchWaiting()))
        folder = Path(tempfile.mkdtemp(dir=temporary_folder()))
        try:
            write_whole(folder / WORKBOOK, seal(content))
            (folder / f"{_OWNED_BY}{user.pk}").touch(mode=0o600)
            name = with_numbers_masked(Path(name).name)
            _write_summary(folder, Summary(name, user.pk, submission=submission.pk if submission else None))
            token = secrets.token_hex(16)
            folder.rename(_uploads() / token)
        except BaseException:
            _remove(folder)
            raise
        return cls(token)

    @classmethod
    def of(cls, user: User, token: str) -> Upload:
        """Open an upload of ``user`` by its token.

        Raises :class:`UploadGone` if there is none or it belongs to another user.
        """
        if len(token) != 32 or not set(token) <= set("0123456789abcdef"):
            raise UploadGone
        upload = cls(token)
        if upload.summary.user != user.pk:
            raise UploadGone
        return upload

    @property
    def drafts(self) -> Drafts:
        """The deviating numbers that the preview found, with the drafts of their explanations."""
        return Drafts.read(self.folder)

    def explain(self, texts: Mapping[str, str], taken: str = "") -> None:
        """Save drafts of explanations; the parameters are those of :meth:`Drafts.write`."""
        drafts = self.drafts
        drafts.write(texts, taken)
        self.summary.unexplained = drafts.unexplained
        _write_summary(self.folder, self.summary)

    @cached_property
    def submission(self) -> Submission | None:
        """The school's submission that the workbook answers, or None."""
        if self.summary.submission is None:
            return None
        submissions = Submission.objects.select_related("collection", "school", "handed_in")
        return submissions.filter(pk=self.summary.submission).first()

    def page(self, sheet: int, kind: str, number: int) -> list[dict[str, Any]]:
        """Return one page of a sheet's rows of a kind, or of its problems, as dicts.

        ``sheet`` and ``number`` count from 0. ``kind`` is ``problems`` or a key of
        :data:`xuezheng.intake.preview.KINDS`. Raises :class:`UploadGone`.
        """
        start, length = self.summary.sheets[sheet].pages[kind][number]
        try:
            with (self.folder / _ROWS).open("rb") as file:
                file.seek(start)
                rows: list[dict[str, Any]] = unseal_json(file.read(length))
                return rows
        except (OSError, InvalidTag):
            raise UploadGone from None

    @property
    def is_large(self) -> bool:
        """Whether the workbook is larger than 256 KiB, too large to be read while a page loads.

        Raises :class:`UploadGone` if the upload is gone.
        """
        try:
            return (self.folder / WORKBOOK).stat().st_size > LARGE
        except FileNotFoundError:
            raise UploadGone from None

    def preview(
        self, user: User, confirmed: Confirmed = False, progress: Progress = lambda *args: None
    ) -> None:
        """Import the file on trial, undo that, and store the outcome with the upload.

        ``confirmed`` says which irregular cells may be read as the system proposes: True for all, False for
        none, or the kinds of problems that the user confirmed. ``progress`` is that of
        :func:`xuezheng.intake.importing.import_workbook`. Raises :class:`WorkbookRefused` if the file as a
        whole cannot be imported, and removes the upload then; :class:`UploadGone` if the upload is gone.
        """
        try:
            self._preview(user, confirmed, progress)
        except WorkbookRefused:
            _remove(self.folder)
            raise

    @property
    def confirmed_kinds(self) -> list[str]:
        """The kinds of problems of which the user confirmed, kind by kind, how they are read.

        [] if none was confirmed, and also if all were confirmed together by :meth:`confirm`.
        """
        return [] if isinstance(self.summary.confirmed, bool) else list(self.summary.confirmed)

    def confirm(self, user: User) -> None:
        """Confirm that all irregular cells are read as the system proposes, and make the preview again.

        Raises what :meth:`preview` raises.
        """
        self.preview(user, confirmed=True)

    def commit(
        self,
        user: User,
        progress: Progress = lambda *args: None,
        *,
        closing: Callable[[Outcome], None] = lambda outcome: None,
        again: bool = False,
    ) -> Outcome:
        """Import the workbook if the import still has the effect that the preview showed, and remove the upload.

        If it would be refused or have another effect, nothing is imported and the preview is made again; see
        :attr:`Outcome.refused` and :attr:`Outcome.outdated`. ``closing`` is called with the outcome as the
        last step inside the transaction. ``again`` permits an upload that a killed process had claimed.
        Raises :class:`UploadGone` if the upload is gone or another process commits it.
        """
        self._claim(again)
        try:
            with _opened(self.folder / _CLAIMED) as path:
                outcome = import_workbook(
                    path,
                    user,
                    self.summary.confirmed,
                    progress,
                    name=self.summary.name,
                    expected=self.summary.fingerprint,
                    submission=self.submission,
                    explain=self.drafts.text_of,
                    choices=self.choices,
                    departures=self.departures,
                    closing=closing,
                )
        except BaseException:
            (self.folder / _CLAIMED).rename(self.folder / WORKBOOK)
            raise
        if outcome.refused or outcome.outdated:
            (self.folder / _CLAIMED).rename(self.folder / WORKBOOK)
            self._preview(user, self.summary.confirmed, progress)
        else:
            _remove(self.folder)
        return outcome

    def write_marked(self, user: User, out: Path, progress: Progress = lambda *args: None) -> None:
        """Write the annotated workbook to ``out``, checked against the registers as they are now.

        Raises :class:`UploadGone` if the upload is gone.
        """
        with self.workbook() as path:
            outcome = self._previewed(path, user, self.summary.confirmed, progress)
            progress("标出问题", 0, 1)
            write_marked(path, outcome, out)

    def keep_marked(self, user: User, progress: Progress) -> None:
        """Store the annotated workbook with the upload for a later download; it is removed when the preview is made again.

        ``progress`` is that of :meth:`preview`. Raises :class:`UploadGone` if the upload is gone.
        """
        with tempfile.TemporaryDirectory(dir=temporary_folder()) as folder:
            out = Path(folder) / "marked.xlsx"
            self.write_marked(user, out, progress)
            write_whole(self.folder / _MARKED, seal(out.read_bytes()))

    @property
    def is_marked(self) -> bool:
        """Whether an annotated workbook is stored."""
        return (self.folder / _MARKED).exists()

    def write_kept_marked(self, out: Path) -> None:
        """Write the stored annotated workbook to ``out``; raises :class:`UploadGone` if there is none."""
        try:
            out.write_bytes(unseal((self.folder / _MARKED).read_bytes()))
        except (OSError, InvalidTag):
            raise UploadGone from None

    def cancel(self) -> None:
        """Remove the upload; raises :class:`UploadGone` if it is gone or is being committed."""
        self._claim()
        _remove(self.folder)

    @contextmanager
    def workbook(self) -> Iterator[Path]:
        """Yield the path of the decrypted workbook, a temporary file that is removed when the context ends.

        Raises :class:`UploadGone` if the upload is gone.
        """
        try:
            with _opened(self.folder / WORKBOOK) as path:
                yield path
        except FileNotFoundError:
            raise UploadGone from None

    def _claim(self, again: bool = False) -> None:
        try:
            (self.folder / WORKBOOK).rename(self.folder / _CLAIMED)
        except OSError:
            if not (again and (self.folder / _CLAIMED).exists()):
                raise UploadGone from None

    def _preview(self, user: User, confirmed: Confirmed, progress: Progress) -> None:
        with self.workbook() as path:
            outcome = self._previewed(path, user, confirmed, progress)
        _keep(self.folder, outcome, user, confirmed, self.submission)
        self.summary = self._read_summary()

    def _previewed(self, path: Path, user: User, confirmed: Confirmed, progress: Progress) -> Outcome:
        return preview_workbook(
            path,
            user,
            confirmed,
            progress,
            name=self.summary.name,
            submission=self.submission,
            explain=self.drafts.text_of,
            choices=self.choices,
            departures=self.departures,
        )

    def _read_summary(self) -> Summary:
        try:
            values = unseal_json((self.folder / _SUMMARY).read_bytes())
        except (OSError, InvalidTag):
            raise UploadGone from None
        return Summary(**{**values, "sheets": [SheetSummary(**sheet) for sheet in values["sheets"]]})


def uploads_of(user: User) -> list[Upload]:
    """Return the uploads of a user that wait for a decision, the latest first."""
    waiting = []
    for folder in sorted(_uploads().iterdir(), key=lambda path: path.stat().st_mtime, reverse=True):
        try:
            if _owner(folder) == user.pk and (folder / WORKBOOK).exists():
                waiting.append(Upload(folder.name))
        except (OSError, InvalidTag, UploadGone):
            continue
    return waiting


def sweep() -> None:
    """Remove uploads in which nothing was stored for a day."""
    for folder in _uploads().iterdir():
        try:
            if time.time() - folder.stat().st_mtime > _DAY:
                _remove(folder)
        except FileNotFoundError:
            continue


def _remove(folder: Path) -> None:
    """Remove an upload; files that cannot be removed now are swept later."""
    shutil.rmtree(folder, ignore_errors=True)


def _owner(folder: Path) -> int:
    """The key of the user who uploaded the workbook in a folder, without opening anything: every page of uploads asks it of each folder."""
    marks = [path.name for path in folder.glob(f"{_OWNED_BY}*")]
    if not marks:
        raise FileNotFoundError(folder)
    return int(marks[0].removeprefix(_OWNED_BY))


def _uploads() -> Path:
    folder = home() / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@contextmanager
def _opened(encrypted: Path) -> Iterator[Path]:
    """Decrypt the workbook into a temporary file for a reader; one left by a crash is swept later."""
    content = unseal(encrypted.read_bytes())
    with tempfile.TemporaryDirectory(dir=temporary_folder()) as folder:
        path = Path(folder) / "workbook.xlsx"
        write_whole(path, content)
        yield path


def _keep(
    folder: Path,
    outcome: Outcome,
    user: User,
    confirmed: Confirmed,
    submission: Submission | None,
) -> None:
    """Write rows and summary, the summary last since it refers to the rows, and record the attempt to answer a submission."""
    if submission is not None:
        note_attempt(submission, len(outcome.problems))
    summary, rows = sum_up(outcome, user, confirmed, submission)
    Drafts.keep(folder, outcome.findings)
    write_whole(folder / _ROWS, rows)
    noted = (
        (MAPPINGS, outcome.mappings),
        (LAYOUTS, outcome.layouts),
        (MISSING, outcome.missing),
        (KINDS, problem_kinds(outcome.problems)),
    )
    for name, values in noted:
        if values:
            write_whole(folder / name, seal_json([asdict(value) for value in values]))
        else:
            (folder / name).unlink(missing_ok=True)
    (folder / _MARKED).unlink(missing_ok=True)
    _write_summary(folder, summary)


def _write_summary(folder: Path, summary: Summary) -> None:
    write_whole(folder / _SUMMARY, seal_json(asdict(summary)))
