"""Other formats than .docx: what can be read is read, all else is refused with the true reason and a remedy."""

import shutil
import subprocess
import zipfile

import docx
import pytest

from xuezheng.proofing import read
from xuezheng.proofing.reading import UnreadableError
from xuezheng.proofing.word_file import NotAReportError

TEXT = "资助学生12人，其中小学5人、初中7人。"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
STRICT = {
    "http://schemas.openxmlformats.org/officeDocument/2006/": "http://purl.oclc.org/ooxml/officeDocument/",
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "http://schemas.openxmlformats.org/drawingml/2006/": "http://purl.oclc.org/ooxml/drawingml/",
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture
def document(tmp_path):
    made = docx.Document()
    made.add_paragraph(TEXT)
    made.save(tmp_path / "报告.docx")
    return tmp_path / "报告.docx"


def changed(document, name, changes, *, only=None):
    """Copy a Word file under another name, with some texts of its parts changed."""
    path = document.with_name(name)
    with zipfile.ZipFile(document) as package, zipfile.ZipFile(path, "w") as copy:
        for member in package.namelist():
            content = package.read(member).decode("utf-8") if member.endswith((".xml", ".rels")) else ""
            for old, new in changes.items() if only in (None, member) else ():
                content = content.replace(old, new)
            copy.writestr(member, content.encode() or package.read(member))
    return path


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [
        ("docm", "application/vnd.ms-word.document.macroEnabled.main+xml"),
        ("dotx", "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"),
        ("dotm", "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"),
    ],
)
def test_a_word_file_with_macros_and_a_template_are_read_like_a_document(document, suffix, kind):
    path = changed(document, f"报告.{suffix}", {MAIN: kind}, only="[Content_Types].xml")
    assert TEXT in read(path).paragraphs


def test_a_strict_word_file_is_read_like_a_document(document):
    path = changed(document, "严格.docx", STRICT)
    with zipfile.ZipFile(path) as package:
        assert b"purl.oclc.org/ooxml/wordprocessingml/main" in package.read("word/document.xml")
    assert TEXT in read(path).paragraphs


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("suffix", ["doc", "odt", "rtf"])
def test_what_libreoffice_reads_is_converted(document, suffix, tmp_path):
    command = [
        "soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
        "--convert-to", suffix, "--outdir", str(tmp_path), str(document),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert TEXT in read(document.with_suffix(f".{suffix}")).paragraphs


def test_without_libreoffice_the_remedy_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    path = tmp_path / "报告.wps"
    path.write_bytes(OLE + b"\0" * 600)
    with pytest.raises(UnreadableError, match=r"没有装.*另存为“.docx”"):
        read(path)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("加密.docx", OLE + b"\0" * 64 + "EncryptedPackage".encode("utf-16-le"), "打开密码.*取消密码"),
        ("改名.docx", OLE + b"\0" * 64 + "WordDocument".encode("utf-16-le"), "老格式.*另存为“.docx”"),
        ("扫描.docx", b"%PDF-1.7\n", "PDF文件.*另存为“.docx”"),
        ("杂.docx", b"hello", "不是能打开的Word文档"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_true_reason(tmp_path, name, content, reason):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(NotAReportError, match=reason):
        read(path)


def test_a_locked_opendocument_file_is_refused_with_the_true_reason(tmp_path):
    path = tmp_path / "加密.odt"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    with pytest.raises(UnreadableError, match=r"打开密码.*取消密码"):
        read(path)
