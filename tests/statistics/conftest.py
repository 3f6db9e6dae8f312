"""A school of seven pupils in autumn 2018, frozen."""

from datetime import date

import pytest

from xuezheng.intake.importing import import_workbook
from xuezheng.records.identifiers import id_check_digit
from xuezheng.records.models import District
from xuezheng.snapshots import freeze

SCHOOL, OTHER = "2134990001", "2134990004"
#: Class, sex (an odd order is a boy), birthday, boarding, entry, leaving.
PUPILS = (
    ("一年级1班", "男", "2012-08-31", "走读", "2018-09-01", ""),
    ("一年级1班", "女", "2012-09-01", "走读", "2018-09-01", ""),
    ("一年级1班", "女", "2011-05-05", "住校", "2017-09-01", ""),  # repeats the grade
    ("二年级1班", "男", "2010-01-01", "住校", "2017-09-01", ""),
    ("二年级1班", "女", "2010-12-31", "走读", "2017-09-01", "2018-09-02"),
    ("六年级1班", "男", "2006-09-01", "走读", "2013-09-01", ""),
    ("六年级1班", "女", "2005-08-31", "走读", "2012-09-01", "2018-08-31"),
)


def name(order):
    return f"学生甲{'一二三四五六七'[order - 1]}"


def id_number(order, birthday, sex):
    body = f"349900{birthday.replace('-', '')}{order:02}{1 if sex == '男' else 2}"
    return body + id_check_digit(body)


#: Groups: the pupil's order, kind, detail, first day, last day; some begin or end on the counting day, some a day later.
GROUPS = (
    (1, "随迁子女", "进城务工人员随迁子女（外省迁入）", "2018-09-01", ""),
    (2, "随迁子女", "其他随迁子女（本省外县迁入）", "2018-09-02", ""),
    (3, "随迁子女", "进城务工人员随迁子女（本省外县迁入）", "2017-09-01", ""),
    (4, "随迁子女", "其他随迁子女（外省迁入）", "2017-09-01", "2018-09-01"),
    (5, "少数民族学生", "回族", "2010-12-31", ""),
    (6, "农村留守儿童", "双亲留守儿童", "2017-09-01", "2019-07-01"),
    (7, "随迁子女", "其他随迁子女（外省迁入）", "2017-09-01", ""),
)


@pytest.fixture
def snapshot(transactional_db, workbook, tmp_path, monkeypatch):
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path / "home"))
    District.objects.create(code="349900", name="云岭区", bureau_name="云岭区教育局")
    classes = [
        (SCHOOL, name, "小学", grade, "")
        for name, grade in (("一年级1班", "1"), ("二年级1班", "2"), ("六年级1班", "6"))
    ]
    rows = []
    for order, (group, sex, born, boarding, entered, left) in enumerate(PUPILS, start=1):
        number = id_number(order, born, sex)
        rows.append(
            [
                SCHOOL,
                group,
                name(order),
                sex,
                born,
                "居民身份证",
                number,
                f"G{number}",
                "349900",
                boarding,
                entered,
                left,
            ]
        )
    outcome = import_workbook(
        workbook(
            {
                "学期": [["2018秋", "2018-09-01", "2019-01-25"]],
                "学校名册": [
                    [SCHOOL, "云岭小学", "小学", "村庄", "县级教育部门", "", ""],
                    [OTHER, "云岭二小", "小学", "村庄", "县级教育部门", "", ""],
                ],
                "班级名册": [list(line) for line in classes],
                "学生名册": rows,
            }
        )
    )
    assert outcome.saved, [str(problem) for problem in outcome.problems]
    return freeze(date(2018, 10, 1))


@pytest.fixture
def grouped(snapshot, workbook):
    """The school with its groups; the boy of the last grade graduated in 2019. Frozen a year later."""
    citizens = {order: id_number(order, born, sex) for order, (_, sex, born, *_) in enumerate(PUPILS, 1)}
    members = [
        [name(order), citizens[order], kind, detail, "", since, until, "登记表"]
        for order, kind, detail, since, until in GROUPS
    ]
    graduation = [name(6), citizens[6], "2019-06-30", "毕业", *[""] * 9]
    outcome = import_workbook(workbook({"学生群体登记表": members, "学籍异动表": [graduation]}, "群体.xlsx"))
    assert outcome.saved, [str(problem) for problem in outcome.problems]
    return freeze(date(2019, 10, 1))
