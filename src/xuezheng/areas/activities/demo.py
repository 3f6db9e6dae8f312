"""The section's workbooks: events and their entries, prizes, study tours, labour, exchanges."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from xuezheng.areas.activities import AREA
from xuezheng.demo import Row, Workbook, expected
from xuezheng.demo.autumn import autumn
from xuezheng.demo.district import DemoDistrict, DemoPupil, DemoSchool, chance, district
from xuezheng.demo.schools import JUNIOR, PRESCHOOL, PRIMARY, SENIOR, TOWN
from xuezheng.demo.staff import TEACHER, DemoStaff, autumn_staff, staff

EXPECTED = expected(Path(__file__).with_name("expected.csv"))

# Event, edition, first and last day, level; the stages whose schools enter, and how many pupils make a team.
_EVENTS = (
    ("中小学生篮球赛", 6, "2019-03-22", "2019-03-29", "区级", (JUNIOR, SENIOR), 12),
    ("校园足球两级联赛", 4, "2019-04-13", "2019-05-25", "区级", (PRIMARY, JUNIOR, SENIOR), 18),
    ("爱国主义读书教育活动", 25, "2019-03-18", "2019-06-14", "区级", (PRIMARY, JUNIOR, SENIOR), 40),
    ("中小学生跳绳比赛", 3, "2019-05-17", None, "区级", (PRIMARY, JUNIOR), 14),
    ("幼儿故事会", 5, "2019-05-23", None, "区级", (PRESCHOOL,), 4),
)
_AUTUMN_EVENTS = (
    ("中小学生田径运动会", 31, "2019-10-24", "2019-10-26", "区级", (PRIMARY, JUNIOR, SENIOR), 16),
    ("中小学生艺术展演", 12, "2019-11-15", "2019-11-16", "区级", (PRIMARY, JUNIOR, SENIOR), 24),
    ("青少年科技创新大赛", 9, "2019-12-06", None, "区级", (PRIMARY, JUNIOR, SENIOR), 5),
)
# Contest, work, stage of the winners, level, day, and the ranks won.
_PRIZES = (
    ("中小学生演讲比赛", "《我和我的祖国》", JUNIOR, "市级", "2019-05-16", ("一等奖", "三等奖")),
    ("少儿讲故事比赛", "《家乡的红色故事》", PRIMARY, "市级", "2019-05-30", ("一等奖", "二等奖")),
    ("读书教育活动征文", "《书香伴我成长》", PRIMARY, "区级", "2019-06-14", ("一等奖",) * 6 + ("二等奖",) * 12),
    ("校园足球两级联赛最佳运动员", "", JUNIOR, "区级", "2019-05-25", ("优秀奖",) * 8),
)  # fmt: skip
_AUTUMN_PRIZES = (
    ("中小学生田径锦标赛", "跳高", SENIOR, "市级", "2019-11-08", ("二等奖", "三等奖", "三等奖")),
    ("中小学生艺术展演", "合唱《大山的歌》", PRIMARY, "省级", "2019-12-12", ("二等奖",) * 2),
    ("青少年科技创新大赛", "小发明", JUNIOR, "市级", "2019-12-20", ("一等奖", "二等奖", "三等奖")),
)
_TOURS = {
    PRIMARY: ("乡土乡情", ("呈坎古村落", "丰乐河湿地", "潜口民居", "坤沙茶园", "灵山梯田")),
    JUNIOR: ("县情市情", ("市博物馆", "市科技馆", "云岭工业园", "非遗传习所")),
    SENIOR: ("省情国情", ("省科技馆", "大学校园", "革命纪念馆", "高新技术园区")),
}
_CROPS = ("蔬菜", "茶叶", "菊花、蔬菜", "油菜、豆类", "中草药", "果树、蔬菜")
# Course and kind; schools of townships and villages give the first ones, those of the town all.
_COURSES = (
    ("田间课堂", "农耕种植"),
    ("竹编技艺", "竹编"),
    ("茶艺", "茶艺"),
    ("校园园艺", "园艺"),
    ("家庭生活技能", "烹饪与家务"),
    ("纸艺与布艺", "其他手工"),
)
_EVERYBODY = "任何学校"
_MOUNTAIN = "山区骨干教师"
# Title, first and last day, place, partner; who goes, and how many.
_VISITS = (
    ("赴杭州名校跟岗学习", "2019-03-25", "2019-03-29", "杭州", "杭城第一实验小学", _EVERYBODY, 10),
    ("山区骨干教师参观学习", "2019-04-18", "2019-04-19", "山区特色学校", "石埠山区实验学校", _MOUNTAIN, 12),
    ("赴杭州校长管理研修", "2019-05-13", "2019-05-17", "杭州", "杭城教育学院", _EVERYBODY, 8),
    ("赴杭州生本课堂观摩", "2019-05-27", "2019-05-28", "杭州", "杭城滨河小学", _EVERYBODY, 16),
    ("赴邻县研学基地考察", "2019-06-05", None, "本市其他区县", "宁湾研学营地", _EVERYBODY, 5),
)
_AUTUMN_VISITS = (
    ("赴杭州骨干教师跟岗", "2019-10-14", "2019-10-25", "杭州", "杭城第一实验小学", _EVERYBODY, 14),
    ("山区骨干教师参观学习", "2019-11-06", "2019-11-07", "山区特色学校", "松陂山区中心学校", _MOUNTAIN, 10),
    ("赴杭州学校管理交流", "2019-11-18", "2019-11-20", "杭州", "杭城教育学院", _EVERYBODY, 9),
    ("赴省城智慧教育考察", "2019-12-03", "2019-12-04", "本省其他地市", "省电化教育馆", _EVERYBODY, 6),
)
# Title, day, place, partner, guests.
_GUESTS = (("结对学校送教交流", "2019-06-12", "杭州", "杭城滨河小学", 9),)
_AUTUMN_GUESTS = (
    ("结对地区教育考察团来访", "2019-09-26", "杭州", "杭城教育学院", 12),
    ("兄弟县区劳动教育观摩", "2019-11-29", "本市其他区县", "宁湾教育局", 18),
)
# Topic, day, title, document, text.
_ENTRIES = (
    (
        "学生素养", "2019-03-08", "山区学生素养提升计划", "云教基〔2019〕5号",
        "启动山区学生素养提升计划，从校园文化、课堂教学和劳动教育入手，让竹编、茶艺、园艺走进校园。",
    ),
    (
        "融杭", "2019-05-14", "结对合作协议", "",
        "与杭州结对学校签订研学合作协议，建立校长教师双向交流机制。",
    ),
    (
        "学前教育", "2019-05-31", "庆六一文艺汇演", "",
        "举办庆祝中华人民共和国成立七十周年暨六一儿童节文艺汇演，展示幼儿园办园成果。",
    ),
)  # fmt: skip
_AUTUMN_ENTRIES = (
    (
        "学生素养", "2019-11-29", "劳动教育现场观摩", "云教基〔2019〕22号",
        "组织劳动教育现场观摩，推广学校农耕基地和竹编、茶艺课程的做法。",
    ),
    (
        "融杭", "2019-09-26", "结对地区来访", "",
        "结对地区教育考察团来访，双方就教师跟岗和学生研学交流深入商谈。",
    ),
)  # fmt: skip


def workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the first half-year."""
    roster, label = district(), "2019年上半年"
    yield f"50 {label} 赛事活动.xlsx", _events(roster, _EVENTS) | _prizes(roster, _PRIZES)
    yield (
        f"51 {label} 研学与劳动教育.xlsx",
        {
            "研学旅行台账": list(_tours(roster, date(2019, 4, 8))),
            "劳动实践基地台账": list(_plots(roster)),
            "劳动课程台账": list(_courses(roster, "2019春")),
        },
    )
    yield f"52 {label} 交流互访.xlsx", _exchange(_VISITS, _GUESTS, staff()) | _notes(_ENTRIES)


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield those of the second half-year; the plots are the same."""
    roster, label = autumn(), "2019年下半年"
    yield f"50 {label} 赛事活动.xlsx", _events(roster, _AUTUMN_EVENTS) | _prizes(roster, _AUTUMN_PRIZES)
    yield (
        f"51 {label} 研学与劳动教育.xlsx",
        {
            "研学旅行台账": list(_tours(roster, date(2019, 10, 14))),
            "劳动课程台账": list(_courses(roster, "2019秋")),
        },
    )
    yield (
        f"52 {label} 交流互访.xlsx",
        _exchange(_AUTUMN_VISITS, _AUTUMN_GUESTS, autumn_staff()) | _notes(_AUTUMN_ENTRIES),
    )


def _stages(roster: DemoDistrict) -> list[tuple[DemoSchool, str, list[DemoPupil]]]:
    """Each school's own stages with their pupils; kindergarten classes attached to a primary school are not counted."""
    pupils_by_stage: dict[tuple[DemoSchool, str], list[DemoPupil]] = {}
    for pupil in roster.pupils:
        if pupil.left_on is None and not pupil.class_group.attached:
            pupils_by_stage.setdefault((pupil.school, pupil.stage), []).append(pupil)
    return [(school, stage, pupils) for (school, stage), pupils in pupils_by_stage.items()]


