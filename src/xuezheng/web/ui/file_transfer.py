"""Files that are uploaded by a form or sent as downloads."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import FileResponse, HttpResponseBase

from xuezheng.core.disk_space import require_room
from xuezheng.core.temporary_files import temporary_folder
from xuezheng.web.security.access_log import note
from xuezheng.web.security.requests import UserRequest

WORKBOOK_MEGABYTES = 50
_ROOM_MEGABYTES = 10
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def takes_files(megabytes: int) -> Callable[[View], View]:
    """Let a view's page take files of so many megabytes in all; any other page takes no more than a form's text.

    The server holds to it before the view is reached, with some room above, so that the form itself can report what is too large.
    """

    def declare(view: View) -> View:
        view.body_limit = (megabytes + _ROOM_MEGABYTES) * 2**20  # type: ignore[attr-defined]
        return view

    return declare


class LimitedFileField(forms.FileField):
    """A file of at most so many megabytes: what is larger is refused before anything reads it."""

    def __init__(self, *, megabytes: int, remedy: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.megabytes = megabytes
        self.remedy = remedy

    def clean(self, data: Any, initial: Any = None) -> UploadedFile:
        """Return the file; raises ``ValidationError`` with the remedy."""
        file: UploadedFile = super().clean(data, initial)
        if (file.size or 0) > self.megabytes * 2**20:
            raise forms.ValidationError(f"文件超过{self.megabytes}兆。{self.remedy}")
        return file


class WorkbookForm(forms.Form):
    """A workbook that is uploaded."""

    file = LimitedFileField(
        megabytes=WORKBOOK_MEGABYTES,
        remedy="请拆成几个较小的文件。",
        label="工作簿",
        help_text=f"按模板填写的 .xlsx、.xls、.et、.ods 或 .csv，不超过{WORKBOOK_MEGABYTES}兆",
        allow_empty_file=True,
    )


class UnnamedFileUploadHandler(FileUploadHandler):
    """Keeps a large file that comes in without a name in the folder of this process."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.file: IO[bytes] = tempfile.TemporaryFile(dir=temporary_folder())  # noqa: SIM115 - Django closes it

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a part of it."""
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """Return the file, to be read from its beginning."""
        self.file.seek(0)
        return UploadedFile(
            self.file, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra
        )


@contextmanager
def received(file: UploadedFile) -> Iterator[Path]:
    """Lay a file that came in where a reader finds it, under its own kind of name, as long as the context lasts."""
    with tempfile.TemporaryDirectory(dir=temporary_folder()) as folder:
        path = Path(folder) / f"file{Path(file.name or '').suffix.lower()}"
        path.write_bytes(file.read())
        yield path


def send_download(name: str, write: Callable[[Path], None]) -> FileResponse:
    """Return a download of the file that ``write`` writes to the path it is given; it is kept nowhere.

    One with personal data goes out by :func:`disclosed`.
    """
    require_room("生成文件")
    with tempfile.TemporaryDirectory(dir=temporary_folder()) as folder:
        path = Path(folder) / f"file{Path(name).suffix}"
        write(path)
        content = BytesIO(path.read_bytes())
    return FileResponse(content, as_attachment=True, filename=name)


def disclosed(
    request: UserRequest, kind: Any, name: str, purpose: str, write: Callable[[Path], Iterable[int]]
) -> FileResponse:
    """Send a file with personal data, and note it in the access log.

    ``write`` returns the keys of the persons in the file.
    """
    persons: Iterable[int] = ()

    def noted(path: Path) -> None:
        nonlocal persons
        persons = write(path)

    response = send_download(name, noted)
    # Nothing leaves without its line: where the line cannot be written, neither is the file sent.
    note(request, name, purpose, persons, kind=kind)
    return response
