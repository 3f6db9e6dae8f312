"""The schools of the load test: registered with half of their pupils, asked for all, and the workbooks that they send."""

import datetime

import xlsxwriter
from django.contrib.auth.hashers import make_password

from benchmarks.clerks import PASSWORD
from benchmarks.columns import cells
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
#: Stand for the digits in names, so that no two pupils of a class are namesakes.
_DIGITS = "甲乙丙丁戊己庚辛壬癸"
_DIVISION = "990101"


def prepare(schools: int, rows: int, large: int, columns: int) -> None:
    """Make a district of so many schools in the data folder, and write what each will send, and a large workbook."""
    prepare_database()
    codes = [f"21{_DIVISION[:4]}{number:04}" for number in range(schools)]
    registered = {
        "本地信息": [{"code": _DIVISION, "name": "云岭区", "bureau_name": "云岭区教育局"}],
        "学期": [
            {"code": "2019春", "starts_on": "2019-02-18", "ends_on": "2019-07-05"},
            {"code": "2019秋", "starts_on": "2019-09-01", "ends_on": "2020-01-15"},
        ],
        "学校名册": [
            {
                "code": code,
                "name": f"第{number}小学",
                "kind": "小学",
                "urban_rural": "镇中心区",
                "runner": "县级教育部门",
            }
            for number, code in enumerate(codes)
        ],
        _CLASSES: [
            {"school.code": code, "name": f"三年级{n}班", "stage": "小学", "grade": "3"}
            for code in codes
            for n in range(1, 13)
        ],
        _PUPILS: [
            pupil(code, number * rows + order, order)
            for number, code in enumerate(codes)
            for order in range(rows // 2)
        ],
    }
    write_workbook(
        home() / "all.xlsx",
        {
            (sheet := sheet_catalogue.sheet(title)): [cells(sheet, row) for row in rows]
            for title, rows in registered.items()
        },
    )
    if problems := import_workbook(home() / "all.xlsx").problems:
        raise SystemExit(str(problems[0]))
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
        write_workbook(
            home() / f"school{number}.xlsx", {sheet: [cells(sheet, row) for row in sent]}, stamp=stamp
        )
    if large:
        _write_large(codes, schools * rows, large, columns)


def pupil(code: str, number: int, order: int, boarding: str = "走读") -> dict[str, str]:
    """A row of a pupil, by the paths of the sheet's columns."""
    number_text = id_number(number)
    born = f"{number_text[6:10]}-{number_text[10:12]}-{number_text[12:14]}"
    sex = "男" if int(number_text[16]) % 2 else "女"
    return {
        "class_group.school.code": code,
        "class_group.name": f"三年级{order % 12 + 1}班",
        "person.name": f"某{''.join(_DIGITS[int(digit)] for digit in str(order))}",
        "person.sex": sex,
        "person.birth_date": born,
        "person.id_number": number_text,
        "person.household_division": _DIVISION,
        "student_number": f"G{number_text}",
        "boarding": boarding,
        "entered_on": "2016-09-01",
    }


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
    sheet = sheet_catalogue.sheet(_PUPILS)
    titles = [column.title for column in sheet.columns]
    further = [f"本校备注{number}" for number in range(columns - len(titles))]
    book = xlsxwriter.Workbook(home() / "large.xlsx", {"constant_memory": True})
    page = book.add_worksheet(_PUPILS)
    page.write_row(0, 0, [*titles, *further])
    for row in range(rows):
        values = cells(sheet, pupil(codes[row % len(codes)], first + row, row))
        page.write_row(row + 1, 0, [*values, *(f"备注{row}" for _ in further)])
    book.close()
