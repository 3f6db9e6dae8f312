"""Reads a text file with values separated by commas or tabs: ``separated.py FILE``.

The output is that of ``read.py``. The single sheet has the name ``""``.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xuezheng.workbooks.sandbox.refused import AGAIN, CELLS, Refused
else:  # beside this script, which runs by itself
    from refused import AGAIN, CELLS, Refused

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LONGEST = 32_767
_AGAIN = f"{AGAIN}后再试。"
# So many bytes beyond ASCII are UTF-8 by chance in no text of another encoding.
_SURE = 8


def _read(content: bytes) -> Any:
    try:
        text = decoded(content)
        if "\0" in text:
            raise Refused(f"里面不是文字，只是扩展名为.csv。{_AGAIN}")
        return [["", _columns(_rows(text)), [], []]]
    except Refused as why:
        return {"refused": str(why)}


def decoded(content: bytes) -> str:
    """Return the text of a file: decoded by its byte order mark if it has one, else as UTF-8, else as GB18030.

    Raises :class:`Refused` if the encoding is none of these or the file mixes two.
    """
    try:
        for mark, encoding in _BOMS:
            if content.startswith(mark):
                return content[len(mark) :].decode(encoding)
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            if any(map(_is_surely_utf8, content.splitlines())):
                raise Refused(f"里面混有两种文字编码（UTF-8和GB18030），会读错。{_AGAIN}") from None
            return content.decode("gb18030")
    except UnicodeDecodeError:
        raise Refused(f"文字编码无法识别，应为UTF-8或GB18030。{_AGAIN}") from None


def _is_surely_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return sum(byte > 0x7F for byte in line) >= _SURE


def _rows(text: str) -> list[list[str]]:
    csv.field_size_limit(_LONGEST)
    first = text.lstrip().partition("\n")[0]
    try:
        return list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in first else ",", strict=True))
    except csv.Error:
        raise Refused(f"引号不成对，或有一格超过{_LONGEST}字，分不清各列。{_AGAIN}") from None


def _columns(rows: list[list[str]]) -> list[list[str]]:
    width = max(map(len, rows), default=0)
    if len(rows) * width > CELLS:
        raise Refused(f"超过{CELLS // 10_000}万个单元格。请拆成几个较小的文件。")
    return [[row[place] if place < len(row) else "" for row in rows] for place in range(width)]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_read(Path(sys.argv[1]).read_bytes())))
