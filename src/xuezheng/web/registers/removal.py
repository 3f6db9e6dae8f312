"""Deletes one record of a register by hand, for a reason.

The deletion is a batch that can be undone like an import.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from xuezheng.intake.by_hand.removal import RemovalRefused, may_be_removed, remove_record
from xuezheng.records.models import Record, User
from xuezheng.web.lists.access import record_of
from xuezheng.web.registers.correction import may_change
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.forms import check_reason, may_edit, style_fields


class RemovalForm(forms.Form):
    """The form for deleting a record: the reason, and the version of the record that the user saw.

    ``version`` is the primary key of the newest history entry of the record when it was shown, 0 without one.
    """

    reason = forms.CharField(
        label="删除原因",
        max_length=80,
        help_text="如：重复登记。会记入批次和更改记录。",
        validators=[check_reason],
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, version: int | None = None) -> None:
        super().__init__(data, auto_id="remove_%s", initial={"version": version})
        style_fields(self.fields["reason"])


def may_remove(user: User, record: Record) -> bool:
    """Return whether ``user`` may delete a record.

    The user must be permitted to edit it, or to correct it if an account of the user's school imported it;
    and it must not be derived from others.
    """
    return may_be_removed(type(record)) and (
        may_edit(user, type(record)) or (_is_from_school_of(user, record) and may_change(user, record))
    )


def _is_from_school_of(user: User, record: Record) -> bool:
    maker = record.batch.made_by if record.batch else None
    return maker is not None and user.school_id is not None and maker.school_id == user.school_id


@require_POST
def remove(request: UserRequest, model: str, pk: int) -> HttpResponse:
    """Delete a record, and redirect to the batch by which the deletion can be undone.

    ``model`` is the name of the register, ``pk`` the primary key of the record. If the form is invalid or the
    deletion is refused, it redirects to the record with a message. Raises ``PermissionDenied`` if the user
    may not delete it, and ``Http404`` if the user may not see the record.
    """
    record = record_of(request, model, pk)
    if not may_remove(request.user, record):
        raise PermissionDenied
    access_log.note(
        request, f"删除：{record._meta.verbose_name}", "更正台账", access_log.persons_in([record])
    )
    form = RemovalForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有删除：请填写删除原因，不超过80个字。")
        return redirect("web:record", model, pk)
    try:
        batch = remove_record(record, form.cleaned_data["version"], form.cleaned_data["reason"], request.user)
    except RemovalRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("web:record", model, pk)
    messages.success(request, f"已删除，记为批次{batch.pk}。删错了的，在这里撤销。")
    return redirect("web:batch", batch.pk)
