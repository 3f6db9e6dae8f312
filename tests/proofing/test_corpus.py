"""How well the audit finds what is wrong, and lets be what is right, in reports of our and of other styles."""

import contextlib
import cProfile
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import pytest
import yaml
from benchmarks.planting import read_grid, score_tables
from benchmarks.relations import read_cells, read_relation
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.proofing import Source, audit
from xuezheng.proofing.number_tokens import alike, find_number_tokens
from xuezheng.proofing.reading import pasted

CORPUS = Path(__file__).parent / "corpus"
LABELLED = (
    "paragraphs_unseen",
    "paragraphs_unseen2",
    "paragraphs_unseen3",
    "paragraphs_opened",
    "paragraphs_tuning",
    "paragraphs_tuning2",
    "paragraphs_tuning3",
    "paragraphs_tuning4",
    "paragraphs_tuning5",
)
LEAST = 0.95
PAGE = 700  # signs of a page in the official layout: 22 lines of 28 signs, and some


@dataclass
class Score:
    """How many of the planted errors were found, and what was told besides."""

    planted: int = 0
    found: int = 0
    told: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    @property
    def recall(self):
        return self.found / self.planted

    @property
    def precision(self):
        return self.right / self.told

    def add(self, name, slips, planted):
        """Count an example: ``planted`` holds each wrong number with the words, one of which names its place."""
        hits = [[plant for plant in planted if hit(slip, *plant)] for slip in slips]
        found = [plant for plant in planted if any(plant in plants for plants in hits)]
        self.planted += len(planted)
        self.found += len(found)
        self.told += len(slips)
        self.right += sum(bool(plants) for plants in hits)
        self.missed += [f"{name}：{number}" for number, _ in planted if number not in dict(found)]
        self.false += [
            f"{name}：{slip.message}" for slip, plants in zip(slips, hits, strict=True) if not plants
        ]


def hit(slip, number, places):
    return number in slip.numbers and any(place in slip.where for place in places)


def paragraphs(name):
    """Score the paragraphs of a file; the place of a slip is the sentence that holds the wrong number."""
    score = Score()
    for example in examples(name):
        planted = [(number, [number]) for number in example.get("wrong", ())]
        score.add(example["text"], audit(pasted(example["text"])).discrepancies, planted)
    return score


def tables(name):
    """Score the tables of a file; the place of a slip names the row or the column."""
    score = Score()
    for example in examples(name):
        planted = [(wrong["cell"], wrong["at"]) for wrong in example.get("wrong", ())]
        table = example["title"], read_grid(example["grid"])
        score.add(example["title"], audit(Source((), (table,))).discrepancies, planted)
    return score


