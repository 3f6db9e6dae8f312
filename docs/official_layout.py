"""The layout of official documents: what GB/T 9704-2012 asks beside what our documents have, and pictures of them.

``page()`` is the text of ``docs/reference/official-layout.md``; ``python docs/official_layout.py`` draws its pictures anew
(LibreOffice and poppler needed).
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xuezheng.settings")
django.setup()

from docx.oxml.ns import qn  # noqa: E402
from docx.shared import Pt, Twips  # noqa: E402

from xuezheng.core.periods import Period  # noqa: E402
from xuezheng.reports.model import Heading, Paragraph, Table  # noqa: E402
from xuezheng.reports.report import Report  # noqa: E402
from xuezheng.reports.word import document, layout  # noqa: E402
from xuezheng.reports.word.document import Sources  # noqa: E402
from xuezheng.reports.word.letterhead import Kind, Letterhead  # noqa: E402

PICTURES = Path(__file__).parent / "pictures"
_DAY = date(2019, 7, 5)
_DISTRICT = {"code": "990101", "name": "明山区", "bureau_name": "明山区教育局"}
_SENTENCE = (
    "坚持以人民为中心发展教育，全面贯彻党的教育方针，落实立德树人根本任务，促进公平、提升质量、保障民生。"
)
_TITLES = {
    Kind.REPORT: "明山区教育局关于2019年上半年义务教育优质均衡发展工作情况的报告",
    Kind.NOTICE: "明山区教育局关于报送2019年上半年工作报表的通知",
    Kind.LETTER: "明山区教育局关于商请核对建档立卡学生名单的函",
}
_HEADS = {
    Kind.REPORT: Letterhead(
        Kind.REPORT,
        number="明教〔2019〕25号",
        signer="汪明远",
        to="明山区人民政府",
        serial="000001",
        secrecy="秘密★1年",
        urgency="加急",
        attachments=("义务教育学校资源配置指标明细表",),
        printed_by="明山区教育局办公室",
    ),
    Kind.NOTICE: Letterhead(
        Kind.NOTICE,
        to="各中小学、幼儿园，局机关各股室",
        copies="区人民政府办公室，区财政局，区人力资源和社会保障局，区发展和改革委员会，区统计局",
        note="此件公开发布",
        printed_by="明山区教育局办公室",
    ),
    Kind.LETTER: Letterhead(
        Kind.LETTER, number="明教函〔2019〕8号", to="区扶贫开发办公室", copies="区民政局"
    ),
}
# Each picture: of which paper, of which of its pages, and what it shows.
_PICTURES = {
    "report": (Kind.REPORT, 1, "报告首页：份号、密级、紧急程度、签发人"),
    "notice": (Kind.NOTICE, 1, "通知首页：文号留空，签发后填写"),
    "last": (Kind.NOTICE, 2, "通知末页：版记在双数页的版心下边缘"),
    "letter": (Kind.LETTER, 1, "函首页：信函格式"),
}
# What LibreOffice shows where the typefaces of official documents are not installed.
_STAND_INS = {
    "仿宋_GB2312": "Noto Serif CJK SC:medium",
    "楷体_GB2312": "Noto Serif CJK SC:medium",
    "宋体": "Noto Serif CJK SC:medium",
    "方正小标宋简体": "Noto Serif CJK SC:bold",
    "黑体": "Noto Sans CJK SC:medium",
}


@dataclass(frozen=True)
class Measure:
    """One measure: the clause and what it measures, what it should be, how far it may be off, and what it is."""

    clause: str
    what: str
    standard: float
    ours: float
    unit: str = "mm"
    tolerance: float = 0.0

    @property
    def met(self) -> bool:
        """Whether the document keeps to the standard."""
        return abs(self.ours - self.standard) <= self.tolerance + 0.051


def specimen(kind: Kind) -> Report:
    """Return an invented paper of a kind."""
    body: list[Any] = [Heading(0, (_TITLES[kind],)), Paragraph((_SENTENCE * 2,))]
    if kind is not Kind.LETTER:
        body += [
            Heading(1, ("一、总体情况",)),
            Heading(2, ("（一）健全工作机制",)),
            Paragraph((_SENTENCE * 3,)),
            Heading(3, ("1.明确责任分工",)),
            Paragraph((_SENTENCE,)),
            Heading(4, ("（1）逐级落实",)),
            Paragraph((_SENTENCE,)),
        ]
    if kind is Kind.REPORT:
        rows = ("学段", "学校", "已达标"), ("小学", "若干所", "大部分"), ("初中", "若干所", "全部")
        cells = tuple(tuple((cell,) for cell in row) for row in rows)
        body += [Table(("义务教育学校达标情况",), cells), *[Paragraph((_SENTENCE * 4,))] * 8]
    return Report(
        "试样",
        Period.parse("2019H1"),
        "20190705-00000000",
        _DAY,
        _DISTRICT,
        tuple(body),
        (),
        (),
        _HEADS[kind],
    )


def documents() -> dict[Kind, Any]:
    """Return the document of each specimen."""
    return {kind: document.build(specimen(kind), Sources.NONE) for kind in Kind}


def measures(made: dict[Kind, Any]) -> Iterator[Measure]:
    """Read the measures of the standard from documents."""
    report, letter = made[Kind.REPORT], made[Kind.LETTER]
    section, body = report.sections[0], report.styles["Normal"]
    pitch = body.font.size + _spacing(body)
    line = body.paragraph_format.line_spacing
    text_width = section.page_width - section.left_margin - section.right_margin
    text_height = section.page_height - section.top_margin - section.bottom_margin
    yield Measure("5.2.1", "天头（上白边）", 37, section.top_margin.mm, tolerance=1)
    yield Measure("5.2.1", "订口（左白边，双面印刷时背面在右）", 28, section.left_margin.mm, tolerance=1)
    yield Measure("5.2.1", "版心宽", 156, text_width / 36000)
    yield Measure("5.2.1", "版心高", 225, text_height / 36000)
    yield Measure("5.2.3", "每面行数", 22, text_height // line, "行")
    yield Measure("5.2.3", "每行字数", 28, text_width // pitch, "字")
    yield Measure("5.2.2", "正文3号字", 16, body.font.size.pt, "磅")
    yield Measure("7.3.1", "标题2号字", 22, report.styles["Title"].font.size.pt, "磅")
    yield Measure("7.3.3", "每个自然段左空", 2, _characters(body.element.pPr, "firstLine"), "字")
    yield from _head_measures(report, line)
    yield from _ending_measures(made)
    yield from _letter_measures(letter)


def _head_measures(report: Any, line: Any) -> Iterator[Measure]:
    paragraphs = report.paragraphs
    styles = [paragraph.style.name for paragraph in paragraphs]
    issuer, number, title = (styles.index(name) for name in ("发文机关标志", "发文字号", "Title"))
    before = issuer * line + paragraphs[issuer].paragraph_format.space_before
    yield Measure("7.2.4", "发文机关标志上边缘至版心上边缘", 35, before / 36000, tolerance=0.5)
    yield Measure("7.2.5", "发文字号在发文机关标志下空", 2, number - issuer - 1, "行")
    rule = paragraphs[number]._p.pPr.find(qn("w:pBdr"))[0]
    # The characters of 三号 end some 6 points above the foot of their line.
    yield Measure(
        "7.2.7", "红色分隔线在发文字号下", 4, Pt(int(rule.get(qn("w:space"))) + 6).mm, tolerance=0.3
    )
    yield Measure("7.3.1", "标题在红色分隔线下空", 2, title - number - 1, "行")
    yield Measure("7.3.2", "主送机关在标题下空", 1, styles.index("主送机关") - title - 1, "行")


def _ending_measures(made: dict[Kind, Any]) -> Iterator[Measure]:
    report, notice = made[Kind.REPORT], made[Kind.NOTICE]
    paragraphs = report.paragraphs
    attached = next(p for p in paragraphs if p.style.name == "附件说明")
    signed = [p for p in paragraphs if p.style.name == "署名和成文日期"]
    left = _characters(attached._p.pPr, "left") - _characters(attached._p.pPr, "hanging")
    yield Measure("7.3.4", "附件说明左空", 2, left, "字")
    yield Measure("7.3.5.1", "加盖印章的公文，成文日期右空", 4, _characters(signed[-1]._p.pPr, "right"), "字")
    rules = {
        rule.tag: int(rule.get(qn("w:sz"))) / 8
        for rule in notice.tables[-1]._tbl.tblPr.find(qn("w:tblBorders"))
    }
    yield Measure("7.4.1", "版记首条、末条分隔线粗", 0.35, Pt(rules[qn("w:top")]).mm)
    yield Measure("7.4.1", "版记中间分隔线粗", 0.25, Pt(rules[qn("w:insideH")]).mm)
    yield Measure("7.4.2", "版记4号字", 14, notice.styles["版记"].font.size.pt, "磅")
    footer = notice.sections[0].footer.paragraphs[0]
    section, style = notice.sections[0], footer.style
    height = style.paragraph_format.line_spacing
    # In a line of fixed height the foot of the characters is at four fifths; a dash stands a third of a character above.
    dash = section.bottom_margin - section.footer_distance - height + height * 0.8 - style.font.size * 0.35
    yield Measure("7.5", "页码一字线上距版心下边缘", 7, dash / 36000, tolerance=0.5)
    yield Measure("7.5", "单页码右空", 1, _characters(footer._p.pPr, "right"), "字")
    even = section.even_page_footer.paragraphs[0]
    yield Measure("7.5", "双页码左空", 1, _characters(even._p.pPr, "left"), "字")


def _letter_measures(letter: Any) -> Iterator[Measure]:
    section = letter.sections[0]
    upper, lower = section.first_page_header.paragraphs[-1], section.first_page_footer.paragraphs[0]
    wide = section.page_width - section.left_margin - section.right_margin
    yield Measure("10.1", "发文机关标志上边缘至上页边", 30, section.header_distance.mm, tolerance=0.5)
    for name, rule in (("第一条", upper), ("第二条", lower)):
        own = rule.paragraph_format
        yield Measure("10.1", f"{name}红色双线长", 170, (wide - own.left_indent - own.right_indent) / 36000)
    yield Measure("10.1", "第二条红色双线距下页边", 20, section.footer_distance.mm)
    number = next(p for p in letter.paragraphs if p.style.name == "发文字号")
    stop = number.paragraph_format.tab_stops[0].position
    yield Measure("10.1", "发文字号右端至版心右边缘", 0, (wide - stop) / 36000)
    digits = sum(len(p.text) for p in section.first_page_footer.paragraphs)
    yield Measure("10.1", "首页页码", 0, digits, "个")


def _characters(properties: Any, side: str) -> float:
    return int(properties.find(qn("w:ind")).get(qn(f"w:{side}Chars"))) / 100


def _spacing(style: Any) -> int:
    return Twips(int(style.element.rPr.find(qn("w:spacing")).get(qn("w:val"))))


def page() -> str:
    """Return the page of the reference."""
    rows = "\n".join(
        f"| {one.clause} | {one.what} | {one.standard:g}{one.unit} | {round(one.ours, 2):g}{one.unit} |"
        for one in measures(documents())
    )
    pictures = "\n\n".join(
        f"![{shows}](../pictures/official-{name}.png)" for name, (_, _, shows) in _PICTURES.items()
    )
    return f"""# 公文版式

