"""Checks the zip package of a workbook before it is read: the directory of the zip file, and the bytes of every part.

The reader trusts a package. What is refused here would exhaust its memory or time, or is never written by
Excel or WPS.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xuezheng.workbooks.sandbox.refused import AGAIN
else:  # beside this script, which runs by itself
    from refused import AGAIN

PARTS = 2_000
BYTES = 300 * 2**20
_PIECE = 2**20
_MARKUP = (".xml", ".rels", ".vml")
_DTD = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"))
_LONGEST = max(map(len, _DTD))
_AGAIN = f"{AGAIN}后再试。"
_OTHERS = {
    "word/document.xml": "是Word文档，只是改了扩展名。请把表格复制到下载的模板里再上传。",
    "ppt/presentation.xml": "是演示文稿，只是改了扩展名。请把表格复制到下载的模板里再上传。",
    "content.xml": "不是表格文件，只是改了扩展名。请把表格复制到下载的模板里再上传。",
}
_WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin")
_INNER = (".xlsx", ".xls", ".et", ".ods", ".csv", ".zip")


def refusal(workbook: Path) -> str | None:
    """Return the Chinese reason why a zip file must not be read; None if it may be."""
    try:
        with zipfile.ZipFile(workbook) as package:
            return _refusal(package)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, LookupError):
        return f"不是完整的Excel文件。{_AGAIN}"


def _refusal(package: zipfile.ZipFile) -> str | None:
    parts = package.infolist()
    names = [part.filename for part in parts]
    if len(parts) > PARTS:
        return f"里面有{len(parts)}个部件，远多于正常的工作簿。请把需要的表复制到新文件再试。"
    if len({name.casefold() for name in names}) < len(names):
        return f"里面有同名的部件，内容不可信。{_AGAIN}"
    if any("\\" in name or name.startswith("/") or ".." in PurePosixPath(name).parts for name in names):
        return f"里面有指向文件以外的路径，内容不可信。{_AGAIN}"
    if any(part.flag_bits & 1 for part in parts):
        return "设有压缩密码。请取消密码后再试。"
    if sum(part.file_size for part in parts) > BYTES:
        return f"展开后超过{BYTES // 2**20}兆。请删除空白的行列和图片，或拆成几个较小的文件。"
    if (why := _not_a_workbook(package, names)) is not None:
        return why
    if any(_has_dtd(package, part) for part in parts):
        return f"里面有文档类型声明（DTD），Excel和WPS都不会这样保存，内容不可信。{_AGAIN}"
    return None


def _not_a_workbook(package: zipfile.ZipFile, names: Iterable[str]) -> str | None:
    if any(name in names for name in _WORKBOOKS):
        return None
    if "mimetype" in names and package.read("mimetype").strip().endswith(b"opendocument.spreadsheet"):
        return None
    for name, why in _OTHERS.items():
        if name in names:
            return why
    if any(name.lower().endswith(_INNER) for name in names):
        return "是压缩包，不是工作簿。请解压后逐个上传里面的文件。"
    return f"不是完整的Excel文件。{_AGAIN}"


def _has_dtd(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Return whether a part has a DTD, which is searched for in markup only.

    The part is read to its end, which raises ``BadZipFile`` where its size or checksum differs from the directory.
    """
    markup = part.filename.lower().endswith(_MARKUP)
    with package.open(part) as content:
        end = b""
        while piece := content.read(_PIECE):
            if markup and any(sign in end + piece for sign in _DTD):
                return True
            end = piece[-_LONGEST:]
    return False
