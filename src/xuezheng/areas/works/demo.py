"""The works office's workbooks: its projects with their milestones, the smart campus, exam centres."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from xuezheng.areas.works import AREA
from xuezheng.demo import Row, Workbook, expected
from xuezheng.demo.autumn import NEW_SCHOOL
from xuezheng.demo.district import chance, district

EXPECTED = expected(Path(__file__).with_name("expected.csv"))

_SUMMER, _WINTER = date(2019, 7, 5), date(2020, 1, 10)
_STEPS = ("招标完成", "开工", "竣工验收", "交付使用")
# Code, name, kind, school, listed on, budget in yuan, contractor, contract in yuan; then the steps' planned days
# and their real days. The office knows what had happened by the day on which it writes.
_PROJECTS = (
    (
        "FS2018", "凤山幼儿园新建工程", "幼儿园建设", "凤山幼儿园", "2018-03-20", 18_600_000, "云岭建设工程有限公司", 17_284_500,
        ("2018-06-30", "2018-07-31", "2019-08-10", "2019-08-31"), ("2018-06-22", "2018-07-26", "2019-08-12", "2019-08-25"),
    ),
    (
        "ST2018", "洽舍中心学校食堂新建工程", "食堂", "洽舍中心学校", "2018-05-10", 3_260_000, "青澜第二建筑公司", 3_018_600,
        ("2018-08-31", "2018-09-30", "2019-04-30", "2019-05-31"), ("2018-08-24", "2018-09-28", "2019-05-08", "2019-05-20"),
    ),
    (
        "PD2019", "杨村中心学校运动场改造工程", "运动场地", "杨村中心学校", "2019-01-15", 2_480_000, "宁湾体育设施有限公司", 2_256_000,
        ("2019-03-31", "2019-04-30", "2019-09-20", "2019-09-30"), ("2019-03-28", "2019-05-06", "2019-09-25", "2019-10-12"),
    ),
    (
        "SL2019", "视力保护基地建设工程", "视力保护基地", "岩寺小学", "2019-02-20", 1_150_000, "云岭装饰工程有限公司", 1_086_000,
        ("2019-04-30", "2019-05-31", "2019-11-15", "2019-11-30"), ("2019-04-26", "2019-05-28", "2019-12-20", None),
    ),
    (
        "WX2019-1", "紫霞小学教学楼屋面维修", "校舍维修", "紫霞小学", "2019-03-25", 680_000, "云岭装饰工程有限公司", 632_000,
        ("2019-05-31", "2019-06-30", "2019-08-20", "2019-08-31"), ("2019-05-24", "2019-06-29", "2019-08-16", "2019-08-23"),
    ),
    (
        "WX2019-2", "文峰学校教学楼加固维修", "校舍维修", "文峰学校", "2019-03-25", 1_240_000, "青澜第二建筑公司", 1_175_000,
        ("2019-05-31", "2019-06-30", "2019-08-20", "2019-08-31"), ("2019-05-24", "2019-06-29", "2019-08-21", "2019-08-27"),
    ),
    (
        "WX2019-3", "呈坎中心小学厕所和围墙维修", "校舍维修", "呈坎中心小学", "2019-03-25", 450_000, "云岭建设工程有限公司", 418_500,
        ("2019-05-31", "2019-06-30", "2019-08-20", "2019-08-31"), ("2019-06-05", "2019-06-30", "2019-08-15", "2019-08-22"),
    ),
    (
        "WX2019-4", "西溪南初级中学宿舍维修", "校舍维修", "西溪南初级中学", "2019-03-25", 870_000, "云岭建设工程有限公司", 806_000,
        ("2019-05-31", "2019-06-30", "2019-08-20", "2019-08-31"), ("2019-06-05", "2019-06-30", "2019-08-19", "2019-08-26"),
    ),
    (
        "XX2019", "岩寺镇区新建小学工程", "学校新建扩建", None, "2019-06-18", 96_000_000, "宁湾建工集团", 89_730_000,
        ("2019-12-31", "2020-02-29", "2021-07-31", "2021-08-31"), ("2019-12-18", None, None, None),
    ),
    (
        "FZ2019", "岩寺小学功能教室扩建工程", "学校新建扩建", "岩寺小学", "2019-07-22", 4_350_000, "云岭建设工程有限公司", 4_092_000,
        ("2019-09-30", "2019-10-31", "2020-06-30", "2020-07-31"), ("2019-09-27", "2019-10-25", None, None),
    ),
    (
        "KD2020", "云岭区第二中学标准化考点改造工程", "标准化考点", "云岭区第二中学", "2019-11-11", 920_000, None, None,
        ("2020-02-28", "2020-03-15", "2020-05-10", "2020-05-20"), (None, None, None, None),
    ),
)  # fmt: skip
# School, application, accepted on, used since.
_APPLICATIONS = (
    ("云岭区第一中学", "智慧校园综合平台", "2019-06-14", "2019-09-02"),
    ("云岭区第一中学", "智慧课堂", "2019-06-14", "2019-09-02"),
    ("云岭区第一中学", "智能阅卷", "2018-10-19", "2018-11-05"),
    ("岩寺小学", "智慧校园综合平台", "2019-06-20", "2019-09-02"),
    ("岩寺小学", "智慧课堂", "2019-06-20", "2019-09-02"),
    ("岩寺小学", "家校互通", "2018-09-14", "2018-09-17"),
    ("云岭区第二中学", "智能阅卷", "2018-12-07", "2019-02-25"),
    ("岩寺初级中学", "智慧课堂", "2018-08-30", "2018-09-03"),
    ("岩寺初级中学", "平安校园", "2017-08-25", "2017-09-01"),
    ("南山小学", "家校互通", "2019-03-08", "2019-03-11"),
    ("潜口中心小学", "校务管理", "2019-04-19", None),
    ("潜口中心小学", "智慧校园综合平台", "2019-12-13", None),
    ("云岭区幼儿园", "平安校园", "2018-06-15", "2018-09-03"),
    ("凤山幼儿园", "平安校园", "2019-08-25", "2019-09-02"),
)
# School, rooms, finished on, used since.
_EXAM_CENTRES = (
    ("云岭区第二中学", "30", "2013-05-10", "2013-06-07"),
    ("云岭区第一中学", "44", "2019-05-16", "2019-06-07"),
    ("岩寺初级中学", "36", "2019-12-06", None),
)
# Topic, day, title, document, text.
_ENTRIES = (
    ("优质均衡", "2019-05-16", "标准化考点启用", "", "云岭区第一中学标准化考点通过验收，承担当年普通高考考务。"),
    (
        "学前教育", "2019-06-20", "凤山幼儿园主体完工", "云教项〔2019〕6号",
        "凤山幼儿园主体工程完工，室内装修和室外场地施工同步推进，确保秋季学期如期开园。",
    ),
)  # fmt: skip
_AUTUMN_ENTRIES = (
    (
        "学前教育", "2019-09-02", "凤山幼儿园开园", "云教〔2019〕61号",
        "凤山幼儿园秋季学期正式开园招生，镇区公办学前教育学位进一步增加。",
    ),
    (
        "优质均衡", "2019-12-18", "新建小学完成招标", "云教项〔2019〕15号",
        "岩寺镇区新建小学工程完成施工招标，为疏解镇区小学学位压力打下基础。",
    ),
)  # fmt: skip


def workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of July: what was listed, and what was reached, by then."""
    yield from _ledgers("2019年上半年", _SUMMER, _ENTRIES)


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield those of January."""
    yield from _ledgers("2019年下半年", _WINTER, _AUTUMN_ENTRIES)


def _ledgers(period: str, known_on: date, entries: tuple[tuple[str, ...], ...]) -> Iterator[Workbook]:
    yield (
        f"60 {period} 建设项目台账.xlsx",
        {"建设项目台账": list(_projects(known_on)), "项目节点表": list(_milestones(known_on))},
    )
    yield (
        f"61 {period} 智慧校园和考点台账.xlsx",
        {
            "智慧校园应用台账": list(_applications(known_on)),
            "标准化考点台账": list(_exam_centres(known_on)),
        },
    )
    yield f"62 {period} 项目办工作纪实.xlsx", {"工作纪实": list(_notes(entries))}


def _projects(known_on: date) -> Iterator[Row]:
    codes = _codes(known_on)
    for code, name, kind, school, listed, budget, contractor, contract, _, (tendered, *_) in _PROJECTS:
        if date.fromisoformat(listed) > known_on:
            continue
        tender = (contractor, str(contract)) if _known(tendered, known_on) else (None, None)
        yield code, name, kind, codes.get(school or ""), listed, str(budget), *tender


def _milestones(known_on: date) -> Iterator[Row]:
    for code, *_, listed, _, _, _, planned, real in _PROJECTS:
        if date.fromisoformat(listed) <= known_on:
            for step, plan, day in zip(_STEPS, planned, real, strict=True):
                yield code, step, plan, _known(day, known_on)


def _applications(known_on: date) -> Iterator[Row]:
    rng, codes = chance(f"智慧校园 {known_on}"), _codes(known_on)
    for school, application, built, used in _APPLICATIONS:
        if _known(built, known_on):
            since = _known(used, known_on)
            yield codes[school], application, built, since, str(rng.randrange(150, 1600)) if since else "0"


def _exam_centres(known_on: date) -> Iterator[Row]:
    codes = _codes(known_on)
    for school, rooms, finished, used in _EXAM_CENTRES:
        if _known(finished, known_on):
            yield codes[school], rooms, finished, _known(used, known_on)


def _known(day: str | None, known_on: date) -> str | None:
    return day if day and date.fromisoformat(day) <= known_on else None


def _codes(known_on: date) -> dict[str, str]:
    """The schools' codes by name; the new kindergarten is registered in autumn."""
    codes = {school.name: school.code for school in district().schools}
    return codes if known_on == _SUMMER else {**codes, NEW_SCHOOL.name: NEW_SCHOOL.code}


def _notes(entries: tuple[tuple[str, ...], ...]) -> Iterator[Row]:
    for order, (topic, day, title, document, text) in enumerate(entries, 1):
        yield AREA.title, topic, day, title, document or None, text, None, "是", str(order * 10)
