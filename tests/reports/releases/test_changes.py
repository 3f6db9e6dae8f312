"""What changed between two versions: each number with the reason, none besides, and how many sentences."""

import copy
import io
from dataclasses import replace

import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.edited import edited

from xuezheng.reports.releases.changes import Why, changes
from xuezheng.reports.word import document

SOURCE = """
# 报告

## 一、情况

学生{{ n("t.pupils") }}，金额{{ n("t.amount") }}。高中{{ n("t.pupils", phase="senior") }}。

赛事{{ n("t.contest") }}，学生{{ n("t.pupils") }}。

| 项目 | 数 |
| 咨询 | {{ n("t.cases") }} |
"""
LATER = "20200110-89abcdef"


@pytest.fixture
def file(composed, prepared):
    """The report as a file: from another text, with other values of whole figures, of another snapshot."""

    def make(source=SOURCE, snapshot_id=None, **values):
        for name, value in values.items():
            figure = prepared[f"t.{name}"]
            figure.at = telling(figure, value)
        report = composed(source)
        for name in values:
            del prepared[f"t.{name}"].at
        saved = io.BytesIO()
        told = replace(report, snapshot_id=snapshot_id or report.snapshot_id)
        document.build(told, document.Sources.NONE).save(saved)
        return saved.getvalue()

    def telling(figure, value):
        at = type(figure).at

        def answer(snapshot, period, **slice_):
            told = at(figure, snapshot, period, **slice_)
            return told if slice_ else replace(told, value=value)

        return answer

    return make


@pytest.fixture
def base(file):
    return file()


def told(found):
    return [(it.figure, it.old, it.new, it.why) for it in found.numbers]


def test_the_same_text_has_no_changes(file):
    found = changes(file(), file(snapshot_id=LATER))
    assert (found.numbers, found.sentences) == ((), 0)


def test_another_snapshot_changes_each_place_that_tells_the_number(file):
    found = changes(file(), file(snapshot_id=LATER, pupils=351))
    assert told(found) == [("t.pupils", "350人", "351人", Why.SNAPSHOT)] * 2
    assert [it.where for it in found.numbers] == ["学生351人，金额21.53万元。", "赛事936名，学生351人。"]
    assert found.sentences == 0


def test_a_number_of_a_table_is_told_with_its_row(file):
    [it] = changes(file(), file(snapshot_id=LATER, cases=98)).numbers
    assert (it.label, it.where) == ("指标cases", "咨询 | 98次")


@given(
    values=st.fixed_dictionaries(
        {},
        optional={
            "pupils": st.integers(1, 999),
            "contest": st.integers(1, 999),
            "cases": st.integers(1, 99),
            "amount": st.integers(1, 10**9).map(lambda yuan: yuan * 100),
        },
    )
)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_values_change_they_and_no_others_are_told(base, file, values):
    before = {"pupils": 350, "contest": 936, "cases": 97, "amount": 21_525_000}
    expected = {f"t.{name}" for name, value in values.items() if value != before[name]}
    found = changes(base, file(snapshot_id=LATER, **values))
    assert {it.figure for it in found.numbers} == expected
    assert all(it.why is Why.SNAPSHOT for it in found.numbers)
    assert found.sentences == 0


def test_a_number_changed_by_hand_and_its_mending_are_told_as_such(file):
    def by_hand(opened):
        text = next(it for it in opened.element.body.iter(qn("w:t")) if it.text == "936名")
        text.text = "940名"

    old, new = file(), edited(file(), by_hand)
    assert told(changes(old, new)) == [("t.contest", "936名", "940名", Why.BY_HAND)]
    assert told(changes(new, old)) == [("t.contest", "940名", "936名", Why.RESTORED)]


def test_a_number_in_another_style_is_a_matter_of_the_text(file):
    styled = SOURCE.replace('n("t.contest")', 'n("t.contest", style="over")')
    found = changes(file(), file(styled))
    assert told(found) == [("t.contest", "936名", "900余名", Why.WORDING)]


def test_added_and_dropped_numbers_are_told_with_the_sentences_that_changed(file):
    other = SOURCE.replace('高中{{ n("t.pupils", phase="senior") }}。', "发放率{{ n('t.rate') }}。")
    found = changes(file(), file(other))
    assert told(found) == [
        ("t.rate", "", "28.1%", Why.WORDING),
        ("t.pupils", "26人", "", Why.WORDING),
    ]
    assert found.numbers[1].slice_label == "phase=senior"
    assert found.sentences == 1


def test_a_number_typed_outside_every_mark_is_told_and_days_and_documents_are_none(file):
    def typed(opened):
        opened.paragraphs[-1].insert_paragraph_before("另有12名教师参加。见云教〔2019〕5号。")

    found = changes(file(), edited(file(), typed))
    assert told(found) == [("", "", "12", Why.BY_HAND)]
    assert found.numbers[0].where == "另有12名教师参加。"
    assert found.sentences == 2


def test_moved_paragraphs_and_split_runs_are_no_changes(file):
    def moved(opened):
        first, second = (p for p in opened.paragraphs if p.text.startswith(("学生", "赛事")))
        second._p.addnext(first._p)

    def split(opened):
        text = next(it for it in opened.element.body.iter(qn("w:t")) if it.text == "936名")
        run = text.getparent()
        rest = copy.deepcopy(run)
        run.addnext(rest)
        text.text = "93"
        rest.find(qn("w:t")).text = "6名"

    for change in (moved, split):
        found = changes(file(), edited(file(), change))
        assert (found.numbers, found.sentences) == ((), 0)
