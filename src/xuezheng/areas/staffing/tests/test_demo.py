"""The demonstration's workbooks of the section bear out the expected figures."""

from collections import Counter
from datetime import date

from xuezheng.areas.staffing.demo import EXPECTED, autumn_workbooks, workbooks
from xuezheng.demo.staff import autumn_staff, recruits, retired, staff
from xuezheng.workbooks.sheet_catalogue import sheet


def rows(title, books=workbooks):
    paths = sheet(title).paths
    return [dict(zip(paths, row, strict=True)) for _, sheets in books() for row in sheets.get(title, ())]


def known(key, **where):
    return next(line.value for line in EXPECTED if (line.figure, line.slice) == (f"staffing.{key}", where))


def service():
    """Each person's posts, the first one first."""
    posts = {}
    for row in sorted(rows("教职工名册"), key=lambda row: row["post_from"]):
        posts.setdefault(row["person.id_number"], []).append(row)
    return posts


def test_the_rotation_of_the_year_is_as_reported():
    posts = service()
    moved, due, backbone = Counter(), 0, 0
    levels = {row["person.id_number"]: row["backbone_on"] for row in rows("教师业务档案")}
    for row in rows("交流轮岗摸底表"):
        before, *after = posts[row["person.id_number"]][-2:]
        assert before["school.code"] == row["school.code"]
        due += date.fromisoformat(before["post_from"]) <= date(2012, 9, 1)
        if after:
            assert after[0]["school.code"] != row["school.code"]
            moved[before["post"]] += 1
            backbone += before["post"] == "专任教师" and bool(levels[row["person.id_number"]])
    school_heads = moved["校（园）长"] + moved["副校（园）长"]
    assert moved.total() == known("rotated") == 120
    assert school_heads == known("rotated", post="head")
    assert round(moved.total() * 100 / due, 1) == float(known("rotated_rate"))
    assert (backbone, moved["专任教师"]) == (34, 113)
    assert round(backbone * 100 / moved["专任教师"], 1) == float(known("rotated_backbone_rate"))


def test_recruitment_is_as_reported_and_done_by_the_end_of_the_year():
    places = Counter()
    for row in rows("教师招聘计划"):
        places[row["post"]] += int(row["places"])
    assert places["幼儿教师"] == known("recruits_planned", post="kindergarten")
    assert places["中小学教师"] == known("recruits_planned", post="school")
    begun = {row["person.id_number"] for row in rows("教职工名册", autumn_workbooks)}
    taken = rows("拟录用人员名单", autumn_workbooks)
    assert len(taken) == places.total() == 17
    assert {row["person.id_number"] for row in taken} <= begun


def test_nobody_holds_two_posts_at_once_and_every_school_has_one_head():
    everybody = {**{m.person: m for m in staff()}, **{m.person: m for m in autumn_staff()}}
    for member in everybody.values():
        ends = [*member.formerly]
        assert all(former.since <= former.until < member.post_from for former in ends)
    for members in (staff(), autumn_staff()):
        school_heads = Counter(member.school for member in members if member.post == "校（园）长")
        assert set(school_heads.values()) == {1}
        assert len({member.person.id_number for member in members}) == len(members)


def test_those_who_retire_are_gone_and_those_recruited_are_there():
    autumn = {member.person for member in autumn_staff()}
    assert retired()
    assert not autumn & {member.person for member, _ in retired()}
    assert {member.person for member in recruits()} <= autumn
    assert len(autumn) == len(staff()) - len(retired()) + len(recruits())


def test_every_row_has_the_columns_of_its_sheet():
    for books in (workbooks, autumn_workbooks):
        for _, sheets in books():
            for title, sheet_rows in sheets.items():
                assert {len(row) for row in sheet_rows} == {len(sheet(title).paths)}


def test_more_volunteered_than_the_bureau_asked_for_at_every_school():
    volunteers = Counter(row["school.code"] for row in rows("交流轮岗摸底表") if row["volunteered"] == "是")
    for row in rows("编制岗位核定表"):
        places = int(row["rotation_places"])
        assert places == 0 or volunteers[row["school.code"]] > places
