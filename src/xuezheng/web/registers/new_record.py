"""The page by which one record is added to a register by hand, and the form with the cells of one row of a sheet.

The row has the same checks as one of a workbook.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng.intake.by_hand.typed_row import import_row
from xuezheng.intake.outcome import Outcome
from xuezheng.records.models import Record, School, User
from xuezheng.records.switches import is_used, unused
from xuezheng.web.lists.access import any_register
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.display import record_address
from xuezheng.web.ui.forms import style_fields
from xuezheng.workbooks import Sheet, sheet_catalogue
from xuezheng.workbooks.permissions import Rights
from xuezheng.workbooks.sheet import Column
from xuezheng.workbooks.template import options_of, rule

_EXPLANATION, _CONFIRMED = "explanation", "confirmed"
_LONGEST = 200
_NONE = ("", "")


def sheet_for(model: type[Record], user: User) -> Sheet | None:
    """Return the sheet by which ``user`` may add and change records of a register; None where there is none."""
    switched_off, rights = unused(), Rights(user)
    return next(
        (
            sheet
            for sheet in sheet_catalogue.sheets().values()
            if sheet.model is model and rights.may_send(sheet) and is_used(model, switched_off)
        ),
        None,
    )


class RowForm(forms.Form):
    """A form with a field for each column of a sheet.

    ``texts`` has the cells with which it begins, by path of the column; columns in ``fixed`` (paths) keep
    their text and are not shown. After an attempt that needs more, :meth:`show` adds a checkbox that confirms
    readings, or a field that explains unusual numbers.
    """

    def __init__(
        self,
        sheet: Sheet,
        user: User,
        data: Any = None,
        *,
        texts: Mapping[str, str] | None = None,
        fixed: Collection[str] = (),
    ) -> None:
        super().__init__(data)
        self.sheet = sheet
        self._given = texts or {}
        self._columns = [column for column in sheet.columns if column.path not in fixed]
        for column in self._columns:
            self.fields[_name(column)] = _field(column, user, self._given.get(column.path, ""))
        style_fields(*self.fields.values())

    @property
    def texts(self) -> dict[str, str]:
        """The cells of the row as typed, or as given where the form does not show them, by path of the column."""
        return {**self._given, **{column.path: self.cleaned_data[_name(column)] for column in self._columns}}

    @property
    def is_confirmed(self) -> bool:
        """Whether the user confirmed the readings that an earlier attempt listed."""
        return _CONFIRMED in self.data

    @property
    def explanation(self) -> str:
        """The explanation of unusual numbers, "" without one."""
        return str(self.data.get(_EXPLANATION, "")).strip()[:_LONGEST]

    def show(self, outcome: Outcome) -> None:
        """Add the problems of an attempt as errors of the form's fields, and add the fields that would resolve them."""
        names = {column.title: _name(column) for column in self._columns}
        for problem in outcome.problems:
            self.add_error(names.get(problem.title), problem.sentence())
        for finding in outcome.unexplained:
            self.add_error(None, finding.message)
        if outcome.has_only_readings:
            self.fields[_CONFIRMED] = forms.BooleanField(label="已核对，按所列读法登记", required=False)
        if outcome.unexplained:
            self.fields[_EXPLANATION] = forms.CharField(label="说明", max_length=_LONGEST, required=False)
        style_fields(*self.fields.values())


@never_cache
@require_http_methods(["GET", "POST"])
def new_record(request: UserRequest, model: str) -> HttpResponse:
    """Show the form that adds one record to the register ``model``.

    A POST imports it as a batch of one row, which can be undone. Raises ``Http404`` for an unknown register,
    ``PermissionDenied`` where the user may not add records to it.
    """
    record_model = any_register(model)
    sheet = sheet_for(record_model, request.user)
    if sheet is None:
        raise PermissionDenied
    form = RowForm(sheet, request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome = import_row(
            sheet, form.texts, request.user, form.is_confirmed, lambda finding: form.explanation
        )
        if outcome.saved:
            messages.success(request, "已登记。登记错了的，可以在“来源”里打开这次导入撤销。")
            added = record_model.objects.visible_to(request.user).filter(batch=outcome.batch).first()
            return redirect(record_address(added)) if added else redirect("web:register", model)
        form.show(outcome)
    context = {"name": model, "title": record_model._meta.verbose_name, "form": form}
    return render(request, "web/new_record.html", context)


def _name(column: Column) -> str:
    return column.path.replace(".", "-")


def _field(column: Column, user: User, text: str) -> forms.Field:
    about: dict[str, Any] = {
        "label": column.title,
        "required": column.required,
        "help_text": column.field.help_text,
        "initial": text,
    }
    if column.field.model is School and column.field.name == "code" and "." in column.path:
        about["label"] = column.title.removesuffix("标识码")
        schools = School.objects.visible_to(user).order_by("name").values_list("code", "name")
        widget = forms.Select(attrs={"data-search": True}, choices=[_NONE, *schools])
        return forms.CharField(**about, widget=widget)
    if options := options_of(column.field, localdate()):
        # What is no longer offered is kept until it is changed.
        options += [text] if text and text not in options else []
        widget = forms.Select(choices=[_NONE, *((label, label) for label in options)])
        return forms.CharField(**about, widget=widget)
    if isinstance(column.field, models.DateField):
        return forms.CharField(**about, widget=forms.DateInput(attrs={"type": "date"}))
    return forms.CharField(**{**about, "help_text": rule(column.field)}, max_length=_LONGEST)
