"""The schools of the load test: registered with half of their pupils, asked for all, and the workbooks that they send."""

import datetime

import xlsxwriter
from django.contrib.auth.hashers import make_password

from benchmarks.clerks import PASSWORD
from benchmarks.registers import id_number
from xuezheng.cli.shared import prepare_database
from xuezheng.collections import collecting
from xuezheng.core.data_folder import home
from xuezheng.core.periods import Period
from xuezheng.intake import import_workbook
from xuezheng.records.models import School, Submission, User
from xuezheng.snapshots import freeze
from xuezheng.workbooks import sheet_catalogue, write_workbook

_CLASSES, _PUPILS = "班级名册", "学生名册"
_DIVISION = "990101"


def prepare(schools: int, rows: int, large: int, columns: int) -> None:
    """Make a district of so many schools in the data folder, and write what each will send, and a large workbook."""
    prepare_database()
    codes = [f"21{_DIVISION[:4]}{number:04}" for number in range(schools)]
    registered = {
        "本区信息": [[_DIVISION, "云岭区", "云岭区教育局"]],
        "学期": [["2019春", "2019-02-18", "2019-07-05"], ["2019秋", "2019-09-01", "2020-01-15"]],
        "学校名册": [
            [code, f"第{number}小学", "小学", "镇中心区", "县级教育部门", "", ""]
            for number, code in enumerate(codes)
        ],
        _CLASSES: [[code, f"三年级{n}班", "小学", "3", ""] for code in codes for n in range(1, 13)],
        _PUPILS: [
            pupil(code, number * rows + order, order)
            for number, code in enumerate(codes)
            for order in range(rows // 2)
        ],
    }
    write_workbook(
        home() / "all.xlsx", {sheet_catalogue.sheet(title): told for title, told in registered.items()}
    )
    assert import_workbook(home() / "all.xlsx").saved
    freeze(datetime.date(2019, 7, 5))
    _make_users(codes)
    sheet = sheet_catalogue.sheet(_PUPILS)
    collecting.open_collection(
        "名册", Period.parse("2019H2"), "enrolment", [sheet], School.objects.all(), datetime.date(2030, 1, 1)
    )
    by_code = {it.school.code: it for it in Submission.objects.select_related("school", "collection")}
    for number, code in enumerate(codes):
        sent = [
            pupil(code, number * rows + order, order, "住校" if order < rows // 20 else "走读")
            for order in range(rows)
        ]
        stamp = collecting._stamp(by_code[code], [sheet])
        write_workbook(home() / f"school{number}.xlsx", {sheet: sent}, stamp=stamp)
    if large:
        _write_large(codes, schools * rows, large, columns)


def pupil(code: str, number: int, order: int, boarding: str = "走读") -> list[str]:
    """A row of a pupil."""
    told = id_number(number)
    born = f"{told[6:10]}-{told[10:12]}-{told[12:14]}"
    sex = "男" if int(told[16]) % 2 else "女"
    return [
        code, f"三年级{order % 12 + 1}班", "某某", sex, born, "", told, f"G{told}", _DIVISION, boarding, "2016-09-01", "",
    ]  # fmt: skip


def _make_users(codes: list[str]) -> None:
    told = {
        "office": {"role": "office"},
        "deputy": {"role": "office"},
        "section": {"role": "section", "section": "enrolment"},
    }
    schools = {school.code: school for school in School.objects.all()}
    told |= {
        f"clerk{number}": {"role": "clerk", "school": schools[code]} for number, code in enumerate(codes)
    }
    password = make_password(PASSWORD)
    User.objects.bulk_create(User(username=name, password=password, **kind) for name, kind in told.items())


def _write_large(codes: list[str], first: int, rows: int, columns: int) -> None:
    """Write a workbook of new pupils with further columns of the sender's own."""
    titles = [column.title for column in sheet_catalogue.sheet(_PUPILS).columns]
    further = [f"本校备注{number}" for number in range(columns - len(titles))]
    book = xlsxwriter.Workbook(home() / "large.xlsx", {"constant_memory": True})
    page = book.add_worksheet(_PUPILS)
    page.write_row(0, 0, [*titles, *further])
    for row in range(rows):
        told = pupil(codes[row % len(codes)], first + row, row)
        page.write_row(row + 1, 0, [*told, *(f"备注{row}" for _ in further)])
    book.close()