def examples(name):
    return yaml.safe_load((CORPUS / f"{name}.yaml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("score", "name"),
    [
        (paragraphs, "paragraphs"),
        (paragraphs, "paragraphs_elsewhere"),
        (paragraphs, "paragraphs_blind"),
        (tables, "tables"),
        (tables, "tables_elsewhere"),
        (tables, "tables_blind"),
    ],
)
def test_what_is_wrong_is_found_and_what_is_right_let_be(score, name):
    scored = score(name)
    assert scored.planted
    assert scored.recall >= LEAST, scored.missed
    assert scored.precision >= LEAST, scored.false


@pytest.mark.parametrize("name", ["tables_unseen", "tables_tuning"])
def test_a_wrong_cell_of_a_table_is_found_and_named(name):
    scored = score_tables(examples(name)[::3])
    planted = sum(scored.planted.values())
    assert scored.false_alarms == 0, scored.misleading
    assert sum(scored.noticed.values()) >= 0.95 * planted, scored.missed
    assert sum(scored.named.values()) >= 0.8 * planted, scored.missed


def test_the_corpus_is_large_and_half_of_it_is_clean():
    for kind, least in (("paragraphs", 60), ("tables", 20)):
        told = examples(kind) + examples(f"{kind}_elsewhere") + examples(f"{kind}_blind")
        wrong = sum("wrong" in example for example in told)
        assert len(told) >= least
        assert 0.35 < wrong / len(told) < 0.65


def test_every_labelled_relation_of_a_text_holds():
    labelled = [example for name in LABELLED for example in examples(name) if "wrong" not in example]
    relations = [
        read_relation(example["text"], label) for example in labelled for label in example["relations"]
    ]
    assert len(relations) > 100
    assert [relation.label for relation in relations if not relation.holds] == []


def test_every_labelled_relation_of_a_table_holds():
    labelled = [
        (read_grid(example["grid"]), example["relations"])
        for example in (*examples("tables_unseen"), *examples("tables_tuning"))
        if "wrong" not in example
    ]
    relations = [(grid, cells) for grid, labels in labelled for cells in read_cells(grid, labels)]
    assert len(relations) > 100
    assert [cells.label for grid, cells in relations if not cells.holds(grid)] == []


def test_every_planted_number_stands_in_its_example_once():
    for example in chain.from_iterable(
        examples(name) for name in ("paragraphs", "paragraphs_elsewhere", "paragraphs_blind")
    ):
        told = [mention.text for mention in find_number_tokens(example["text"])]
        for number in example.get("wrong", ()):
            assert told.count(number) == 1


SIGNS = (
    "0123456789一二三十百千万亿人所元个%％.,，。；（）()其中共合计占分别为由增加到下降比上年率均每近余：—／ "
)
TEXTS = st.text() | st.text(SIGNS) | st.lists(st.sampled_from(["350人", "（", "）", "，", "其中", "占", "0%", "由0个", "增加到", "共", "1.5万元", "每人", "上年"])).map("".join)  # fmt: skip


@given(TEXTS)
def test_any_text_can_be_audited(text):
    for slip in audit(pasted(text)).discrepancies:
        assert slip.where
        assert slip.message
    for mention in find_number_tokens(text):
        assert text[mention.start : mention.end] == mention.text
    assert len(alike(text)) == len(text)


CELLS = st.sampled_from(["", "合计", "小计", "人数", "标准", "金额", "占比", "0", "1", "12", "500", "0.5", "—", "1E9", "NaN", "99%"]) | st.text(max_size=4)  # fmt: skip


@given(st.lists(st.lists(CELLS, max_size=6).map(tuple), max_size=7).map(tuple))
def test_any_table_can_be_audited(grid):
    for slip in audit(Source((), (("表", grid),))).discrepancies:
        assert slip.where.startswith("表：")


@pytest.mark.parametrize(
    "text",
    [
        "1",
        " ",
        "一",
        "（",
        "1.",
        "1/",
        "共1人、",
        "1人其中2人",
        "每人1元，共2元，3人，",
        "1人，占2%，",
        "由1人增加",
        "学生9人，男生5人，女生4人，",
        "5人，占50%；",
        "2019年1人，",
        "《",
    ],
)
def test_no_text_of_twenty_pages_keeps_the_audit_from_ending(text):
    with _given_up_after_minutes():
        audit(pasted(text * (20 * PAGE // len(text)) + "1人，2人"))


@contextlib.contextmanager
def _given_up_after_minutes() -> Iterator[None]:
    """Fail where a pattern goes back over the text again and again: hours, where reading it once takes a second."""

    def fail(*_: object) -> None:
        pytest.fail("the audit does not end")

    before = signal.signal(signal.SIGVTALRM, fail)
    signal.setitimer(signal.ITIMER_VIRTUAL, 120)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def test_a_line_of_digits_and_a_table_as_large_as_a_register_are_let_be():
    digits = "1" * 100_000
    assert not audit(pasted(f"{digits}\n{digits}人")).discrepancies
    rows = (tuple(str(row * column % 997) for column in range(50)) for row in range(5_000))
    assert (
        audit(Source((), (("表", (tuple(f"第{column}列" for column in range(50)), *rows)),))).discrepancies
        == ()
    )
    rows = ((("合计", "小计")[row % 2], str(row), "9") for row in range(3_000))
    assert audit(Source((), (("表", (("校", "人数", "班数"), *rows)),))).discrepancies == ()


def test_what_a_text_costs_grows_with_its_length_only():
    """Each sentence is read by itself: a text of twice as many costs twice as many readings."""
    sentences = [example["text"] for example in examples("paragraphs")]
    assert steps(sentences * 2) <= steps(sentences) * 2.2


def steps(sentences):
    """How many calls it takes to audit sentences that stand in one paragraph."""
    profile = cProfile.Profile()
    profile.runcall(audit, pasted("".join(sentences)))
    return sum(entry.callcount for entry in profile.getstats())
