"""Word files that nobody should hand in, made by hand: each a function that returns the bytes of a .docx."""

import io
import zipfile

import docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OPEN = f'<w:document xmlns:w="{W}"><w:body>'
_CLOSE = "</w:body></w:document>"


def plain(text="2019年上半年，全区资助建档立卡资助学生3人。"):
    document = docx.Document()
    document.add_paragraph(text)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def changed(parts=None, left_out=(), added=None):
    """A plain document with other parts, without some, or with further ones."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain())) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in left_out:
                new.writestr(name, (parts or {}).get(name, old.read(name)))
        for name, content in (added or {}).items():
            new.writestr(name, content)
    return made.getvalue()


def with_text(body):
    return changed({"word/document.xml": f"{_OPEN}{body}{_CLOSE}"})


def paragraph(text):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def nested(depth):
    cell = paragraph("内")
    for _ in range(depth):
        cell = f"<w:tbl><w:tr><w:tc>{cell}<w:p/></w:tc></w:tr></w:tbl>"
    return cell


def forged_part():
    return changed(
        added={"customXml/item1.xml": '<report xmlns="urn:xuezheng:report:1" period="x" snapshot="../../x"/>'}
    )


ENTITY = '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE w:document [<!ENTITY a '{}'>{}]>".format(
    "ha" * 50, "".join(f"<!ENTITY {chr(98 + n)} '{('&' + chr(97 + n) + ';') * 20}'>" for n in range(8))
)

EXTERNAL = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml" Target="file:///etc/passwd" '
    'TargetMode="External"/></Relationships>'
)

#: Files that must be refused or done with; in none may a program fail or take much.
CORPUS = {
    "nothing": lambda: b"",
    "no archive": lambda: b"no",
    "an empty archive": lambda: changed(left_out=tuple(zipfile.ZipFile(io.BytesIO(plain())).namelist())),
    "no document": lambda: changed(left_out=("word/document.xml",)),
    "no body": lambda: changed({"word/document.xml": f'<w:document xmlns:w="{W}"/>'}),
    "another root": lambda: changed({"word/document.xml": "<html><body/></html>"}),
    "no XML": lambda: changed({"word/document.xml": "2019年"}),
    "an empty body": lambda: with_text(""),
    "no styles": lambda: changed(left_out=("word/styles.xml",)),
    "empty styles": lambda: changed({"word/styles.xml": f'<w:styles xmlns:w="{W}"/>'}),
    "no relations": lambda: changed(left_out=("word/_rels/document.xml.rels",)),
    "broken relations": lambda: changed({"word/_rels/document.xml.rels": "<x"}),
    "no content types": lambda: changed(left_out=("[Content_Types].xml",)),
    "an external entity": lambda: changed({"word/document.xml": f"{ENTITY}{_OPEN}{paragraph('&x;3人')}{_CLOSE}"}),
    "entities of entities": lambda: changed({"word/document.xml": f"{LAUGHS}{_OPEN}{paragraph('&i;')}{_CLOSE}"}),
    "a bomb": lambda: changed(added={"word/media/bomb.bin": b"\0" * (101 * 2**20)}),
    "many members": lambda: changed(added={f"word/media/{n}": b"" for n in range(2100)}),
    "100,000 paragraphs": lambda: with_text("<w:p/>" * 100_000),
    "a large table": lambda: with_text("<w:tbl>" + ("<w:tr>" + "<w:tc><w:p/></w:tc>" * 63 + "</w:tr>") * 3000 + "</w:tbl>"),
    "tables in tables": lambda: with_text(nested(60)),
    "tables in tables beyond reading": lambda: with_text(nested(500)),
    "a huge attribute": lambda: with_text(f'<w:p w:rsidR="{"x" * 11_000_000}"/>'),
    "a huge text": lambda: with_text(paragraph("3人" * 500_000)),
    "many numbers": lambda: with_text(paragraph("其中12人，" * 10_000)),
    "wide cells": lambda: with_text(
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
    ),
    "bookmarks without ids": lambda: with_text('<w:bookmarkStart w:name="a"/><w:p/>' + paragraph("3人")),
    "bookmarks of letters": lambda: with_text('<w:bookmarkStart w:id="x" w:name="xz_0001"/>' + paragraph("3人")),
    "sources that are forged": forged_part,
    "sources elsewhere": lambda: changed({"word/_rels/document.xml.rels": EXTERNAL}),
    "a row without cells": lambda: with_text("<w:tbl><w:tr/></w:tbl><w:tbl/>" + paragraph("3人")),
    "an unknown style": lambda: with_text('<w:p><w:pPr><w:pStyle w:val="无"/></w:pPr><w:r><w:t>3人</w:t></w:r></w:p>'),
    "foreign elements": lambda: with_text('<x xmlns="urn:x"><y/></x>' + paragraph("3人")),
    "comments and instructions": lambda: with_text("<!-- x --><?y z?>" + paragraph("3<!-- x -->人")),
}  # fmt: skip
