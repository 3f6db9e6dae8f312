"""Opens any Word file within limits of size, and finds the appendix of sources in it."""

from __future__ import annotations

import re
import zipfile
from os import PathLike, fspath
from typing import IO, Any

import docx
from docx.oxml.ns import qn

#: The bookmark around the appendix of sources of a report of ours.
APPENDIX_BOOKMARK = "xz_appendix"
_MEMBERS, _UNPACKED = 2000, 100 * 2**20  # far more than a report of a hundred pages has
#: A report of a hundred pages has three thousand paragraphs, the cells of its tables among them.
PARAGRAPHS, ELEMENTS = 20_000, 1_000_000
_SMALL = 2**16
_PARAGRAPH = re.compile(rb"<(?:[A-Za-z0-9]+:)?p[\s/>]")
_NOT_WORD = "这不是能打开的Word文档（.docx）。请用Word或WPS打开后另存为“.docx”再试。"


class NotAReportError(ValueError):
    """A file that is no Word file, or carries no answers of ours; the text is a Chinese sentence with the remedy."""


def open_document(path: str | PathLike[str] | IO[bytes]) -> Any:
    """Open a Word file; raises :class:`NotAReportError` for another file, or one that unpacks to more than a report can be."""
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
        if len(members) > _MEMBERS or sum(member.file_size for member in members) > _UNPACKED:
            raise NotAReportError("这个文件解压后过大，不像一份报告，没有打开。请去掉图片和附件后再试。")
        _refuse_endless(path)
        document = docx.Document(fspath(path) if isinstance(path, PathLike) else path)
        if document.element.body is None or document.part.styles is None:
            raise NotAReportError(_NOT_WORD)
        return document
    except (NotAReportError, MemoryError):
        raise
    # What is wrong with a package that somebody made by hand reaches the library at any place, as any error.
    except Exception as error:
        raise NotAReportError(_NOT_WORD) from error


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
    """Return the elements of the body that make up the appendix; empty where it was removed.

    LibreOffice saves a bookmark around a table as several of one name: the appendix is from the first to the last.
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
