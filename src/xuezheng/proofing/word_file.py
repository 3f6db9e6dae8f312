"""Opening Word files within limits of size, and finding the appendix of sources in them."""

from __future__ import annotations

import io
import re
import zipfile
from os import PathLike, fspath
from pathlib import Path
from typing import IO, Any

import docx
from docx.oxml.ns import qn

#: The name of the bookmark around the appendix of sources (数字出处一览表) in a report that this system made.
APPENDIX_BOOKMARK = "xz_appendix"
_MEMBERS, _UNPACKED = 2000, 100 * 2**20  # far more than a report of a hundred pages has
#: A report of a hundred pages has three thousand paragraphs, the cells of its tables among them.
PARAGRAPHS, ELEMENTS = 20_000, 1_000_000
_SMALL = 2**16
_PARAGRAPH = re.compile(rb"<(?:[A-Za-z0-9]+:)?p[\s/>]")
#: Word files with macros, and templates, differ from a document in the type of their main part; strict ones in their namespaces.
_MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SIMILAR_TYPES = re.compile(
    rb"application/vnd\.(?:ms-word\.template\.macroEnabledTemplate|ms-word\.document\.macroEnabled"
    rb"|openxmlformats-officedocument\.wordprocessingml\.template)\.main\+xml"
)
_TYPES = "[Content_Types].xml"
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = (
    (
        b"http://purl.oclc.org/ooxml/officeDocument/",
        b"http://schemas.openxmlformats.org/officeDocument/2006/",
    ),
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED, _OLD_WORD = ("EncryptedPackage".encode("utf-16-le"), "WordDocument".encode("utf-16-le"))
_NOT_WORD = "这不是能打开的Word文档（.docx）。请用Word或WPS打开后另存为“.docx”再试。"


class NotAReportError(ValueError):
    """A file that is no Word file, or carries no records of marked numbers, which link its numbers to figures.

    The message is a Chinese sentence with the remedy.
    """


def open_document(path: str | PathLike[str] | IO[bytes]) -> Any:
    """Return the python-docx document of a Word file; templates and files with macros are read like documents.

    Raises :class:`NotAReportError` where it is no Word file, has a password, or is larger when unpacked than
    a report can be.
    """
    try:
        if reason := _refusal(path):
            raise NotAReportError(reason)
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
        if len(members) > _MEMBERS or sum(member.file_size for member in members) > _UNPACKED:
            raise NotAReportError("这个文件解压后过大，不像一份报告，没有打开。请去掉图片和附件后再试。")
        _refuse_endless(path)
        document = docx.Document(_as_document(path))
        if document.element.body is None or document.part.styles is None:
            raise NotAReportError(_NOT_WORD)
        return document
    except (NotAReportError, MemoryError):
        raise
    # What is wrong with a package that somebody made by hand reaches the library at any place, as any error.
    except Exception as error:
        raise NotAReportError(_NOT_WORD) from error


def _refusal(path: str | PathLike[str] | IO[bytes]) -> str:
    """Return in Chinese why a file that is no package cannot be opened; "" for a package."""
    if isinstance(path, str | PathLike):
        with Path(path).open("rb") as file:
            return _describe(file)
    reason = _describe(path)
    path.seek(0)
    return reason


def _describe(file: IO[bytes]) -> str:
    start = file.read(len(_OLE))
    if start.startswith(b"%PDF"):
        return "这是PDF文件，不是Word文档。请用Word或WPS打开原稿，另存为“.docx”再试。"
    content = file.read(_UNPACKED) if start == _OLE else b""
    if _ENCRYPTED in content:
        return "这个文件设有打开密码。请用Word或WPS打开后取消密码再试。"
    if _OLD_WORD in content:
        return "这是老格式的Word文档（.doc）或WPS文字（.wps），只是改了扩展名。请用Word或WPS打开后另存为“.docx”再试。"
    return ""


def _as_document(path: str | PathLike[str] | IO[bytes]) -> str | IO[bytes]:
    """Return a package as an ordinary document: with macros, a template or strict, it is read like one."""
    with zipfile.ZipFile(path) as package:
        contents = {member.filename: package.read(member) for member in package.infolist()}
    ordinary = {name: _as_ordinary(name, content) for name, content in contents.items()}
    if ordinary == contents:
        return fspath(path) if isinstance(path, str | PathLike) else path
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as copy:
        for name, content in ordinary.items():
            copy.writestr(name, content)
    made.seek(0)
    return made


def _as_ordinary(name: str, content: bytes) -> bytes:
    if name == _TYPES:
        content = _SIMILAR_TYPES.sub(_MAIN_TYPE, content)
    if name.endswith((".xml", ".rels")) and _STRICT in content:
        for strict, transitional in _TRANSITIONAL:
            content = content.replace(strict, transitional)
    return content


def _refuse_endless(path: str | PathLike[str] | IO[bytes]) -> None:
    """Refuse a text with more paragraphs or elements than any report, before it is parsed; raises :class:`NotAReportError`."""
    with zipfile.ZipFile(path) as package:
        for member in package.infolist():
            if member.filename.endswith(".xml") and member.file_size > _SMALL:
                content = package.read(member)
                if len(_PARAGRAPH.findall(content)) > PARAGRAPHS or content.count(b"<") > ELEMENTS:
                    raise NotAReportError(
                        f"这个文件的段落（含表格里的）超过{PARAGRAPHS // 10_000}万个，不像一份报告，没有打开。"
                        "请删去空行和空表格，或拆成几份再试。"
                    )


def appendix(document: Any) -> list[Any]:
    """Return the body elements of a document's appendix of sources (数字出处一览表); an empty list where there is none.

    LibreOffice saves a bookmark around a table as several of one name: the appendix is from the first to the
    last.
    """
    ids: set[str] = set()
    places: list[int] = []
    elements = list(document.element.body)
    for place, element in enumerate(elements):
        for mark in element.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd")):
            if mark.get(qn("w:name")) == APPENDIX_BOOKMARK:
                ids.add(mark.get(qn("w:id")))
                places.append(place)
            elif mark.tag == qn("w:bookmarkEnd") and mark.get(qn("w:id")) in ids:
                places.append(place)
    return elements[places[0] : places[-1] + 1] if places else []
