"""Zip files that are not what their directory says, or that are too much."""

import io
import struct
import zipfile

from tests.intake.hostile.kinds import READ, SHEET, deflated, kind, sound_parts, workbook, zipped

NOT_WHOLE = "不是完整的Excel文件。请用Excel或WPS打开原文件，另存为.xlsx后再试。"
UNREADABLE = "无法读取：内容损坏，或占用内存过大。"
GIGABYTE = 2**30


def packed(members: list[tuple[str, bytes, int, int, int]]) -> bytes:
    """A zip file of members (name, packed bytes, method, size as told, sum as told), whatever they hold."""
    whole, directory = bytearray(), bytearray()
    for name, content, method, size, crc in members:
        told = struct.pack(
            "<HHHHHLLLHH", 20, 0x800, method, 0, 33, crc, len(content), size, len(name.encode()), 0
        )
        offset = len(whole)
        whole += b"PK\x03\x04" + told + name.encode() + content
        directory += (
            b"PK\x01\x02" + struct.pack("<H", 20) + told
            + struct.pack("<HHHLL", 0, 0, 0, 0, offset) + name.encode()
        )  # fmt: skip
    return bytes(whole + directory) + ending(len(members), len(directory), len(whole))


def ending(count: int, size: int, offset: int) -> bytes:
    return b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, count & 0xFFFF, count & 0xFFFF, size, offset, 0)


def stored(changes: dict[str, bytes] | None = None) -> list[tuple[str, bytes, int, int, int]]:
    """The parts of the sound workbook as members, not compressed."""
    return [
        (name, content, 0, len(content), zipfile.crc32(content))
        for name, content in {**sound_parts(), **(changes or {})}.items()
    ]


def beside(*members: tuple[str, bytes, int, int, int]) -> bytes:
    """The sound workbook with further members, or others in place of its own."""
    names = {name for name, *_ in members}
    return packed([it for it in stored() if it[0] not in names] + list(members))


@kind("工作表展开后2GB（压缩炸弹）", "展开后超过300兆")
def bomb_in_the_sheet():
    return beside((SHEET, deflated(2 * GIGABYTE), 8, 2 * GIGABYTE, 0))


@kind("图片展开后3GB（压缩炸弹）", "展开后超过300兆")
def bomb_in_a_picture():
    return beside(("xl/media/image1.png", deflated(3 * GIGABYTE, b"\0"), 8, 3 * GIGABYTE, 0))


@kind("1,500个部件各展开1MB", "展开后超过300兆")
def bomb_of_many_parts():
    small = deflated(2**20)
    return beside(*((f"xl/media/{number}.bin", small, 8, 2**20, 0) for number in range(1500)))


@kind("目录谎称1MB，展开却有1GB", NOT_WHOLE)
def directory_that_understates():
    return beside((SHEET, deflated(GIGABYTE), 8, 2**20, 0))


@kind("目录谎称3GB，实际1KB", "展开后超过300兆")
def directory_that_overstates():
    return beside((SHEET, b"x" * 1024, 0, 3 * GIGABYTE, 0))


@kind("100,000个部件", "里面有100010个部件")
def hundred_thousand_parts():
    whole = io.BytesIO(packed(stored() + [(f"x/{number}", b"", 0, 0, 0) for number in range(100_000)]))
    content = whole.getvalue()
    start = content.index(b"PK\x01\x02")
    count = len(sound_parts()) + 100_000
    size = len(content) - 22 - start
    zip64 = b"PK\x06\x06" + struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, count, count, size, start)
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, len(content) - 22, 1)
    return (
        content[:-22]
        + zip64
        + locator
        + b"PK\x05\x06"
        + struct.pack("<HHHHLLH", 0, 0, 0xFFFF, 0xFFFF, size, 0xFFFFFFFF, 0)
    )


@kind("压缩包里套压缩包，十层", "是压缩包，不是工作簿")
def zips_in_zips():
    content = workbook()
    for level in range(10):
        content = zipped({f"{level}-{copy}.zip": content for copy in range(2)})
    return content


@kind("压缩包里放着几个工作簿", "是压缩包，不是工作簿。请解压后逐个上传")
def zip_of_workbooks():
    return zipped({"甲校.xlsx": workbook(), "乙校.xlsx": workbook()})


def cut(share: float) -> bytes:
    content = workbook()
    return content[: int(len(content) * share)]


@kind("只下载到一成", NOT_WHOLE)
def cut_after_a_tenth():
    return cut(0.1)


@kind("只下载到一半", NOT_WHOLE)
def cut_in_half():
    return cut(0.5)


@kind("目录被截断", NOT_WHOLE)
def cut_in_the_directory():
    return cut(0.97)


@kind("最后10字节丢失", NOT_WHOLE)
def cut_at_the_end():
    return workbook()[:-10]


@kind("头上缺4字节", "不是Excel文件，只是改了扩展名")
def cut_at_the_start():
    return workbook()[4:]


@kind("中间有一段被清零", NOT_WHOLE)
def hole_in_the_middle():
    content = workbook()
    return content[:400] + bytes(800) + content[1200:]


@kind("目录的位置指到文件以外", NOT_WHOLE)
def directory_out_of_the_file():
    return workbook()[:-22] + ending(10, 500, 0x7FFFFFFF)


@kind("只有空目录的压缩包", "不是Excel文件，只是改了扩展名")
def empty_directory():
    return ending(0, 0, 0)


@kind("部件的校验和不对", NOT_WHOLE)
def wrong_sum():
    content = sound_parts()[SHEET]
    return beside((SHEET, content, 0, len(content), 0x12345678))


@kind("未知的压缩方法", NOT_WHOLE)
def unknown_method():
    content = sound_parts()[SHEET]
    return beside((SHEET, content, 99, len(content), zipfile.crc32(content)))


@kind("有两个同名的工作表部件", "里面有同名的部件")
def part_that_stands_twice():
    return packed(stored() + stored()[:3])


@kind("部件名只差大小写", "里面有同名的部件")
def part_in_another_case():
    return packed([*stored(), (SHEET.upper(), b"", 0, 0, 0)])


def named(name: str) -> bytes:
    return beside((name, b"x", 0, 1, zipfile.crc32(b"x")))


@kind("部件名用..跳出文件夹", "里面有指向文件以外的路径")
def name_that_climbs():
    return named("../../../../tmp/xuezheng-was-here")


@kind("部件名是绝对路径", "里面有指向文件以外的路径")
def name_from_the_root():
    return named("/etc/cron.d/xuezheng")


@kind("部件名是Windows路径", "里面有指向文件以外的路径")
def name_of_a_drive():
    return named("C:\\Windows\\xuezheng.exe")


@kind("压缩包设有密码", "设有压缩密码")
def zip_with_a_password():
    content = bytearray(workbook())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(sign, at + 1)) >= 0:
            content[at + place] |= 1
    return bytes(content)


@kind("压缩包带64KB的注释", READ)
def long_comment():
    content = workbook()
    return content[:-2] + struct.pack("<H", 60_000) + b"x" * 60_000


@kind("部件是符号链接", READ)
def symbolic_link():
    whole = io.BytesIO(workbook())
    with zipfile.ZipFile(whole, "a") as package:
        link = zipfile.ZipInfo("xl/media/link")
        link.external_attr = 0o120777 << 16
        package.writestr(link, "/etc/passwd")
    return whole.getvalue()
