"""A long title is broken by the sense of its words, into lines of a good shape."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.reports.word.title_lines import FULL, breaks, width

NAMES = ("明山区教育局", "2019年上半年")


def broken(title):
    return [title[a:b] for a, b in itertools.pairwise((0, *breaks(title, NAMES), len(title)))]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("明山区教育局2019年上半年工作情况报告", ["明山区教育局2019年上半年工作情况报告"]),
        (
            "明山区教育局关于报送2019年上半年工作报表的通知",
            ["明山区教育局", "关于报送2019年上半年工作报表的通知"],
        ),
        (
            "明山区教育局关于2019年上半年义务教育优质均衡发展工作情况的报告",
            ["明山区教育局关于2019年上半年", "义务教育优质均衡发展工作情况的报告"],
        ),
        (
            "明山区教育局关于转发《学生资助资金管理办法》的通知",
            ["明山区教育局", "关于转发《学生资助资金管理办法》的通知"],
        ),
    ],
)
def test_lines_are_broken_by_sense(title, lines):
    assert broken(title) == lines


def test_three_lines_make_a_trapezium_or_a_rhombus():
    title = (
        "明山区教育局关于进一步做好2019年上半年家庭经济困难学生认定和资助资金发放以及档案管理有关工作的通知"
    )
    widths = [width(line) for line in broken(title)]
    assert len(widths) == 3
    steps = [b - a for a, b in itertools.pairwise(widths)]
    assert all(step > 0 for step in steps) or all(step < 0 for step in steps) or steps[0] > 0 > steps[1]


PIECES = st.lists(
    st.sampled_from(
        [
            *NAMES,
            "关于",
            "做好",
            "《办法》",
            "2019-2020学年",
            "350名",
            "学生资助",
            "幼儿园",
            "建设",
            "的",
            "和",
            "、",
        ]
    ),
    min_size=1,
    max_size=14,
)


@given(PIECES)
def test_nothing_is_lost_and_no_name_or_number_is_divided(pieces):
    title = "".join(pieces) + "通知"
    lines = broken(title)
    assert "".join(lines) == title
    for before, after in itertools.pairwise(lines):
        assert not (before[-1].isdigit() and after[0].isdigit())
        assert before.count("《") == before.count("》")
    for name in NAMES:
        assert sum(line.count(name) for line in lines) == title.count(name)
    if len(lines) > 1:
        assert all(width(line) <= FULL for line in lines)
