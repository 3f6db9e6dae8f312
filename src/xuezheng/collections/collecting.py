"""Collections (填报任务): a school receives a workbook with its rows and uploads it for import."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from xuezheng.core.periods import Period
from xuezheng.records.bulk import parts
from xuezheng.records.fields import keyed_hash
from xuezheng.records.models import Batch, Collection, Person, School, Submission, User
from xuezheng.records.models.collections import SEPARATOR
from xuezheng.records.switches import is_used, unused
from xuezheng.workbooks import sheet_catalogue
from xuezheng.workbooks.export import rows_of
from xuezheng.workbooks.permissions import Rights
from xuezheng.workbooks.problems import WorkbookRefused
from xuezheng.workbooks.reader import RawSheet
from xuezheng.workbooks.sheet import Sheet
from xuezheng.workbooks.template import STAMP, write_workbook


class CollectionRefused(ValueError):
    """A collection that cannot be opened; the exception's text is a Chinese sentence."""


def collectable(user: User) -> list[Sheet]:
    """Return the sheets that a user may request from schools.

    These are sheets that the user may import, of registers that are in use, are not confidential, and have
    rows that belong to schools.
    """
    rights, switched_off = Rights(user), unused()
    return [
        sheet
        for sheet in sheet_catalogue.sheets().values()
        if is_used(sheet.model, switched_off)
        and sheet.model.school_paths
        and not sheet.model.confidential
        and rights.may_send(sheet)
    ]


def open_collection(
    title: str, period: Period, section: str, sheets: Sequence[Sheet], schools: Iterable[School], due_on: date
) -> Collection:
    """Create a collection of ``sheets`` from ``schools``, with one submission per school, and return it.

    ``section`` is the name of an area; ``due_on`` is the last day in time. Raises :class:`CollectionRefused`
    if the period already has a collection with this title.
    """
    titles = SEPARATOR.join(sheet.title for sheet in sheets)
    try:
        with transaction.atomic():
            collection = Collection.objects.create(
                title=title, period=period.key, section=section, sheets=titles, due_on=due_on
            )
            Submission.objects.bulk_create(
                Submission(collection=collection, school=school) for school in schools
            )
    except IntegrityError:
        raise CollectionRefused(f"{period.label}已有名为“{title}”的填报任务。请换一个名称。") from None
    return collection


def close(collection: Collection) -> bool:
    """Close a collection, so that it accepts no more workbooks.

    Returns False, without any change, if it was already closed.
    """
    open_ = Collection.objects.filter(pk=collection.pk, closed_on=None)
    return open_.update(closed_on=timezone.localdate()) == 1


def remind(collection: Collection) -> bool:
    """Note today as the day on which the schools that have not reported were reminded.

    Returns False, without any change, if they were reminded today already or the collection is closed.
    """
    today = timezone.localdate()
    due = Collection.objects.filter(pk=collection.pk, closed_on=None).exclude(reminded_on=today)
    return due.update(reminded_on=today) == 1


def write_filled(submission: Submission, path: Path) -> set[int]:
    """Write the workbook for a school's submission to ``path``, and record that the school has begun.

    It contains the school's rows of the requested registers for the period, and a hidden stamp by which
    :func:`check` recognises it. Returns the primary keys of the persons whose complete ID number it contains.
    """
    period = Period.parse(submission.collection.period)
    sheets = sheets_of(submission.collection.sheets)
    id_numbers: set[str] = set()
    records_by_sheet = {
        sheet: sheet.model.objects.of_school(submission.school_id).of_period(period) for sheet in sheets
    }
    rows = {
        sheet: _collect_id_numbers(id_numbers, sheet, rows_of(sheet, records))
        for sheet, records in records_by_sheet.items()
    }
    write_workbook(path, rows, stamp=_stamp(submission, sheets), day=period.end)
    _note_begun(submission)
    hashes = [keyed_hash(number) for number in id_numbers if number]
    by_hash = (Person.objects.filter(id_number_hash__in=part) for part in parts(hashes))
    return {key for people in by_hash for key in people.values_list("pk", flat=True)}


