"""Parts of a workbook that are not what they should be: DTDs, links, missing and contradicting parts."""

from tests.intake.hostile.archives import NOT_WHOLE
from tests.intake.hostile.kinds import (
    LINKS,
    READ,
    SHEET,
    STRINGS,
    STYLES,
    TYPES,
    WORKBOOK,
    in_part,
    kind,
    sound_parts,
    workbook,
)

DTD = "里面有文档类型声明（DTD），Excel和WPS都不会这样保存"
LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(12))
)
PARTS = {
    "contents": WORKBOOK,
    "sheet": SHEET,
    "strings": STRINGS,
    "styles": STYLES,
    "links": LINKS,
    "types": TYPES,
    "theme": "xl/theme/theme1.xml",
    "properties": "docProps/core.xml",
}


def with_dtd(name: str, dtd: str, use: str = "") -> bytes:
    """The sound workbook with a DTD in one part, and an entity of it used where the part has text."""
    text = sound_parts()[name].decode()
    end = text.index("?>") + 2
    return workbook({name: (text[:end] + dtd + text[end:].replace("2018秋", use or "2018秋")).encode()})


def _add_dtds() -> None:
    for word, name in PARTS.items():

        def plain(name=name):
            return with_dtd(name, "<!DOCTYPE x>")

        def bomb(name=name):
            return with_dtd(name, LAUGHS, "&a12;")

        plain.__name__, bomb.__name__ = f"dtd_in_{word}", f"entity_bomb_in_{word}"
        kind(f"{name}里的DTD", DTD)(plain)
        kind(f"{name}里的实体炸弹", DTD)(bomb)


_add_dtds()


@kind("外部实体读取/etc/passwd", DTD)
def external_entity():
    return with_dtd(STRINGS, '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;")


@kind("UTF-16工作表里的DTD", DTD)
def dtd_in_utf16():
    text = sound_parts()[SHEET].decode().replace("UTF-8", "UTF-16")
    return workbook({SHEET: text.replace("?>", "?><!DOCTYPE x>", 1).encode("utf-16")})


@kind("2MB注释之后的DTD", DTD)
def dtd_after_a_long_comment():
    return with_dtd(SHEET, f"<!--{'x' * 2_097_140}--><!DOCTYPE x>")


@kind("外部链接", READ)
def external_links():
    book = (
        sound_parts()[WORKBOOK]
        .decode()
        .replace(
            "</sheets>", '</sheets><externalReferences><externalReference r:id="rId9"/></externalReferences>'
        )
    )
    links = (
        sound_parts()[LINKS]
        .decode()
        .replace(
            "</Relationships>",
            '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"'
            ' Target="externalLinks/externalLink1.xml"/></Relationships>',
        )
    )
    return workbook(
        {
            WORKBOOK: book.encode(),
            LINKS: links.encode(),
            "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
        }
    )


@kind("宏", READ, ".xlsm")
def macros():
    return workbook({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Auto_Open" * 100})


@kind("嵌入的程序和工作簿", READ)
def embedded_objects():
    return workbook({"xl/embeddings/oleObject1.bin": b"MZ" + bytes(100), "xl/embeddings/内.xlsx": workbook()})


@kind("关系指向文件以外的路径", NOT_WHOLE)
def link_that_climbs():
    return in_part(LINKS, "worksheets/sheet1.xml", "../../../../../etc/passwd")


@kind("关系指向网址", NOT_WHOLE)
def link_to_the_web():
    return in_part(LINKS, "worksheets/sheet1.xml", "http://127.0.0.1:9/sheet1.xml")


@kind("缺少工作表部件", NOT_WHOLE)
def missing_sheet():
    return workbook({SHEET: None})


@kind("缺少共享字符串", NOT_WHOLE)
def missing_strings():
    return workbook({STRINGS: None})


@kind("缺少关系部件", NOT_WHOLE)
def missing_links():
    return workbook({LINKS: None})


@kind("缺少样式部件", READ)
def missing_styles():
    return workbook({STYLES: None})


@kind("缺少内容类型部件", READ)
def missing_types():
    return workbook({TYPES: None})


@kind("内容类型全部写错", READ)
def wrong_types():
    return in_part(TYPES, "spreadsheetml", "wordprocessingml", -1)


@kind("工作簿部件是空的", NOT_WHOLE)
def empty_contents():
    return workbook({WORKBOOK: b""})


def with_sheets(xml: str) -> bytes:
    text = sound_parts()[WORKBOOK].decode()
    start, end = text.index("<sheets>") + 8, text.index("</sheets>")
    return workbook({WORKBOOK: (text[:start] + xml + text[end:]).encode()})


def sheet_entry(name: str, number: int = 1) -> str:
    return f'<sheet name="{name}" sheetId="{number}" r:id="rId1"/>'


@kind("65,536张表", "里面有几张表共用一个部件")
def too_many_sheets():
    return with_sheets("".join(sheet_entry(f"表{number}", number) for number in range(65_536)))


@kind("400张表共用一个部件", "里面有几张表共用一个部件")
def sheets_of_one_part():
    return with_sheets("".join(sheet_entry(f"表{number}", number) for number in range(400)))


@kind("两张同名的表", "里面有两张同名的表")
def sheets_of_one_name():
    return with_sheets(sheet_entry("学期", 1) + sheet_entry("学期", 2))


@kind("表名里有斜线和..", "“../../学期/甲”：表名不是系统的表名")
def sheet_name_with_slashes():
    return with_sheets(sheet_entry("../../学期/甲"))


@kind("表名一万字", "表名不是系统的表名")
def long_sheet_name():
    return with_sheets(sheet_entry("学" * 10_000))


@kind("表名为空", "表名不是系统的表名")
def sheet_without_a_name():
    return with_sheets(sheet_entry(""))


@kind("表名里有控制字符", NOT_WHOLE)
def sheet_name_with_controls():
    return with_sheets(sheet_entry("学期&#1;&#27;[31m"))


@kind("表名里有网页代码", "表名不是系统的表名")
def sheet_name_with_markup():
    return with_sheets(sheet_entry("&lt;script&gt;alert(1)&lt;/script&gt;"))


@kind("四万个定义的名称", READ)
def many_defined_names():
    names = "".join(f'<definedName name="n{number}">学期!$A$1</definedName>' for number in range(40_000))
    return in_part(WORKBOOK, "</sheets>", f"</sheets><definedNames>{names}</definedNames>")


@kind("一个定义的名称有5MB", NOT_WHOLE)
def huge_defined_name():
    return in_part(
        WORKBOOK,
        "</sheets>",
        f'</sheets><definedNames><definedName name="n">{"A" * 5_242_880}</definedName></definedNames>',
    )


@kind("样式互相引用成环", READ)
def styles_in_a_circle():
    return in_part(
        STYLES,
        '<cellXfs count="1">',
        '<cellXfs count="4294967295"><xf numFmtId="0" xfId="1"/><xf numFmtId="999999" xfId="0"/>',
    )


@kind("一百万个单元格样式", READ)
def million_styles():
    return in_part(
        STYLES, '<cellXfs count="1">', '<cellXfs count="1">' + '<xf numFmtId="14" xfId="0"/>' * 1_000_000
    )


@kind("数字格式长2MB", READ)
def huge_number_format():
    return in_part(
        STYLES,
        "<fonts",
        f'<numFmts count="1"><numFmt numFmtId="200" formatCode="{"y" * 2**21}"/></numFmts><fonts',
    )
