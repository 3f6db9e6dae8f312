"""The template language: what a sentence keeps, what it leaves out, what is refused."""

import re

import pytest

from xuezheng.reports import preview
from xuezheng.reports.model import Heading, Mark, Table, runs_of, text_of
from xuezheng.reports.templates.evidence import Reason
from xuezheng.reports.templates.language import ReportTemplateError

PHASES = "senior", "junior", "primary"
SENIOR, JUNIOR, PRIMARY = (f'{{{{ n("t.pupils", phase="{phase}") }}}}' for phase in PHASES)
PUPILS, MISSING = '{{ n("t.pupils") }}', '{{ n("t.missing") }}'


def prose(report):
    return [text_of(runs_of(block)) for block in report.blocks]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (f"资助{PUPILS}。", "资助350人。"),
        ('{{ period }}发放{{ n("t.amount") }}。', "2019年上半年发放21.53万元。"),
        ('{{ n("t.amount", style="yuan") }}', "215250元"),
        ('举办{{ n("t.edition", style="nth") }}', "举办第四届"),
        ('{{ n("t.contest", style="over") }}参加', "900余名参加"),
        ('咨询{{ n("t.cases", style="near") }}，占{{ n("t.rate") }}', "咨询近100次，占28.1%"),
        ('警示党员{{ n("t.warned", style="none") }}。', "警示党员无。"),
        ('全{{ county }}发放{{ n("t.amount", style="none") }}。', "全区发放21.53万元。"),
        # a sentence without data goes, its neighbours stay
        (f"甲{PUPILS}。乙{MISSING}。丙。", "甲350人。丙。"),
        (f"甲{MISSING}。", None),
        # nor does it leave own words that nothing beside it carries, or a sentence that has lost all its numbers
        (f"成效显著。获奖{MISSING}。", None),
        (f"学生获奖（省级{PRIMARY}、市级{JUNIOR}）。", None),
        (f"甲。\n\n乙{MISSING}。", None),
        (f"甲。\n\n乙{PUPILS}。", "甲。|乙350人。"),
        # of listed items each stands for itself; the last kept takes the full stop
        (f"甲{PUPILS}；乙{SENIOR}；丙{MISSING}。", "甲350人；乙26人。"),
        (f"甲{MISSING}；乙{SENIOR}。", "乙26人。"),
        # a lead needs an item, and its own data
        (f"分开看：甲{MISSING}；乙{SENIOR}。", "分开看：乙26人。"),
        (f"分开看：甲{MISSING}；乙{PRIMARY}。共{SENIOR}。完。", "共26人。完。"),
        (f"共{MISSING}：甲{PUPILS}；乙{SENIOR}。共{SENIOR}。完。", "共26人。完。"),
        # brackets lose noughts and gaps, and vanish when nothing is left
        (f"共{PUPILS}（高中{SENIOR}，初中{JUNIOR}，小学{PRIMARY}）。", "共350人（高中26人）。"),
        (f"共{PUPILS}（初中{JUNIOR}、高中{SENIOR}）。", "共350人（高中26人）。"),
        (f"共{PUPILS}（初中{JUNIOR}，小学{PRIMARY}）。", "共350人。"),
        (f"共{PUPILS}（其中校长、副校长{SENIOR}，{JUNIOR}）。", "共350人（其中校长、副校长26人）。"),
        (f"在校（园）{PUPILS}。", "在校（园）350人。"),
        ('{% if zero("t.warned") %}没有。{% endif %}{% if zero("t.missing") %}也没有。{% endif %}', "没有。"),
        ("{{ term }}，截至{{ last_day }}，{{ district }}。", "2019年春季学期，截至2019年6月30日，明山区。"),
        ("一行\n接一行。", "一行接一行。"),
    ],
)
def test_sentences(composed, source, text):
    assert prose(composed(source)) == ([] if text is None else text.split("|"))


def test_gaps_are_listed_once(composed):
    report = composed(f"甲{MISSING}。乙{MISSING}。共{PUPILS}（小学{PRIMARY}）。")
    missing, primary = report.gaps
    assert (missing.figure, primary.figure, primary.slice) == ("t.missing", "t.pupils", {"phase": "primary"})
    left = [(sentence.text, sentence.labels) for sentence in report.evidence.left_out]
    assert left == [("甲…。", ("指标missing",)), ("乙…。", ("指标missing",))]


