"""What a report draws from the plan and from the notes of work."""

from datetime import date

import pytest

from xuezheng.core.periods import Period
from xuezheng.records.models import WorkEntry
from xuezheng.reports.compose import compose_text
from xuezheng.reports.model import Mark, runs_of, text_of
from xuezheng.reports.templates.evidence import Reason
from xuezheng.snapshots import freeze

PLANNED = """
{% for numeral, title, measures, section, targets in planned("overview.target_value") %}
{{ numeral }}是{{ title }}。{{ measures }}{% if targets %}目标：{{ targets }}。{% endif %}（责任科室：{{ section }}）

{% endfor %}
"""
PROGRESS = "{% for state, told in progress() %}{{ state }}：{{ told }}。\n\n{% endfor %}"


@pytest.fixture
def told(transactional_db, tmp_path, monkeypatch):
    """Freeze and compose; return the report and its paragraphs as text."""
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path))

    def compose(source, period):
        day = date(2019, 7, 5) if period == "2019H1" else date(2019, 10, 31)
        report = compose_text(source, freeze(day), Period.parse(period))
        return report, [text_of(runs_of(block)) for block in report.blocks]

    return compose


def test_the_next_plan_is_told_with_its_targets_marked(told, item):
    item(("班级数", "2019-12-31", "at_most", "1500", {}), ("有班级", "2019-12-31", "at_least", "1", {}))
    item()
    report, paragraphs = told(PLANNED, "2019H1")
    assert paragraphs == [
        "一是任务一。逐项落实。目标：班级数不超过1500个；有班级。（责任科室：基础教育股）",
        "二是任务二。逐项落实。（责任科室：基础教育股）",
    ]
    [mark] = report.marks
    assert (mark.figure, mark.text, mark.answer.row_count) == ("overview.target_value", "1500", 1)


def test_what_was_done_is_told_by_state_with_the_present_numbers_marked(told, item):
    item(("班级数", "2019-12-31", "at_least", "2", {}))
    item(("学校班级数", "2019-10-30", "at_least", "5", {}), begun="2019-09-01")
    item(begun="2019-09-01")
    report, paragraphs = told(PROGRESS, "2019H2")
    assert paragraphs == [
        "已完成：班级数（现为2个）。",
        "推进中：任务三。",
        "已逾期：学校班级数（现为2个）。",
    ]
    assert [mark.figure for mark in report.marks] == ["enrolment.classes"] * 2
    assert told(PROGRESS, "2019H1")[1] == []


def test_picked_notes_of_the_period_are_told_in_their_order(told, entry):
    entry("后", "后一件事。", order=20)
    entry("先", "先一件事，见云教〔2019〕8号和2019年10月8日的通知。", order=10)
    entry("未选", "未选的事。", picked=False)
    entry("早", "上半年的事。", day=date(2019, 6, 30))
    report, paragraphs = told('{{ entries("优质均衡") }}共{{ n("enrolment.classes") }}。', "2019H2")
    assert paragraphs == ["先一件事，见云教〔2019〕8号和2019年10月8日的通知。后一件事。共2个。"]
    assert not any(isinstance(run, Mark) and run.figure != "enrolment.classes" for run in report.marks)


def test_topics_that_the_template_does_not_ask_for_are_reported(told, entry):
    entry("一", "一件事。", topic="优质均横")
    assert told('{{ entries("优质均衡") }}好。', "2019H2")[0].unused_topics == ("优质均横",)


def test_a_note_stays_when_the_sentence_after_it_has_no_data(told, entry):
    entry("一", "一件事。")
    assert told('{{ entries("优质均衡") }}考生{{ n("enrolment.exam_candidates") }}。', "2019H2")[1] == [
        "一件事。"
    ]


def test_a_note_writes_a_figure_in_its_own_sentence_and_nothing_repeats_it(told, entry):
    entry("校", "新建一所小学，全区教学班【enrolment.classes】。", document="云教〔2019〕8号")
    report, paragraphs = told('{{ entries("优质均衡") }}共有教学班{{ n("enrolment.classes") }}。', "2019H2")
    assert paragraphs == ["新建一所小学，全区教学班2个。"]
    assert [mark.figure for mark in report.marks] == ["enrolment.classes"]
    assert (report.evidence.left_out, report.evidence.own_words) == ([], [])


def test_a_note_with_a_figure_that_does_not_exist_is_left_out_and_listed(told, entry):
    entry("错", "共有【enrolment.nothing】。")
    report, paragraphs = told('{{ entries("优质均衡") }}', "2019H2")
    assert paragraphs == []
    assert [sentence.reason for sentence in report.evidence.left_out] == [Reason.UNKNOWN_FIGURE]


def test_a_note_without_document_and_file_is_listed_as_own_words(told, entry):
    entry("有", "有文号的事。", document="云教〔2019〕8号", order=1)
    entry("证", "有材料的事。", evidence="会议纪要", order=2)
    entry("无", "无凭据的事。", order=3)
    report, _ = told('{{ entries("优质均衡") }}{{ entries("双减") }}', "2019H2")
    assert [(words.text, words.note) for words in report.evidence.own_words] == [("无凭据的事。", "无")]
    assert report.evidence.missing_topics == ["双减"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("没有句号", "以句号“。”结尾"),
        ("开展培训5场。", "“5”不是日期或文号"),
        ("见#号。", "正文不能有"),
        ("共【5】所。", "【】里写一个指标的代号"),
        ("共【enrolment.schools】所", "以句号“。”结尾"),
    ],
)
def test_a_note_is_whole_sentences_without_counts(text, sentence):
    note = WorkEntry(section="overview", topic="其他", day=date(2019, 5, 5), title="某事", text=text)
    assert sentence in " ".join(told for _, told in note.faults())
