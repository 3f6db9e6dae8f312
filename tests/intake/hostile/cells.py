"""Sheets and texts that no program would write."""

from tests.intake.hostile.archives import NOT_WHOLE, UNREADABLE
from tests.intake.hostile.kinds import (
    READ,
    SHEET,
    STRINGS,
    in_part,
    kind,
    sound_parts,
    with_rows,
    with_sheet,
    workbook,
)


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


HEADINGS = row(1, text_cell("A1", "学期"), text_cell("B1", "开学日期"), text_cell("C1", "放假日期"))
TERM = row(2, text_cell("A2", "2018秋"), text_cell("B2", "2018-09-01"), text_cell("C2", "2019-01-25"))


def with_cell(xml: str) -> bytes:
    """A sheet of one term and a further cell in its third row."""
    return with_rows(HEADINGS + TERM + row(3, xml))


@kind("XFD1048576有内容（一百七十亿格）", UNREADABLE)
def far_cell():
    return with_rows(HEADINGS + row(1048576, text_cell("XFD1048576", "完")))


@kind("第1048576行误按了一个空格", "一直用到第1048576行、第12列")
def far_row():
    return with_rows(HEADINGS + row(1048576, text_cell("L1048576", " ")))


@kind("16,385列", "表头下面没有数据")
def too_many_columns():
    return with_rows(HEADINGS + row(2, text_cell("XFE2", "多一列")))


@kind("谎称范围为A1:XFD1048576", READ)
def dimension_that_lies():
    return in_part(SHEET, 'ref="A1:C4"', 'ref="A1:XFD1048576"')


@kind("一百万行空白但有格式", READ)
def million_blank_rows():
    blank = "".join(f'<row r="{number}" s="1" customFormat="1" ht="20"/>' for number in range(5, 1_048_577))
    return in_part(SHEET, "</sheetData>", f"{blank}</sheetData>")


@kind("二十万行、每行五个有格式的空格", READ)
def blank_cells():
    cells = '<c s="1"/>' * 5
    blank = "".join(f'<row r="{number}">{cells}</row>' for number in range(5, 200_000))
    return in_part(SHEET, "</sheetData>", f"{blank}</sheetData>")


@kind("行号为0", NOT_WHOLE)
def row_zero():
    return with_rows(HEADINGS + row(0, text_cell("A0", "零")))


@kind("行号为负", NOT_WHOLE)
def negative_row():
    return with_rows(HEADINGS + row(-5, text_cell("A-5", "负")))


@kind("行号超过42亿", UNREADABLE)
def huge_row():
    return with_rows(HEADINGS + row(99999999999, text_cell("A99999999999", "大")))


@kind("列名有20个字母", UNREADABLE)
def huge_column():
    return with_rows(HEADINGS + row(2, text_cell(f"{'Z' * 20}2", "远")))


@kind("共享字符串序号越界", NOT_WHOLE)
def string_that_is_not_there():
    return with_cell('<c r="A3" t="s"><v>999999</v></c>')


@kind("共享字符串序号为负", "是重复的表头，不是数据")
def negative_string():
    return with_cell('<c r="A3" t="s"><v>-1</v></c>')


@kind("谎称有四十亿个共享字符串", READ)
def strings_that_lie():
    return in_part(STRINGS, 'count="', 'count="4294967295" was="')


@kind("一段3万字被引用30万次", UNREADABLE)
def string_repeated():
    cells = "".join(
        f'<row r="{number}"><c r="A{number}" t="s"><v>0</v></c></row>' for number in range(1, 300_001)
    )
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return workbook(
        {
            STRINGS: f'<?xml version="1.0"?><sst {main}><si><t>{"长" * 32_767}</t></si></sst>'.encode(),
            SHEET: f'<?xml version="1.0"?><worksheet {main}><sheetData>{cells}</sheetData></worksheet>'.encode(),
        }
    )