def _collect_id_numbers(id_numbers: set[str], sheet: Sheet, rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Yield the rows unchanged, and add every ID number in them to ``id_numbers``."""
    places = [place for place, column in enumerate(sheet.columns) if column.field.name == "id_number"]
    for row in rows:
        id_numbers.update(row[place] for place in places)
        yield row


def sheets_of(titles: str) -> list[Sheet]:
    """Return the sheets with these titles, joined by ``、`` as in :attr:`Collection.sheets`.

    Titles without a template are left out.
    """
    known = sheet_catalogue.sheets()
    return [known[title] for title in titles.split(SEPARATOR) if title in known]


def check(submission: Submission, raw_sheets: Sequence[RawSheet], templates: Iterable[Sheet]) -> None:
    """Raise :class:`WorkbookRefused` if a workbook does not answer the submission.

    That is so if the collection is closed, a requested sheet is missing, or the hidden stamp names another
    school, collection or version of the templates. ``templates`` are the templates of the workbook's sheets.
    A workbook without a stamp is accepted, since some programs drop hidden sheets.
    """
    if not Collection.objects.filter(pk=submission.collection_id, closed_on=None).exists():
        raise WorkbookRefused(
            f"填报任务“{submission.collection}”已经结束，不再接收。如需补报，请联系主管科室。"
        )
    sheets = sheets_of(submission.collection.sheets)
    if missing := [sheet.title for sheet in sheets if sheet not in templates]:
        raise WorkbookRefused(
            f"工作簿里缺少本任务要填的表：{'、'.join(missing)}。请用任务页下载的工作簿填写；没有内容的表也请保留。"
        )
    stamp = next((raw.columns[0][0] for raw in raw_sheets if raw.name == STAMP and raw.height), None)
    if stamp is None or stamp == _stamp(submission, sheets):
        return
    try:
        values = json.loads(stamp)
        task, school, version = values["task"], values["school"], values["version"]
    except (ValueError, KeyError, TypeError):
        raise WorkbookRefused(
            "工作簿里的任务标记被改动过。请在任务页重新下载工作簿，把内容粘贴过去。"
        ) from None
    if school != submission.school.code:
        raise WorkbookRefused(f"这是其他学校的工作簿，不是“{submission.school}”的。请核对后上传本校的。")
    if task != submission.collection_id:
        raise WorkbookRefused("这是另一个填报任务的工作簿。请在本任务的页面下载，或到那个任务的页面上传。")
    raise WorkbookRefused(
        f"表格模板在您下载之后有了变化（版本{version}）。请在任务页重新下载工作簿，把内容粘贴过去。"
    )


def note_attempt(submission: Submission, problems: int) -> None:
    """Record that the school has begun, and the number of problems in the workbook that it uploaded last."""
    Submission.objects.filter(pk=submission.pk).update(problems=problems)
    _note_begun(submission)


def _note_begun(submission: Submission) -> None:
    Submission.objects.filter(pk=submission.pk, begun_on=None).update(begun_on=timezone.localdate())


def report(submission: Submission, batch: Batch | None) -> None:
    """Record that the school has reported today.

    It did so by the import ``batch`` or, with None, by confirming that its rows are right.
    """
    Submission.objects.filter(pk=submission.pk).update(
        reported_on=timezone.localdate(), handed_in=batch, problems=0
    )


def _stamp(submission: Submission, sheets: Sequence[Sheet]) -> str:
    columns = [[sheet.title, *(column.title for column in sheet.columns)] for sheet in sheets]
    version = hashlib.sha256(json.dumps(columns).encode()).hexdigest()[:8]
    return json.dumps(
        {"task": submission.collection_id, "school": submission.school.code, "version": version}
    )
