"""Packs: what is wrong with one is reported; of two levels the higher one is in force."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.policy.current import entries, entry, using
from xuezheng.policy.declarations import CodeMatter, PolicyError, all_code_lists, declaring, matter, matters
from xuezheng.policy.entries import Version
from xuezheng.policy.packs import Level, for_division, merge, read_pack, shipped

ABOUT = "title: 某省政策\nlevel: province\ndivision: '34'\nedition: '2026.1'\n"
VALUES = """
boarder:
  - from: 2019H2
    published: 2019-04-01
    source: 某文
    grade: A
    value: {primary: 500, junior: 625.5}
  - {from: 2024-02-01, source: 另文, grade: C, value: {primary: 625, junior: 750}}
"""


@pytest.fixture
def pack(tmp_path):
    def write(about=ABOUT, values=VALUES, name="aid.yaml"):
        folder = tmp_path / "somewhere"
        folder.mkdir(exist_ok=True)
        (folder / "pack.yaml").write_text(about, "utf-8")
        (folder / name).write_text(values, "utf-8")
        return read_pack(folder)

    return write


def test_a_pack_is_read_with_terms_grades_and_amounts_in_fen(pack):
    read = pack()
    assert (read.code, read.title, read.level, read.division) == (
        "somewhere",
        "某省政策",
        Level.PROVINCE,
        "34",
    )
    first, second = read.versions["aid.boarder"]
    assert first == Version(
        date(2019, 8, 1), {"primary": 50_000, "junior": 62_550}, "某文", "A", date(2019, 4, 1), "somewhere"
    )
    assert (first.verified, second.verified, second.published_on) == (True, False, None)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("    source: 某文\n", "", "政策“aid.boarder”缺少：source"),
        ("    grade: A\n", "", "政策“aid.boarder”缺少：grade"),
        ("grade: A", "grade: E", "grade应为A、B、C、D之一"),
        ("2019H2", "2024H2", "施行日期应由早到晚，不重复"),
        ("2019H2", "2024H1", "施行日期应由早到晚，不重复"),
        ("2019H2", "去年", "施行时间“去年”应写作"),
        ("published: 2019-04-01", "published: 四月", "发布日期“四月”应写作2019-09-01"),
        ("published:", "printed:", "里无法识别：printed"),
        ("boarder:", "nobody:", "没有政策“aid.nobody”"),
        ("primary: 500", "primary: 五百", "的值“五百”不是金额"),
        (VALUES, "boarder: 500", "至少一项"),
        (VALUES, "boarder: []", "至少一项"),
        (VALUES, "boarder: [500]", "应写作若干“- from: 施行时间”"),
    ],
)
def test_what_is_wrong_with_a_pack_is_reported(pack, before, after, sentence):
    assert before in VALUES
    with pytest.raises(PolicyError) as raised:
        pack(values=VALUES.replace(before, after, 1))
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        (ABOUT.replace("province", "district"), "level应为"),
        (ABOUT.replace("edition", "year"), "pack.yaml缺少：edition"),
        ("[", "政策包somewhere的pack.yaml不是正确的YAML"),
    ],
)
def test_what_is_wrong_with_the_description_of_a_pack_is_reported(pack, about, sentence):
    with pytest.raises(PolicyError, match=sentence):
        pack(about=about)


def version(year, value, pack=""):
    return Version(date(year, 9, 1), value, "某文", "A", pack=pack)


def test_of_two_levels_the_higher_is_in_force_until_it_ends():
    nation = [version(2010, 1, "national"), version(2015, 2, "national"), version(2022, 4, "national")]
    county = [version(2012, 9, "county"), version(2020, None, "county")]
    assert [(line.first.year, line.value) for line in merge([nation, county])] == [
        (2010, 1),
        (2012, 9),
        (2020, 2),
        (2022, 4),
    ]


def test_where_the_only_level_ends_nothing_is_in_force():
    assert [(line.first.year, line.value) for line in merge([[version(2010, 1), version(2012, None)]])] == [
        (2010, 1),
        (2012, None),
    ]
    assert merge([[version(2012, None)]]) == ()
    assert merge([]) == ()


LINES = st.lists(
    st.dictionaries(st.integers(2000, 2012), st.none() | st.integers(1, 9), max_size=5), max_size=4
)


@given(LINES, st.integers(1999, 2014))
def test_the_merged_line_gives_on_each_day_what_asking_level_by_level_gives(levels, year):
    lines = [
        [version(first, value, str(place)) for first, value in sorted(level.items())]
        for place, level in enumerate(levels)
    ]
    merged = merge(lines)
    for day in (date(year, 8, 31), date(year, 9, 1), date(year, 9, 1) + timedelta(days=1)):
        by_hand = None
        for level in levels:
            started = [first for first in level if date(first, 9, 1) <= day]
            if started and level[max(started)] is not None:
                by_hand = level[max(started)]
        latest = [line.value for line in merged if line.first <= day]
        assert (latest[-1] if latest else None) == by_hand


def test_the_packs_of_the_release_stand_from_the_lowest_level_to_the_highest():
    assert [pack.level for pack in shipped().values()] == sorted(pack.level for pack in shipped().values())
    assert for_division("341004") == ["start", "national", "anhui"]
    assert for_division("110101") == ["start", "national"]
    assert "huizhou-2019" not in for_division("341004")


def test_every_matter_has_a_value_without_the_pack_of_any_county():
    """A bureau anywhere works from the first day: what no document says has a value to begin with, graded C."""
    with using(shipped()[code] for code in for_division("110101")):
        without = [
            known.key for area in declaring() for known in entries(area).values() if not known.versions
        ]
    # What a school may charge is fixed by each province, and what a bureau grants of its own only it can say.
    assert without == ["aid.local_rate", "aid.senior_tuition"]


def test_what_nobody_checked_is_told_as_such():
    assert all(
        not version.verified for versions in shipped()["start"].versions.values() for version in versions
    )


def test_no_matter_is_declared_twice():
    titles = Counter(known.title for area in declaring() for known in matters(area).values())
    assert [title for title, number in titles.items() if number > 1] == []


def test_no_pack_names_a_matter_that_no_area_declares():
    declared = {known.key for area in declaring() for known in matters(area).values()}
    declared |= all_code_lists().keys()
    keys = {key for pack in shipped().values() for key in pack.versions}
    assert {key.rpartition(".")[0] if key.count(".") == 2 else key for key in keys} <= declared


def test_using_packs_ends_with_the_context():
    before = entry("aid.boarder").versions
    with using([shipped()["start"]]):
        assert entry("aid.boarder").versions == ()
    assert entry("aid.boarder").versions == before


#: The year in the number of a paper (财教〔2019〕121号), or of a standard or notice named with its year.
PAPER = re.compile(r"〔(\d{4})〕|[（—](\d{4})(?:年印发)?[；）]")


def test_no_value_is_in_force_before_the_paper_that_it_cites_unless_it_says_so():
    """A paper that works back has the day of its publication; what held before a paper is said in words (此前).

    A code is there for rows of all years, whatever paper names it: only values that are paid or judged by are held to this.
    """
    early = [
        f"{pack.code} {key} {version.first}：{version.source}"
        for pack in shipped().values()
        for key, versions in pack.versions.items()
        if not isinstance(matter(key), CodeMatter)
        for version in versions
        if not (version.published_on and version.published_on > version.first)
        and "此前" not in version.source
        for found in PAPER.finditer(version.source)
        if int(found[1] or found[2]) > version.first.year
    ]
    assert early == []


def test_a_paper_that_works_back_says_when_it_was_published():
    notice = next(v for v in shipped()["national"].versions["aid.boarder"] if v.first == date(2024, 2, 1))
    assert notice.published_on == date(2024, 6, 19)