报告、通知和函按《党政机关公文格式》（GB/T 9704—2012）排版。左边是标准的条款和数值，右边是从生成的文档中读出的数值。
文头要素怎样填写，见[按公文格式印发](../how-to/issue-a-paper.md)。

| 条款 | 要素 | 标准 | 生成的文档 |
| --- | --- | --- | --- |
{rows}

标准没有定的，这样处理：发文机关标志48磅（信函40磅），字数多时缩小到一行；标题行距33磅；表格用小四号，列多时依次用五号、小五号。
标准以印刷油墨规定红色，文档中用`{layout.RED}`。附录“数字出处一览表”不属于公文要素，正式印发时用`--sources 不显示`。

与标准的差别：

- 只排单一机关行文，联合行文须另行排版。
- 信函首页的正文止于版心下边缘，不排到第二条红色双线之上。
- 版记排在末页还是另起一面，由系统按行数推算，没有把握时另起双数页；在Word中增删文字、刷新数字后末页有变的，请移动版记或其前面的分节符。
- A4纸横排的表格须在Word中另设横向页面。

## 样张

由LibreOffice绘制；没有安装仿宋_GB2312、楷体_GB2312、方正小标宋简体时以思源宋体、思源黑体代替，字形不同，位置相同。

{pictures}
"""


def draw(folder: Path) -> None:
    """Draw the pictures of the page into a folder."""
    with tempfile.TemporaryDirectory() as scratch:
        pdfs, _ = printed({kind.name: made for kind, made in documents().items()}, Path(scratch))
        for picture, (kind, number, _) in _PICTURES.items():
            pages = ["-r", "72", "-f", str(number), "-l", str(number), "-singlefile"]
            subprocess.run(
                ["pdftoppm", "-png", *pages, pdfs[kind.name], folder / f"official-{picture}"], check=True
            )


def printed(made: dict[str, Any], folder: Path) -> tuple[dict[str, Path], str]:
    """Let LibreOffice write documents as PDF, in one run; return the files by name, and what it complained of."""
    for name, one in made.items():
        one.save(str(folder / f"{name}.docx"))
    run = subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={folder.as_uri()}/profile",
            "--headless",
            *("--convert-to", "pdf", "--outdir", str(folder)),
            *(str(folder / f"{name}.docx") for name in made),
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=180,
        env={**os.environ, "FONTCONFIG_FILE": str(_fonts(folder))},
    )
    return {name: folder / f"{name}.pdf" for name in made}, run.stderr


def _fonts(scratch: Path) -> Path:
    """Write a configuration of fonts in which others stand in for those of official documents."""
    rules = ""
    for family, stand_in in _STAND_INS.items():
        name, weight = stand_in.split(":")
        rules += (
            f'<match target="pattern"><test name="family"><string>{family}</string></test>'
            f'<edit name="family" mode="assign" binding="strong"><string>{name}</string></edit>'
            f'<edit name="weight" mode="assign" binding="strong"><const>{weight}</const></edit></match>'
        )
    path = scratch / "fonts.conf"
    path.write_text(
        f"<fontconfig><include>/etc/fonts/fonts.conf</include>{rules}<cachedir>{scratch}/fonts</cachedir></fontconfig>",
        encoding="utf-8",
    )
    return path


if __name__ == "__main__":
    draw(PICTURES)
