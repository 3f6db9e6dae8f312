"""Other kinds of files under the name of a workbook, and text files that are none."""

import gzip
import io
import random
import tarfile

from tests.intake.hostile.archives import NOT_WHOLE
from tests.intake.hostile.kinds import kind, workbook, zipped

RENAMED = "不是Excel文件，只是改了扩展名。请用Excel或WPS打开原文件，另存为.xlsx。"


@kind("0字节", "是空文件（0字节）")
def nothing():
    return b""


@kind("1字节", RENAMED)
def one_byte():
    return b"P"


@kind("全是0的5MB", RENAMED)
def only_zeros():
    return bytes(5 * 2**20)


@kind("随机的1MB", RENAMED)
def noise():
    return b"\x01" + random.Random(1).randbytes(2**20)


@kind("PDF改名", "是PDF文件，不是Excel文件")
def pdf():
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF"


@kind("PNG图片改名", "是图片，不是Excel文件")
def png():
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(64)


@kind("JPEG照片改名", "是图片，不是Excel文件", ".xls")
def jpeg():
    return b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(64)


@kind("程序改名", "是程序，不是Excel文件")
def program():
    return b"MZ\x90\0" + bytes(60) + b"PE\0\0" + workbook()


@kind("gzip改名", "是压缩包，不是Excel文件")
def gzipped():
    return gzip.compress(workbook())


@kind("rar改名", "是压缩包，不是Excel文件")
def rar():
    return b"Rar!\x1a\x07\x01\0" + bytes(64)


@kind("7z改名", "是压缩包，不是Excel文件", ".xls")
def seven_zip():
    return b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(64)


@kind("tar改名", RENAMED)
def tar():
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        member = tarfile.TarInfo("名册.xlsx")
        member.size = 4
        archive.addfile(member, io.BytesIO(b"data"))
    return whole.getvalue()


@kind("没有表格的网页改名", "是网页或XML格式，里面没有表格", ".xls")
def web_page():
    return "\ufeff<html><p>登录已超时，请重新登录</p></html>".encode()


@kind("XML电子表格2003改名", "是网页或XML格式的表格", ".xls")
def xml_of_2003():
    return b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?><Workbook/>'


@kind("Word文档改名", "是Word文档，只是改了扩展名")
def word():
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"})


@kind("演示文稿改名", "是演示文稿，只是改了扩展名")
def slides():
    return zipped({"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<presentation/>"})


@kind("ODT文档改名", "不是表格文件，只是改了扩展名")
def odt():
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office/>"})


@kind("只有类型标记的.ods", NOT_WHOLE, ".ods")
def ods_without_content():
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})


OFFICE, TABLE, TEXT = (
    f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text")
)


def ods(table: str, before: str = "") -> bytes:
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content xmlns:office="{OFFICE}"'
        f' xmlns:table="{TABLE}" xmlns:text="{TEXT}"><office:body><office:spreadsheet>{table}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{manifest}"/>'.encode(),
            "content.xml": content.encode(),
        }
    )


@kind(".ods里一格重复一百七十亿次", NOT_WHOLE, ".ods")
def ods_repeated_beyond_memory():
    cell = (
        '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>甲</text:p>'
        "</table:table-cell>"
    )
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    return ods(f'<table:table table:name="学期">{row}</table:table>')


@kind(".ods里的DTD", "里面有文档类型声明（DTD）", ".ods")
def ods_with_dtd():
    return ods('<table:table table:name="学期"/>', '<!DOCTYPE x [<!ENTITY a "b">]>')


@kind(".xlsb里是乱码", NOT_WHOLE, ".xlsb")
def xlsb_of_noise():
    return zipped(
        {
            "xl/workbook.bin": random.Random(2).randbytes(5000),
            "xl/_rels/workbook.bin.rels": b"<Relationships/>",
        }
    )


@kind("二进制内容改名.csv", "里面不是文字", ".csv")
def csv_with_nul():
    return "学期,开学日期\n".encode() + bytes(100)


@kind(".csv里混有两种编码", "里面混有两种文字编码", ".csv")
def csv_of_two_encodings():
    return "学期,开学日期,放假日期\n".encode("gb18030") + "二零一八年秋季学期,,\n".encode()


@kind(".csv编码无法识别", "文字编码无法识别", ".csv")
def csv_of_no_encoding():
    return b"\xff\xff\xff,\x80\n"


@kind("UTF-16的.csv缺半个字", "文字编码无法识别", ".csv")
def csv_of_half_a_sign():
    return "学期".encode("utf-16")[:-1]


@kind(".csv引号不成对", "引号不成对", ".csv")
def csv_with_an_open_quote():
    return '学期,开学日期\n"2018秋,2018-09-01\n'.encode()


@kind(".csv一格2MB", "有一格超过32767字", ".csv")
def csv_with_a_huge_cell():
    return "学期\n".encode() + b"x" * 2**21


@kind(".csv一行两百万列、共一百行", "超过600万个单元格", ".csv")
def csv_of_too_many_columns():
    return b"," * 2_000_000 + b"\n" * 100


@kind("只有BOM的.csv", "里没有可导入的表", ".csv")
def csv_of_a_mark_only():
    return b"\xef\xbb\xbf"