@kind("一格里有5000万字", "里的文字超过4000万字")
def huge_string():
    return with_rows(HEADINGS + row(2, text_cell("A2", "x" * 50_000_000)))


@kind("不成对的代理字符", NOT_WHOLE)
def lone_surrogate():
    return with_cell(text_cell("A3", "&#xD800;"))


@kind("NUL字符", NOT_WHOLE)
def nul():
    return with_cell(text_cell("A3", "2019&#0;春"))


@kind("控制字符", "含有看不见的字符")
def controls():
    return with_cell(text_cell("A3", "2019_x0007_&#7;春"))


@kind("文字方向控制符", "含有看不见的字符")
def direction_marks():
    return with_cell(text_cell("A3", "2019\u202e春"))


@kind("未定义的实体", NOT_WHOLE)
def unknown_entity():
    return with_cell(text_cell("A3", "&passwd;"))


@kind("超出Unicode的字符", NOT_WHOLE)
def sign_beyond_unicode():
    return with_cell(text_cell("A3", "&#x110000;"))


@kind("工作表不是UTF-8", NOT_WHOLE)
def broken_utf8():
    return workbook({SHEET: sound_parts()[SHEET].replace(b"<sheetData>", b"<sheetData>\xff\xfe")})


@kind("声明为GB2312，内容是UTF-8", READ)
def declared_otherwise():
    return workbook({STRINGS: sound_parts()[STRINGS].replace(b"UTF-8", b"gb2312")})


@kind("XML没有写完", NOT_WHOLE)
def open_end():
    return workbook({SHEET: sound_parts()[SHEET].partition(b"</sheetData>")[0]})


@kind("嵌套十万层", "表头下面没有数据")
def deep_nesting():
    return with_rows(HEADINGS + "<row>" * 100_000)


@kind("一个属性有10MB", READ)
def huge_attribute():
    return in_part(SHEET, "<sheetData>", f'<sheetData x="{"y" * 10_485_760}">')


@kind("一条注释有20MB", READ)
def huge_comment():
    return in_part(SHEET, "<sheetData>", f"<!--{'c' * 20_971_520}--><sheetData>")


@kind("20万个没有写完的错误值单元格", NOT_WHOLE)
def errors_without_end():
    return with_rows(HEADINGS + TERM + '<c t="e" r="A3"><f>' * 200_000)


@kind("公式调用外部程序（DDE）", READ)
def dde():
    formula = '<c r="D1" t="str"><f>cmd|\'/c calc\'!A1</f></c>'
    return in_part(SHEET, "</row>", f"{formula}</row>")


@kind("公式长2MB", READ)
def huge_formula():
    return in_part(SHEET, "</row>", f'<c r="D1"><f>{"1+" * 2**20}1</f></c></row>')


@kind("数值为1E308、NaN和无穷大", "填的是“nan”，无法识别这个日期")
def odd_numbers():
    return with_cell('<c r="A3"><v>1E308</v></c><c r="B3"><v>NaN</v></c><c r="C3"><v>-inf</v></c>')


@kind("日期超出一切历法", "无法识别这个日期")
def day_beyond_calendars():
    return with_cell('<c r="A3" t="d"><v>99999-99-99T99:99:99</v></c><c r="B3" s="1"><v>-99999999</v></c>')


@kind("合并A1:XFD1048576", READ)
def everything_merged():
    return in_part(
        SHEET, "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    )


@kind("五万处合并互相重叠", "里面有重叠的合并单元格")
def merges_that_overlap():
    merges = "".join(f'<mergeCell ref="A{number}:A1048576"/>' for number in range(1, 50_001))
    rows = HEADINGS + row(60_000, text_cell("A60000", "末"))
    return with_sheet(f"<sheetData>{rows}</sheetData><mergeCells>{merges}</mergeCells>")


@kind("合并的范围写错", NOT_WHOLE)
def merge_of_nothing():
    return in_part(SHEET, "</sheetData>", '</sheetData><mergeCells><mergeCell ref="??:-1"/></mergeCells>')
