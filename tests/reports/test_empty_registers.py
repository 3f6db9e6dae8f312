"""A bureau that has entered its schools and nothing else: its report claims nothing."""

from datetime import date

import pytest

from xuezheng.core.periods import Period
from xuezheng.policy.packs import FOLDER
from xuezheng.records.models import School
from xuezheng.reports.compose import compose_text
from xuezheng.reports.model import Heading, Mark, runs_of, text_of
from xuezheng.reports.templates.catalogue import read_template
from xuezheng.snapshots import freeze

TEMPLATES = sorted(FOLDER.glob("*/reports/half_year*.md"))
#: What only a number or a note may say: that something was won, held, paid, built, checked, reached.
ACHIEVEMENTS = (
    "获奖",
    "举办",
    "开展",
    "发放",
    "资助",
    "建成",
    "交付",
    "达标",
    "检查",
    "推进",
    "完成",
    "加强",
    "坚持",
    "落实",
    "培训",
)


@pytest.fixture
def snapshot(lone_district):
    for order in range(2):
        School.objects.create(
            code=f"213499000{order}",
            name=f"第{order}小学",
            kind="211",
            urban_rural="111",
            runner="county_education",
        )
    return freeze(date(2019, 7, 5))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.parts[-3])
def test_schools_alone_give_no_sentence_of_achievement(snapshot, path):
    source = read_template("half_year", path.read_text("utf-8")).source
    report = compose_text(source, snapshot, Period.parse("2019H1"))
    prose = "".join(text_of(runs_of(block)) for block in report.blocks if not isinstance(block, Heading))
    assert [word for word in ACHIEVEMENTS if word in prose] == [], prose
    assert {mark.figure for mark in report.marks if mark.answer.value} == {"enrolment.schools"}
    left = "".join(sentence.text for sentence in report.evidence.left_out)
    assert "学生在各级比赛中获奖" in left
    for sentence in report.evidence.own_words:
        assert not any(isinstance(run, Mark) for run in sentence.text)