def _events(
    roster: DemoDistrict, events: tuple[tuple[str, int, str, str | None, str, tuple[str, ...], int], ...]
) -> dict[str, Iterable[Row]]:
    event_rows: list[Row] = []
    entered: list[Row] = []
    for event, number, first, last, level, stages, team in events:
        rng = chance(f"{event} {number}")
        event_rows.append((event, str(number), first, last, level))
        for school, stage, pupils in _stages(roster):
            # Small schools seldom make up a team.
            if stage in stages and rng.random() < (0.95 if len(pupils) > 120 else 0.4):
                count = min(len(pupils), team + rng.randrange(max(1, team // 4)))
                entered.append((event, str(number), school.code, stage, str(count)))
    return {"赛事活动台账": event_rows, "参赛队伍名单": entered}


def _prizes(
    roster: DemoDistrict, prizes: tuple[tuple[str, str, str, str, str, tuple[str, ...]], ...]
) -> dict[str, Iterable[Row]]:
    rows: list[Row] = []
    for contest, work, stage, level, day, ranks in prizes:
        winners = chance(contest).sample(roster.enrolled(stage), len(ranks))
        rows += [
            (
                AREA.title,
                contest,
                work or None,
                pupil.person.name,
                pupil.person.id_number,
                "学生",
                pupil.school.code,
                None,
                level,
                rank,
                day,
            )
            for pupil, rank in zip(winners, ranks, strict=True)
        ]
    return {"获奖名单": rows}


def _tours(roster: DemoDistrict, first: date) -> Iterator[Row]:
    rng = chance(f"研学 {first}")
    for school, stage, pupils in _stages(roster):
        if stage not in _TOURS or rng.random() < 0.15:
            continue
        theme, places = _TOURS[stage]
        place = rng.choice(places)
        if stage == PRIMARY and rng.random() < 0.08:
            theme, place = "县情市情", "市科技馆"
        day = first + timedelta(weeks=rng.randrange(5), days=rng.randrange(4))
        back = str(day + timedelta(days=1)) if stage == SENIOR else None
        count = round(len(pupils) * rng.uniform(0.3, 0.6))
        yield school.code, stage, str(day), back, theme, place, str(max(10, count))


def _plots(roster: DemoDistrict) -> Iterator[Row]:
    """Every school has a plot, those of townships and villages the larger ones."""
    rng = chance("劳动实践基地")
    for school in dict.fromkeys(school for school, stage, _ in _stages(roster) if stage != PRESCHOOL):
        area = rng.uniform(0.3, 1.2) if school.urban_rural == TOWN else rng.uniform(0.8, 4.5)
        yield school.code, "校园农耕园", f"{area:.1f}", rng.choice(_CROPS)
        if school.urban_rural != TOWN and rng.random() < 0.3:
            yield school.code, "校外茶园", f"{rng.uniform(1, 6):.1f}", "茶叶"


def _courses(roster: DemoDistrict, term: str) -> Iterator[Row]:
    rng = chance(f"劳动课程 {term}")
    for school, stage, pupils in _stages(roster):
        if stage not in (PRIMARY, JUNIOR):
            continue
        offered = rng.sample(_COURSES[:4] if school.urban_rural != TOWN else _COURSES, rng.randrange(1, 4))
        for course, kind in offered:
            count = max(8, round(len(pupils) * rng.uniform(0.15, 0.5)))
            yield school.code, term, f"{stage}{course}", kind, str(rng.choice((8, 16, 18))), str(count)


def _exchange(
    visits: tuple[tuple[str, str, str | None, str, str, str, int], ...],
    guests: tuple[tuple[str, str, str, str, int], ...],
    members: tuple[DemoStaff, ...],
) -> dict[str, Iterable[Row]]:
    exchange_rows: list[Row] = [
        (title, day, None, "来访", place, partner, str(count)) for title, day, place, partner, count in guests
    ]
    went: list[Row] = []
    may_go: dict[str, Callable[[DemoStaff], bool]] = {
        _EVERYBODY: lambda member: member.school is not None and member.stage != PRESCHOOL,
        _MOUNTAIN: lambda member: (
            member.school is not None
            and member.post == TEACHER
            and member.backbone is not None
            and member.stage != PRESCHOOL
            and member.school.urban_rural != TOWN
        ),
    }
    for title, first, last, place, partner, who, count in visits:
        exchange_rows.append((title, first, last, "外出", place, partner, None))
        for member in chance(f"{title} {first}").sample(list(filter(may_go[who], members)), count):
            code = member.school.code if member.school else None
            went.append((title, first, member.person.name, member.person.id_number, code))
    return {"交流互访台账": exchange_rows, "交流人员名单": went}


def _notes(entries: tuple[tuple[str, ...], ...]) -> dict[str, Iterable[Row]]:
    rows: list[Row] = [
        (AREA.title, topic, day, title, document or None, text, None, "是", str(order * 10))
        for order, (topic, day, title, document, text) in enumerate(entries, 1)
    ]
    return {"工作纪实": rows}
