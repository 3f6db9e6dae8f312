"""Adds scans and photos to a record as supporting documents, sends and removes them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from xuezheng.core.disk_space import require_room
from xuezheng.records.models import Look, Record, SupportingDocument
from xuezheng.web.lists.access import record_of
from xuezheng.web.registers.correction import may_change
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import LimitedFileField, takes_files
from xuezheng.web.ui.forms import style_fields

_MEGABYTES = 10
MOST_OF_A_RECORD = 20
_LONGEST_NAME = 120
#: The first bytes of the kinds of files that are kept, with the suffix that the name must have.
_KINDS = {
    b"%PDF-": (".pdf",),
    b"\xff\xd8\xff": (".jpg", ".jpeg"),
    b"\x89PNG\r\n\x1a\n": (".png",),
}


class DocumentForm(forms.Form):
    """The form for adding a supporting document: the file, and what it shows."""

    file = LimitedFileField(
        megabytes=_MEGABYTES,
        remedy="请降低扫描或拍照的清晰度，或拆成几个文件。",
        label="文件",
        help_text=f"PDF、JPG 或 PNG，不超过{_MEGABYTES}兆；手机上可以直接拍照",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )
    note = forms.CharField(label="说明", max_length=80, required=False, help_text="如：整改后照片")

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="document_%s")
        style_fields(*self.fields.values())

    def clean_file(self) -> UploadedFile:
        """Return the file; raises ``ValidationError`` if its beginning and its name do not agree in a kind that is kept."""
        file: UploadedFile = self.cleaned_data["file"]
        start, name = file.read(8), str(file.name).lower()
        file.seek(0)
        if not any(start.startswith(first) and name.endswith(ends) for first, ends in _KINDS.items()):
            raise forms.ValidationError(
                "不是PDF、JPG或PNG文件，或内容与文件名不符。请另存为其中一种后再上传。"
            )
        if len(name) > _LONGEST_NAME:
            raise forms.ValidationError(f"文件名超过{_LONGEST_NAME}个字。请改短后再上传。")
        return file


def _record_to_change(request: UserRequest, model: str, pk: int) -> Record:
    record = record_of(request, model, pk)
    if not may_change(request.user, record):
        raise PermissionDenied
    return record


def _document(record: Record, number: int) -> SupportingDocument:
    return get_object_or_404(SupportingDocument.objects.of(record), pk=number)


@require_POST
@takes_files(_MEGABYTES)
def add_document(request: UserRequest, model: str, pk: int) -> HttpResponse:
    """Add a file to the record ``pk`` of the register ``model``, and redirect to it with a message.

    Raises ``Http404`` for a record that the user may not see, ``PermissionDenied`` for one that the user may
    neither edit nor correct.
    """
    record = _record_to_change(request, model, pk)
    form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        problems = [str(error) for errors in form.errors.values() for error in errors]
        messages.error(request, f"没有上传。{' '.join(problems)}")
    elif SupportingDocument.objects.of(record).count() >= MOST_OF_A_RECORD:
        messages.error(request, f"没有上传：一条记录最多保存{MOST_OF_A_RECORD}份佐证材料。请先删除不要的。")
    else:
        require_room("接收文件")
        file = form.cleaned_data["file"]
        SupportingDocument.keep(record, file.name, file.read(), form.cleaned_data["note"], request.user)
        messages.success(request, f"已上传“{file.name}”，加密保存。")
    return redirect("web:record", model, pk)


@never_cache
@require_GET
def document(request: UserRequest, model: str, pk: int, number: int) -> FileResponse:
    """Send the document with the primary key ``number`` of a record, and write it to the access log.

    Raises ``Http404`` for a record that the user may not see, and for a document that was removed.
    """
    record = record_of(request, model, pk)
    supporting = _document(record, number)
    access_log.note(
        request,
        f"佐证材料：{record._meta.verbose_name}",
        "查看佐证材料",
        access_log.persons_in([record]),
        kind=Look.Kind.FILE,
    )
    return FileResponse(BytesIO(supporting.content()), as_attachment=True, filename=supporting.name)


@require_POST
def remove_document(request: UserRequest, model: str, pk: int, number: int) -> HttpResponse:
    """Delete the content of a document, and redirect to the record; who removed it and when is kept.

    Raises ``Http404`` and ``PermissionDenied`` as :func:`add_document` does.
    """
    record = _record_to_change(request, model, pk)
    removed = _document(record, number)
    if removed.remove(request.user):
        messages.success(request, f"已删除“{removed.name}”。")
    return redirect("web:record", model, pk)
