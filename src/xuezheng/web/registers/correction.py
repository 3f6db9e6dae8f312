"""Corrects one record of the clerk's school by hand, by a row with the checks of a workbook.

The bureau's own users change records with :class:`~xuezheng.web.ui.forms.RecordForm`. A correction is a batch
that can be undone like an import.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng.intake.by_hand.typed_row import correct_row
from xuezheng.intake.saving import newest_version
from xuezheng.records.fields import field_of
from xuezheng.records.models import Record, User, linked_register
from xuezheng.web.lists.access import record_of
from xuezheng.web.registers.new_record import RowForm, sheet_for
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import display
from xuezheng.web.ui.forms import check_reason, may_edit, style_fields
from xuezheng.workbooks import Sheet
from xuezheng.workbooks.export import rows_of
from xuezheng.workbooks.permissions import Rights

_LONGEST_REASON = 80


class CorrectionForm(RowForm):
    """The cells of a record that its clerk may change, the reason, and the version of the record shown.

    Columns that identify the record and encrypted numbers are not shown: they stay as they are.
    """

    def __init__(self, sheet: Sheet, user: User, record: Record, data: Any = None) -> None:
        cells = next(rows_of(sheet, type(record).objects.filter(pk=record.pk)))
        fixed = {
            column.path for column in sheet.columns if column.secret or identifies(sheet.model, column.path)
        }
        paths = [column.path for column in sheet.columns]
        super().__init__(sheet, user, data, texts=dict(zip(paths, cells, strict=True)), fixed=fixed)
        self.fields["reason"] = forms.CharField(
            label="更正原因",
            max_length=_LONGEST_REASON,
            help_text="如：对照户口簿更正。会记入批次。",
            validators=[check_reason],
        )
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=newest_version(record))
        style_fields(self.fields["reason"])


def identifies(model: type[Record], path: str) -> bool:
    """Return whether a column identifies the record of ``model``: every field of its path is part of a natural key.

    ``path`` is that of a column (``person.id_number``).
    """
    name, _, rest = path.partition(".")
    return name in model.natural_key and (
        not rest or identifies(linked_register(field_of(model, name)), rest)
    )


def sheet_to_correct(user: User, record: Record) -> Sheet | None:
    """Return the sheet by which ``user`` may correct a record; None where the user may not, or edits it directly.

    A record may be corrected by who may import its row.
    """
    model = type(record)
    sheet = None if may_edit(user, model) else sheet_for(model, user)
    return None if sheet is None or Rights(user).foreign(sheet, model, [record.pk]) else sheet


def may_change(user: User, record: Record) -> bool:
    """Return whether ``user`` may edit or correct a record."""
    return may_edit(user, type(record)) or sheet_to_correct(user, record) is not None


@never_cache
@require_http_methods(["GET", "POST"])
def correct(request: UserRequest, model: str, pk: int) -> HttpResponse:
    """Show the form that corrects a record; a POST imports it as a batch of one row.

    Raises ``Http404`` for a record that the user may not see, ``PermissionDenied`` for one that the user may
    not correct.
    """
    record = record_of(request, model, pk)
    sheet = sheet_to_correct(request.user, record)
    if sheet is None:
        raise PermissionDenied
    title = str(record._meta.verbose_name)
    access_log.note(request, f"更正：{title}", "更正台账", access_log.persons_in([record]))
    form = CorrectionForm(sheet, request.user, record, request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome = correct_row(
            sheet,
            form.texts,
            request.user,
            record,
            form.cleaned_data["version"],
            form.cleaned_data["reason"],
            form.is_confirmed,
            lambda finding: form.explanation,
        )
        if outcome.batch:
            messages.success(
                request, f"已更正，记为批次{outcome.batch.pk}。改错了的，可以在“来源”里打开这个批次撤销。"
            )
            return redirect("web:record", model, pk)
        form.show(outcome)
    context = {"name": model, "title": title, "label": display.label(record), "pk": pk, "form": form}
    return render(request, "web/correction.html", context)
