"""Uploads by forms and downloads."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect, render

from xuezheng.core.disk_space import require_room
from xuezheng.core.temporary_files import temporary_folder
from xuezheng.jobs.attachments import Attachment, AttachmentGone
from xuezheng.records.models import Look
from xuezheng.web.security.access_log import note
from xuezheng.web.security.requests import UserRequest

WORKBOOK_MEGABYTES = 50
MOST_WORKBOOKS = 50
WORKBOOK_SUFFIXES = (".xlsx", ".xls", ".et", ".ods", ".xlsm", ".csv")
_ROOM_MEGABYTES = 10
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def takes_files(megabytes: int) -> Callable[[View], View]:
    """Decorate a view to accept uploads of ``megabytes`` (of 2**20 bytes) in all.

    Other pages accept no more than a form's text. The server refuses a body that is over 10 megabytes larger
    before the view is reached, so that the form itself can report a file that is slightly too large.
    """

    def declare(view: View) -> View:
        view.body_limit = (megabytes + _ROOM_MEGABYTES) * 2**20  # type: ignore[attr-defined]
        return view

    return declare


class LimitedFileField(forms.FileField):
    """A file field that refuses files of more than ``megabytes`` (of 2**20 bytes) without reading them.

    ``remedy`` is a Chinese sentence that is added to the error.
    """

    def __init__(self, *, megabytes: int, remedy: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.megabytes = megabytes
        self.remedy = remedy

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        """Return the uploaded file; None where an optional one is missing.

        Raises ``ValidationError`` where it is too large, or where a required one is missing.
        """
        file: UploadedFile | None = super().clean(data, initial)
        if file and (file.size or 0) > self.megabytes * 2**20:
            raise forms.ValidationError(f"文件超过{self.megabytes}兆。{self.remedy}")
        return file


class WorkbookForm(forms.Form):
    """The form for uploading a workbook."""

    file = LimitedFileField(
        megabytes=WORKBOOK_MEGABYTES,
        remedy="请拆成几个较小的文件。",
        label="工作簿",
        help_text=f"按模板填写的 .xlsx、.xls、.et、.ods 或 .csv，不超过{WORKBOOK_MEGABYTES}兆",
        allow_empty_file=True,
    )


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class SeveralFilesField(LimitedFileField):
    """A field for up to ``most`` files, of ``megabytes`` in all.

    Where several files are uploaded, such as those of a folder, only those whose names end with one of the
    ``suffixes`` (as ".xlsx", in lower case) are taken.
    """

    widget = _SeveralFiles

    def __init__(self, *, most: int, suffixes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most
        self.suffixes = suffixes

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the list of uploaded files.

        Raises ``ValidationError`` where they are too many or too large, or where none of several files has a
        suffix.
        """
        given = data if isinstance(data, list) else [data]
        if len(given) > 1:
            given = [file for file in given if self._is_taken(file.name)]
            if not given:
                raise forms.ValidationError(f"选的文件夹里没有{'、'.join(self.suffixes)}文件。")
        files = [super(SeveralFilesField, self).clean(file) for file in given or [None]]
        if len(files) > self.most:
            raise forms.ValidationError(f"一次上传了{len(files)}个文件，最多{self.most}个。请分几次上传。")
        if sum(file.size or 0 for file in files if file) > self.megabytes * 2**20:
            raise forms.ValidationError(f"这些文件合起来超过{self.megabytes}兆。请分几次上传。")
        return files

    def _is_taken(self, name: str) -> bool:
        """Whether a file has one of the suffixes and is not what office programs and systems leave beside their files."""
        return name.lower().endswith(tuple(self.suffixes)) and not name.startswith(("~$", "."))


class WorkbooksForm(forms.Form):
    """The form for uploading one or several workbooks."""

    file = SeveralFilesField(
        most=MOST_WORKBOOKS,
        suffixes=WORKBOOK_SUFFIXES,
        megabytes=WORKBOOK_MEGABYTES,
        remedy="请拆成几个较小的文件。",
        label="工作簿",
        help_text=f"可以一次选几个文件：.xlsx、.xls、.et、.ods 或 .csv，合起来不超过{WORKBOOK_MEGABYTES}兆",
        allow_empty_file=True,
    )


class UnnamedFileUploadHandler(FileUploadHandler):
    """Django upload handler that stores a large upload in a nameless temporary file, in this process's temporary folder."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open a temporary file for the upload."""
        super().new_file(*args, **kwargs)
        self.file: IO[bytes] = tempfile.TemporaryFile(dir=temporary_folder())  # noqa: SIM115 - Django closes it

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Append a chunk to the file; ``start`` is ignored."""
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """Return the uploaded file, positioned at its beginning."""
        self.file.seek(0)
        return UploadedFile(
            self.file, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra
        )


@contextmanager
def received(file: UploadedFile) -> Iterator[Path]:
    """Context manager that writes an uploaded file to a temporary path with its own suffix, and yields the path.

    The file is removed when the context ends.
    """
    with tempfile.TemporaryDirectory(dir=temporary_folder()) as folder:
        path = Path(folder) / f"file{Path(file.name or '').suffix.lower()}"
        path.write_bytes(file.read())
        yield path


def send_download(name: str, write: Callable[[Path], None]) -> FileResponse:
    """Return a download called ``name`` of the file that ``write`` writes to the path it is given.

    The file is not kept. Raises ``NoRoom`` where the disk is nearly full. A file with personal data is sent
    by :func:`disclosed`.
    """
    require_room("生成文件")
    with tempfile.TemporaryDirectory(dir=temporary_folder()) as folder:
        path = Path(folder) / f"file{Path(name).suffix}"
        write(path)
        content = BytesIO(path.read_bytes())
    return FileResponse(content, as_attachment=True, filename=name)


def send_attachment(request: UserRequest, token: str, purpose: str, page: str, back: str) -> HttpResponseBase:
    """Show with the template ``page`` that the file a job stored in an attachment is ready; with ``?file`` send it.

    The template gets ``name`` and ``token``. Sending is written to the access log with ``purpose``, in Chinese.
    If the attachment is gone or another user's, redirect with a warning to the page named ``back``.
    """
    try:
        attachment = Attachment.open(request.user, token)
        content, persons = attachment.file()
    except AttachmentGone as gone:
        messages.warning(request, str(gone))
        return redirect(back)
    if "file" not in request.GET:
        return render(request, page, {"name": attachment.name, "token": token})
    note(request, attachment.name, purpose, persons, kind=Look.Kind.FILE)
    return FileResponse(BytesIO(content), as_attachment=True, filename=attachment.name)


def disclosed(
    request: UserRequest, kind: Any, name: str, purpose: str, write: Callable[[Path], Iterable[int]]
) -> FileResponse:
    """Return a download with personal data called ``name``, and write it to the access log.

    ``write`` writes the file to the path it is given and returns the primary keys of the persons in it.
    ``kind`` is a ``Look.Kind``, ``purpose`` the purpose of the access in Chinese.
    """
    persons: Iterable[int] = ()

    def noted(path: Path) -> None:
        nonlocal persons
        persons = write(path)

    response = send_download(name, noted)
    # Nothing leaves without its line: where the line cannot be written, neither is the file sent.
    note(request, name, purpose, persons, kind=kind)
    return response
