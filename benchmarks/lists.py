"""How long lists, filters, searches and sums take with 60,000 pupils: the time of the server alone, page by page.

Writes ``docs/reference/lists.md``; ends with 1 where a page took longer than it may.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

from tabulate import tabulate

from benchmarks import postgresql
from benchmarks.machine import machine

PAGE = Path("docs/reference/lists.md")
PUPILS, SCHOOLS, CLASSES, PASTED = 60_000, 100, 15, 500
#: What is promised of pages, in milliseconds. What reads every row (an export, a change of many) is told only.
MOST = 300
_TIMES = 9
_TOLD_ONLY = "只测不限"
_SURNAMES = "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建文博宇轩涵睿欣怡子梓浩然诗晨雨佳"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lists", description=__doc__)
    parser.add_argument("--pupils", type=int, default=PUPILS)
    parser.add_argument(
        "--only", choices=("SQLite", "PostgreSQL"), help="one database; the page is not written"
    )
    options = parser.parse_args()
    parts, slow = [], []
    with tempfile.TemporaryDirectory(prefix="xuezheng-lists-") as folder, contextlib.ExitStack() as stack:
        databases = {"SQLite": ""}
        if postgresql.found():
            databases["PostgreSQL"] = stack.enter_context(postgresql.cluster())("lists")
        for title, url in databases.items():
            if options.only in (None, title):
                lines = _measured(Path(folder) / title, url, options.pupils)
                parts.append(f"## {title}\n\n{_table(lines)}")
                slow += [(title, *line) for line in lines if line[4] and line[1] > MOST]
                print(parts[-1], flush=True)
    if not options.only:
        PAGE.write_text(_page(parts, options.pupils), encoding="utf-8")
    if slow:
        raise SystemExit(f"slower than {MOST} ms: {slow}")


def quick(folder: Path) -> None:
    """Open each list once, with as many pupils as are pasted."""
    lines = _measured(folder / "home", "", PASTED, times=1)
    _page([_table(lines)], PASTED)


def _measured(
    home: Path, url: str, pupils: int, times: int = _TIMES
) -> list[tuple[str, float, float, float, bool]]:
    """What was measured in a process of its own: page, median, shortest, longest in milliseconds, whether it is held to the limit."""
    environment = {**os.environ, "XUEZHENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "xuezheng.settings"}
    environment.pop("XUEZHENG_DATABASE_URL", None)
    if url:
        environment["XUEZHENG_DATABASE_URL"] = url
    home.mkdir()
    script = f"import django; django.setup(); from benchmarks import lists; lists.measure({pupils}, {times})"
    words = [sys.executable, "-W", "ignore", "-c", script]
    printed = subprocess.run(words, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [tuple(line) for line in json.loads(printed.splitlines()[-1])]


def measure(pupils: int, times: int) -> None:
    """Fill the registers, ask for each page some times, and print how long each took."""
    prepare(pupils)
    lines = []
    for title, ask in _pages():
        held = _TOLD_ONLY not in title
        ask()
        seconds = []
        for _ in range(times if held else 1):
            start = time.perf_counter()
            ask()
            seconds.append(1000 * (time.perf_counter() - start))
        lines.append((title, statistics.median(seconds), min(seconds), max(seconds), held))
    print(json.dumps(lines))


def prepare(pupils: int) -> None:
    """Register schools, classes, pupils and an award of each, with their history, as an import does."""
    from django.db import connection, transaction

    from benchmarks.registers import id_number
    from xuezheng.areas.aid.models import Award
    from xuezheng.cli.shared import prepare_database
    from xuezheng.intake.saving import save
    from xuezheng.records import models

    prepare_database()
    batch = models.Batch.objects.create(file_name="全区学生.xlsx", content_sha256="0" * 64)
    told = {"batch": batch, "source_sheet": "学生名册"}
    models.District.objects.create(code="990101", name="某区", bureau_name="某区教育局")
    term = models.Term.objects.create(code="2019春", starts_on="2019-02-20", ends_on="2019-07-05")
    schools = [
        models.School(
            code=f"2199{order:06}", name=f"第{order}小学", kind="211", urban_rural=("121", "220")[order % 2], runner="831", **told
        )
        for order in range(1, SCHOOLS + 1)
    ]  # fmt: skip
    with transaction.atomic():
        save(models.School, schools, [], batch)
        groups = [
            models.ClassGroup(
                school=school, name=f"{grade}年级{order}班", stage="primary", grade=grade, **told
            )
            for school, (grade, order) in product(schools, product(range(1, 6), range(1, CLASSES // 5 + 1)))
        ]
        save(models.ClassGroup, groups, [], batch)
        names = ["".join(signs) for signs in product(_SURNAMES, _GIVEN, _GIVEN)]
        people = []
        for order in range(pupils):
            number = id_number(order)
            people.append(
                models.Person(
                    name=names[order * 7919 % len(names)], id_number=number, household_division="990101",
                    sex="male" if int(number[16]) % 2 else "female", birth_date=datetime.date.fromisoformat(number[6:14]), source_row=order + 2, **told
                )
            )  # fmt: skip
        save(models.Person, people, [], batch)
        save(
            models.Pupil,
            [
                models.Pupil(
                    person=person, student_number=f"G{person.id_number}", class_group=groups[order % len(groups)],
                    boarding=("day", "day", "boarder")[order % 3], entered_on=datetime.date(2014 + order % 6, 9, 1), source_row=order + 2, **told
                )
                for order, person in enumerate(people)
            ],
            [],
            batch,
        )  # fmt: skip
        save(
            Award,
            [
                Award(
                    person=person, programme="registered_poor", term=term, stage="primary", school=groups[order % len(groups)].school,
                    school_name=groups[order % len(groups)].school.name, study_division="990101", boarding="day", amount=25_000 + order % 90_000,
                    paid_on=None if order % 9 == 0 else datetime.date(2019, 3, 1 + order % 30), **told
                )
                for order, person in enumerate(people)
            ],
            [],
            batch,
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _pages() -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield what is asked for: its name, and the asking."""
    from django.conf import settings
    from django.test import Client

    from xuezheng.records.models import Person, School, User

    settings.ALLOWED_HOSTS.append("testserver")
    office, clerk = Client(), Client()
    office.force_login(User.objects.create(username="office", role=User.Role.OFFICE))
    clerk.force_login(
        User.objects.create(username="clerk", role=User.Role.CLERK, school=School.objects.earliest("pk"))
    )
    pupils, awards = "/registers/pupil/", "/registers/aid_award/"

    def get(address: str, client: Client = office) -> Callable[[], Any]:
        return lambda: _answered(client.get(address))

    def words(text: str, address: str = pupils) -> Callable[[], Any]:
        return lambda: _answered(office.post(address, {"words.q": text}, headers={"HX-Request": "true"}))

    people = list(Person.objects.order_by("pk")[:PASTED])
    names, numbers = "\n".join(it.name for it in people), "\n".join(it.id_number for it in people)
    yield "台账一览", get("/registers/")
    yield "学生台账", get(pupils)
    yield "学生台账，最后一页", get(f"{pupils}?page=99999")
    yield "按姓名排序", get(f"{pupils}?sort=person")
    yield "按班级排序，每页200", get(f"{pupils}?sort=-class_group&size=200")
    yield (
        "筛选：住校、入学日期、村庄学校",
        get(f"{pupils}?boarding=boarder&entered_on.from=2016-01-01&class_group__school__urban_rural=220"),
    )
    yield "筛选：未填发放日期，按金额排序", get(f"{awards}?paid_on.missing=yes&sort=-amount")
    yield "筛选：一所学校", get(f"{pupils}?in_school={School.objects.latest('pk').pk}")
    yield (
        "相关台账的列，按其排序",
        get(f"{pupils}?columns=person,class_group,class_group__school__kind,person__sex&sort=person__sex"),
    )
    yield "查找：姓名两字", words("王伟")
    yield "查找：学校和班级", words("第77小学 3年级2班")
    yield "查找：没有的人", words("欧阳无此人")
    yield "查找：完整证件号", lambda: office.post(pupils, {"words.q": people[99].id_number})
    yield (
        "搜索框：姓名",
        lambda: _answered(office.post("/search/", {"q": "王伟"}, headers={"HX-Request": "true"})),
    )
    yield "全选后的合计", lambda: _answered(office.post(f"{awards}sums/", {"all": "1"}))
    for title, lines in ((f"粘贴{PASTED}个姓名", names), (f"粘贴{PASTED}个证件号", numbers)):
        yield title, lambda lines=lines: office.post(f"{pupils}paste/", {"lines": lines})
        found = office.post(f"{pupils}paste/", {"lines": lines})["Location"]
        yield f"{title}的结果页", get(found)
        yield f"{title}列在台账里", get(f"{pupils}?{found.partition('?')[2]}")
    yield "学生的记录页", get(f"/registers/person/{people[0].pk}/")
    yield "学校的记录页", get(f"/registers/school/{School.objects.earliest('pk').pk}/")
    yield "学校经办人的学生台账", get(pupils, clerk)
    yield "学校经办人的台账一览", get("/registers/", clerk)
    boarders = {"field": "boarding", "value": "lodger", "reason": "试", "step": "preview", "all": "1"}
    change = f"{pupils}change/?in_school={School.objects.earliest('pk').pk}"
    yield f"预览批量修改一所学校的学生（{_TOLD_ONLY}）", lambda: _answered(office.post(change, boarders))
    yield f"导出全部（{_TOLD_ONLY}）", lambda: b"".join(office.post(f"{pupils}export/").streaming_content)


