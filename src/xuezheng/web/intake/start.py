"""The start page for workbooks: upload and continue them, download templates, see the latest imports."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng import registry
from xuezheng.intake.uploads import Upload, uploads_of
from xuezheng.records.models import Batch, User
from xuezheng.records.permissions import Scope, permits
from xuezheng.records.switches import is_used, unused
from xuezheng.web import jobs
from xuezheng.web.intake import collections
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import (
    WORKBOOK_MEGABYTES,
    WORKBOOK_SUFFIXES,
    WorkbooksForm,
    send_download,
    takes_files,
)
from xuezheng.workbooks import Sheet, WorkbookRefused, sheet_catalogue, write_workbook
from xuezheng.workbooks.permissions import Rights

_BATCHES, _UPLOADS = 20, 50
_NAMED = 3


@takes_files(WORKBOOK_MEGABYTES)
@never_cache
@require_http_methods(["GET", "POST"])
def intake(request: UserRequest) -> HttpResponse:
    """Show the page of imports: open collections, the form for uploads, and the latest uploads and imports.

    A POST uploads one workbook and leads to its preview, or uploads several and previews them in the
    background. Raises ``PermissionDenied`` for a POST by a user who may upload no sheet.
    """
    sheets = _sheets(request.user)
    form = WorkbooksForm(request.POST, request.FILES) if request.method == "POST" else WorkbooksForm()
    if request.method == "POST":
        if not sheets:
            raise PermissionDenied
        if form.is_valid():
            files = form.cleaned_data["file"]
            _tell_left_out(request, files)
            try:
                if len(files) > 1:
                    return _receive(request, files)
                return jobs.previewed(request, Upload.keep(files[0].read(), files[0].name, request.user))
            except WorkbookRefused as refusal:
                form.add_error("file", str(refusal))
    is_clerk = Scope.SCHOOL in permits(request.user, "answer", "collection")
    context = {
        "submissions": collections.list_open_submissions(request.user) if is_clerk else [],
        "under_way": [] if is_clerk else collections.under_way(request.user),
        "may_collect": collections.may_collect(request.user),
        "form": form,
        "suffixes": ",".join(WORKBOOK_SUFFIXES),
        "sheets": sheets,
        "uploads": uploads_of(request.user)[:_UPLOADS] if sheets else [],
        "batches": Batch.objects.visible_to(request.user).select_related("made_by")[:_BATCHES],
    }
    return render(request, "web/intake.html", context)


def _tell_left_out(request: UserRequest, taken: Sequence[UploadedFile]) -> None:
    names = [file.name or "" for file in request.FILES.getlist("file") if file not in taken]
    if names:
        shown = "”、“".join(names[:_NAMED])
        messages.info(
            request, f"“{shown}”{'等' if len(names) > _NAMED else ''}{len(names)}个文件不是工作簿，没有收。"
        )


def _receive(request: UserRequest, files: Sequence[UploadedFile]) -> HttpResponse:
    """Keep several workbooks and ask for their previews; those after one that is refused are not received."""
    for number, file in enumerate(files):
        try:
            upload = Upload.keep(file.read(), file.name or "", request.user)
        except WorkbookRefused as refusal:
            messages.error(
                request, f"已收下{number}个文件。“{file.name}”起的{len(files) - number}个没有收下：{refusal}"
            )
            break
        jobs.preview.ask(request.user, token=upload.token)
    else:
        messages.success(
            request, f"已收下{len(files)}个文件，正在逐个检查。检查好的列在下面，点开核对、提交。"
        )
    return redirect("web:intake")


@require_GET
def template(request: UserRequest, title: str) -> FileResponse:
    """Send an empty workbook of the sheet with this Chinese title.

    Raises ``Http404`` for an unknown title, ``PermissionDenied`` where the user may not upload this sheet.
    """
    try:
        sheet = sheet_catalogue.sheet(title)
    except registry.Unknown as unknown:
        raise Http404(str(unknown)) from None
    if not Rights(request.user).may_send(sheet):
        raise PermissionDenied
    return send_download(f"{title}.xlsx", lambda path: write_workbook(path, {sheet: []}))


def _sheets(user: User) -> dict[str, list[Sheet]]:
    """Return the sheets that the user may upload, by the area's title."""
    rights = Rights(user)
    by_area: dict[str, list[Sheet]] = {}
    switched_off = unused()
    for sheet in sheet_catalogue.sheets().values():
        if rights.may_send(sheet) and is_used(sheet.model, switched_off):
            by_area.setdefault(registry.areas()[sheet.area].title, []).append(sheet)
    return by_area