def test_own_words_are_listed_and_those_without_support_are_left_out(composed):
    report = composed(
        f"# 报告\n\n## 一、甲\n\n势头良好。共{PUPILS}。\n\n## 二、乙\n\n获奖喜人。获奖{MISSING}。\n\n## 三、丙\n\n请按时报送。"
    )
    assert prose(report) == ["报告", "一、甲", "势头良好。共350人。", "二、丙", "请按时报送。"]
    assert [sentence.text for sentence in report.evidence.own_words] == ["势头良好。", "请按时报送。"]
    assert [(sentence.text, sentence.reason) for sentence in report.evidence.left_out] == [
        ("获奖…。", Reason.NO_DATA),
        ("获奖喜人。", Reason.UNSUPPORTED),
    ]


def test_a_closing_formula_stays_and_carries_no_heading(composed):
    report = composed(f"# 报告\n\n## 一、甲\n\n共{PUPILS}。\n\n## 二、乙\n\n共{MISSING}。\n\n特此报告。")
    assert prose(report) == ["报告", "一、甲", "共350人。", "特此报告。"]
    assert report.evidence.own_words == []


def test_the_amounts_of_a_table_have_one_unit(composed):
    (table,) = composed(
        '| 甲 | 乙 |\n| {{ n("t.amount", phase="junior") }} | {{ n("t.amount", phase="senior") }} |'
    ).blocks
    assert [text_of(cell) for cell in table.rows[1]] == ["0万元", "3.9万元"]


def test_headings_without_text_go_and_the_rest_close_up(composed):
    report = composed(
        f"# 报告\n\n## 一、甲\n### （一）空\n{MISSING}。\n### （二）有\n{PUPILS}。\n#### 1.细\n文。\n"
        f"## 二、空\n### （一）空\n{MISSING}。\n## 三、乙\n文。"
    )
    headings = [(block.level, text_of(block.runs)) for block in report.blocks if isinstance(block, Heading)]
    assert headings == [(0, "报告"), (1, "一、甲"), (2, "（一）有"), (3, "1.细"), (1, "二、乙")]
    assert report.title == "报告"


def test_tables(composed):
    rows = f"| 高中 | {SENIOR} |\n| 小学 | {PRIMARY} |\n| 两样 | {PUPILS}{MISSING} |"
    (table,) = composed(f"某表\n| 学段 | 人数 |\n|---|---|\n{rows}").blocks
    assert isinstance(table, Table)
    assert text_of(table.caption) == "某表"
    rows = [[text_of(cell) for cell in row] for row in table.rows]
    assert rows == [["学段", "人数"], ["高中", "26人"], ["两样", "350人—"]]


def test_every_number_is_marked_and_bookmarks_are_unique(composed):
    report = composed(f"# {{{{ period }}}}\n\n{PUPILS}，{PUPILS}，{SENIOR}。\n\n| 甲 |\n| {PUPILS} |")
    assert [mark.text for mark in report.marks] == ["350人", "350人", "26人", "350人"]
    assert len({mark.bookmark for mark in report.marks}) == 4
    for block in report.blocks[1:]:
        assert not any(re.search(r"\d", run) for run in runs_of(block) if not isinstance(run, Mark))


def test_an_answer_is_asked_for_once(composed, prepared):
    composed(f"{PUPILS}，{PUPILS}，{SENIOR}。{{% if zero('t.pupils') %}}{{% endif %}}")
    assert prepared["t.pupils"].asked == 2


@pytest.mark.parametrize(
    "source",
    [
        "资助350人。",
        "资助３５０人。",
        '{{ "350" }}人',
        "| 甲 |\n| 5 |",
        "| 甲 | 乙 |\n| 丙 |",
        "{{ n.__globals__ }}",
        "{{ ''.__class__ }}",
        "{{ n('t.pupils').encode }}",
        "{{ ''['__class__'] }}",
        "{{ cycler }}",
        "{{ n('t.pupils') | attr('encode') }}",
        "{% include 'settings.py' %}",
        "{{ unknown }}",
        "{{ n( }}",
        "{{ n('t.pupils', style='about') }}",
        "{{ n('t.amount', style='over') }}",
        "{{ n('t.unheard_of') }}",
    ],
)
def test_what_a_template_may_not_do(composed, source):
    with pytest.raises(ReportTemplateError, match="报告模板"):
        composed(source)


def test_a_refusal_names_the_line(composed):
    with pytest.raises(ReportTemplateError, match="第3行"):
        composed("甲。\n\n{{ ''.__class__ }}")


def test_preview_links_each_number_and_escapes_all_else(composed):
    report = composed(f"# 甲<乙>\n\n共{PUPILS}。\n\n| <i> |\n| {SENIOR} |")
    html = preview.html(report.blocks, lambda mark: f'/f/{mark.figure}?a="b"&c')
    assert "<h1>甲&lt;乙&gt;</h1>" in html
    assert 'href="/f/t.pupils?a=&quot;b&quot;&amp;c"' in html
    assert "<th>&lt;i&gt;</th>" in html
    assert html.count('<a class="number"') == 2