def _answered(response: Any) -> None:
    html = response.content.decode()
    assert response.status_code == 200, response.status_code
    assert not re.search("没有列出任何记录", html)


def _table(lines: list[tuple[str, float, float, float, bool]]) -> str:
    told = [(title, *(f"{it:,.0f}" for it in times)) for title, *times, _ in lines]
    heads = ("页面", "中位（毫秒）", "最短（毫秒）", "最长（毫秒）")
    return tabulate(told, heads, tablefmt="github", colalign=("left", "right", "right", "right"))


def _page(parts: list[str], pupils: int) -> str:
    listed = "\n\n".join(parts)
    busy = os.getloadavg()[2]
    return f"""# 六万名学生的台账

由 `make lists` 写成：每一行都是实际运行的结果，不是手写的。{time.strftime("%Y-%m-%d")} · {machine()}

{SCHOOLS}所学校，{pupils:,}名学生，各有一笔资助，更改记录齐全。每页先打开一次，再打开{_TIMES}次取中位；只算服务器的时间，不含网络和浏览器。
测量的一刻钟里机器平均有{busy:.1f}个进程在算（只有它自己时约为1）：别的进程越多，数越大。要求：中位不超过{MOST}毫秒。

{listed}
"""


if __name__ == "__main__":
    main()
