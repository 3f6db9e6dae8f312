"""The demonstration's workbooks of the section bear out the expected figures."""

from collections import Counter, defaultdict
from decimal import Decimal

from xuezheng.areas.quality.demo import EXPECTED, autumn_workbooks, workbooks
from xuezheng.workbooks.sheet_catalogue import sheet


def rows(title, books=workbooks):
    paths = sheet(title).paths
    return [dict(zip(paths, row, strict=True)) for _, sheets in books() for row in sheets.get(title, ())]


def known(key, **where):
    return next(line.value for line in EXPECTED if (line.figure, line.slice) == (f"quality.{key}", where))


def averages(term):
    """Each class's average with that of its grade, by school, class and subject."""
    of_class, of_grade = defaultdict(list), defaultdict(list)
    for row in rows("考试成绩表"):
        if row["term.code"] == term:
            score = Decimal(row["score"])
            of_class[row["school.code"], row["class_name"], row["subject"]].append(score)
            of_grade[row["class_name"][0], row["subject"]].append(score)
    return {
        key: (sum(scores) / len(scores), sum(all_) / len(all_))
        for key, scores in of_class.items()
        for all_ in [of_grade[key[1][0], key[2]]]
    }


def test_every_teacher_who_did_poorly_and_nobody_else_has_a_mentor():
    taught = {
        (row["school.code"], row["class_name"], row["subject"]): row["person.id_number"]
        for row in rows("任课安排表")
        if row["school_year"] == "2017-2018"
    }
    poorly = {
        taught[key] for key, (mean, all_) in averages("2018春").items() if mean < all_ * Decimal("0.85")
    }
    mentored = {
        taught[row["assignment.school.code"], row["assignment.class_name"], row["assignment.subject"]]
        for row in rows("教学帮扶登记表")
    }
    assert poorly == mentored
    assert len(mentored) == known("teachers_mentored") == 17
    assert not mentored & {row["mentor.id_number"] for row in rows("教学帮扶登记表")}


def test_those_who_did_poorly_this_year_are_mentored_in_autumn():
    poorly = {key for key, (mean, all_) in averages("2019春").items() if mean < all_ * Decimal("0.85")}
    mentored = {
        (row["assignment.school.code"], row["assignment.class_name"], row["assignment.subject"])
        for row in rows("教学帮扶登记表", autumn_workbooks)
        if row["assignment.school_year"] == "2018-2019"
    }
    assert poorly == mentored


def test_studios_are_as_reported():
    levels = Counter(row["level"] for row in rows("名师工作室名单"))
    assert levels["市级"] == known("studios", level="city")
    assert levels["区级"] == known("studios", level="district")
    subjects = Counter(
        (row["stage"], row["subject"]) for row in rows("名师工作室名单") if row["level"] == "区级"
    )
    assert set(subjects) == {
        ("小学", "数学"), ("小学", "语文"), ("初中", "数学"), ("初中", "语文"), ("初中", "英语"), ("初中", "道德与法治（政治）"),
    }  # fmt: skip


def test_prizes_and_schools_trained_are_as_reported():
    (prize,) = [row for row in rows("获奖名单") if row["level"] == "省级"]
    assert (prize["rank"], prize["subject"], known("prizes", level="province")) == ("一等奖", "数学", 1)
    topics = {(row["section"], row["title"], row["held_on"]): row["topic"] for row in rows("培训活动")}
    schools = {
        row["school.code"]
        for row in rows("参训人员")
        if topics[row["training.section"], row["training.title"], row["training.held_on"]] == "生本教育"
    }
    assert len(schools) == known("student_centred_schools")


def test_results_are_of_junior_grades_and_not_too_many():
    results = rows("考试成绩表")
    assert {row["stage"] for row in results} == {"初中"}
    assert len(results) <= 25_000
    keys = [(row["person.id_number"], row["term.code"], row["subject"]) for row in results]
    assert len(set(keys)) == len(keys)


def test_every_row_has_the_columns_of_its_sheet():
    for books in (workbooks, autumn_workbooks):
        for _, sheets in books():
            for title, sheet_rows in sheets.items():
                assert {len(row) for row in sheet_rows} == {len(sheet(title).paths)}
