"""Compound files (OLE): the .xls of old, and what else comes in that form."""

import random
import struct

from tests.intake.hostile.archives import NOT_WHOLE, UNREADABLE
from tests.intake.hostile.kinds import kind

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(streams: dict[str, bytes], next_of_last: int = END) -> bytes:
    """A compound file of streams, each in sectors of its own; the last sector of each tells ``next_of_last``."""
    body, fat, entries = bytearray(), [], []
    for name, content in streams.items():
        content = content.ljust(4096, b"\0")  # what is shorter would have to lie in the small stream
        count = -(-len(content) // SECTOR)
        first = len(fat)
        fat += [*range(first + 1, first + count), next_of_last]
        body += content.ljust(count * SECTOR, b"\0")
        entries.append(entry(name, 2, first, len(content)))
    directory = entry("Root Entry", 5, END, 0, child=1 if entries else FREE) + b"".join(
        it[:72] + struct.pack("<L", number + 2 if number + 1 < len(entries) else FREE) + it[76:]
        for number, it in enumerate(entries)
    )
    directory = directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0")
    start = len(fat)
    fat += [*range(start + 1, start + len(directory) // SECTOR), END]
    fat.append(FAT)
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHHHLLLLLLLLLL", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, 1, start, 0, 4096, END, 0, END, 0)
    )
    table = struct.pack(f"<{len(fat)}L", *fat)
    header += struct.pack("<L", len(fat) - 1) + struct.pack("<108L", *[FREE] * 108)
    return header + bytes(body) + directory + table.ljust(SECTOR, b"\xff")


def entry(name: str, kind_of: int, first: int, size: int, child: int = FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<LLL", FREE, FREE, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind_of, 1)
        + links
        + bytes(36)
        + struct.pack("<LQ", first, size)
    )


def record(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(content)) + content


BOF_BOOK, BOF_SHEET = (record(0x809, struct.pack("<HHHHLL", 0x600, it, 0, 0, 0, 6)) for it in (5, 0x10))
EOF = record(0x0A)


def number_cell(row: int, column: int, value: float) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, 0, value))


def biff(cells: bytes = b"", globals_: bytes = b"", offset: int | None = None) -> bytes:
    """The stream of a workbook with one sheet of the given cells."""
    name = "学期".encode("utf-16-le")
    bound = record(0x85, struct.pack("<LBB", 0, 0, 0) + struct.pack("<BB", 2, 1) + name)
    start = len(BOF_BOOK) + len(globals_) + len(bound) + len(EOF)
    bound = bound[:4] + struct.pack("<L", start if offset is None else offset) + bound[8:]
    return BOF_BOOK + globals_ + bound + EOF + BOF_SHEET + cells + EOF


@kind("设有打开密码（加密的.xlsx）", "设有打开密码。请在Excel或WPS中取消密码后再试。")
def password():
    return compound(
        {"EncryptionInfo": b"\x04\0\x04\0\x40\0\0\0", "EncryptedPackage": random.Random(3).randbytes(9000)}
    )


@kind("设有打开密码的.xls", "设有打开密码", ".xls")
def password_of_old():
    return compound({"Workbook": biff(globals_=record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48)))})


@kind("旧Word文档改名", "是Word文档，只是改了扩展名", ".xls")
def word_of_old():
    return compound({"WordDocument": b"\xec\xa5\xc1\0" + bytes(500)})


@kind("邮件等其他OLE文件改名", NOT_WHOLE, ".xls")
def another_compound():
    return compound({"__properties_version1.0": bytes(100)})


@kind("只有OLE文件头", "无法读取：内容损坏", ".xls")
def header_only():
    return compound({})[:512]


@kind("OLE文件头之后是乱码", NOT_WHOLE, ".xls")
def noise_after_the_header():
    return compound({"Workbook": biff()})[:512] + random.Random(4).randbytes(20_000)


@kind("OLE扇区首尾相接成环", "前20行里找不到表头", ".xls")
def sectors_in_a_circle():
    return compound(
        {"Workbook": biff(b"".join(number_cell(row, 0, 1) for row in range(500)))}, next_of_last=0
    )


@kind("OLE扇区大小写成2的31次方", NOT_WHOLE, ".xls")
def huge_sectors():
    content = bytearray(compound({"Workbook": biff()}))
    content[30:32] = struct.pack("<H", 31)
    return bytes(content)


@kind("OLE目录条目互为子项", NOT_WHOLE, ".xls")
def directory_in_a_circle():
    content = compound({"Book1": bytes(10), "Book2": bytes(10)})
    return content.replace(struct.pack("<LLL", FREE, 2, FREE), struct.pack("<LLL", 1, 1, 1))


@kind(".xls被截断", NOT_WHOLE, ".xls")
def cut_workbook():
    content = compound({"Workbook": biff(b"".join(number_cell(row, 0, 1) for row in range(2000)))})
    return content[: len(content) // 2]


@kind(".xls表的位置指到文件以外", UNREADABLE, ".xls")
def sheet_out_of_the_file():
    return compound({"Workbook": biff(offset=0x7FFFFFF0)})


@kind(".xls谎称有四十亿个共享字符串", "前20行里找不到表头", ".xls")
def strings_that_are_not_there():
    return compound({"Workbook": biff(globals_=record(0xFC, struct.pack("<LL", 0xFFFFFFFF, 0xFFFFFFFF)))})


@kind(".xls一直用到IV65536", "一直用到第65536行、第256列", ".xls")
def far_cell_of_old():
    return compound({"Workbook": biff(number_cell(0, 0, 1) + number_cell(65535, 255, 1))})


@kind(".xls记录长度超出文件", NOT_WHOLE, ".xls")
def record_beyond_the_end():
    return compound({"Workbook": biff(struct.pack("<HH", 0x203, 0xFFFF))})
