"""The workbooks that the inspectors fill in for both halves of 2019."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from xuezheng import registry
from xuezheng.demo import Row, Workbook
from xuezheng.demo.autumn import autumn
from xuezheng.demo.district import DemoDistrict, DemoSchool, chance, district
from xuezheng.demo.schools import PRESCHOOL

# Number, topic, title, and the weights for 2018 and 2019; letters of the codes: X schools, Y kindergartens.
_SCHOOL_INDICATORS = (
    (1, "党的建设", "党组织建设与意识形态工作", 10, 12),
    (2, "党风廉政", "党风廉政责任制落实", 8, 8),
    (3, "学校管理", "依法办学与民主管理", 12, 10),
    (4, "队伍建设", "师德师风与教师发展", 15, 15),
    (5, "教育教学", "课程实施与教学质量", 25, 23),
    (6, "学生发展", "体质健康、近视防控与心理健康", 10, 12),
    (7, "安全稳定", "校园安全与防欺凌", 12, 12),
    (8, "办学条件", "校园环境与设施设备使用", 8, 8),
)
_KINDERGARTEN_INDICATORS = (
    (1, "党的建设", "党的组织和工作覆盖", 8, 10),
    (2, "党风廉政", "廉洁从教", 7, 7),
    (3, "学校管理", "规范办园与收费管理", 15, 15),
    (4, "队伍建设", "教职工配备与师德师风", 20, 20),
    (5, "教育教学", "保育教育质量与去小学化", 25, 23),
    (6, "安全稳定", "安全防护与卫生保健", 20, 20),
    (7, "办学条件", "园舍与玩教具", 5, 5),
)
_ISSUES = {
    "党的建设": ("组织生活记录不完整", "党建制度未上墙公示"),
    "党风廉政": ("廉政风险点排查不具体",),
    "学校管理": ("章程执行不到位", "校务公开不及时"),
    "队伍建设": ("教师研训记录不齐全", "骨干教师作用发挥不足"),
    "教育教学": ("体音美课程有被占用现象", "实验课开出记录缺失", "作业设计缺少分层"),
    "学生发展": ("眼保健操组织不规范", "心理咨询室未按时开放"),
    "安全稳定": ("门卫来访登记不严", "应急预案未及时修订"),
    "办学条件": ("图书借阅率偏低", "功能室使用记录不全"),
}
_VISIT_PROBLEMS = {
    "安全管理": "接送登记不全",
    "卫生保健": "晨检记录缺失",
    "保育教育": "户外活动时间不足",
    "小学化倾向": "布置书写类作业",
    "收费行为": "收费公示内容不全",
    "师德师风": "师德承诺未公示",
}
# Name, kind, licence, licensed until, taken in on, closed on by July and by January.
_INSTITUTIONS = (
    ("启航文化培训学校", "学科类", "教民云岭第001号", "2021-08-31", "2018-09-10", None, None),
    ("博文文化培训学校", "学科类", "教民云岭第002号", "2020-12-31", "2018-09-10", None, None),
    ("知行文化培训学校", "学科类", "教民云岭第003号", "2019-10-31", "2018-09-12", None, None),
    ("晨光文化培训学校", "学科类", "教民云岭第004号", "2021-06-30", "2018-09-12", None, None),
    ("小荷艺术培训中心", "艺术类", "教民云岭第005号", "2021-08-31", "2018-10-08", None, None),
    ("墨韵书画培训中心", "艺术类", "教民云岭第006号", "2020-08-31", "2018-10-08", None, None),
    ("星海音乐培训中心", "艺术类", "教民云岭第007号", "2021-03-31", "2018-10-09", None, None),
    ("云岭舞蹈培训中心", "艺术类", None, None, "2018-10-09", None, "2019-08-15"),
    ("飞跃体育培训中心", "体育类", "教民云岭第008号", "2022-05-31", "2018-10-16", None, None),
    ("浪花游泳培训中心", "体育类", "教民云岭第009号", "2021-05-31", "2018-10-16", None, None),
    ("阳光托管中心", "托管类", None, None, "2018-11-05", "2019-04-20", "2019-04-20"),
    ("爱心托管中心", "托管类", None, None, "2018-11-05", "2019-05-08", "2019-05-08"),
    ("金钥匙托管中心", "托管类", "教民云岭第010号", "2021-12-31", "2018-11-06", None, None),
)  # fmt: skip
_NOTES = (
    ("督导评估", "2019-03-15", "督导责任区", "云教督〔2019〕3号", "划分督导责任区，实行中小学校责任督学挂牌督导，公布督学联系方式，接受群众监督。"),
    ("学前教育", "2019-04-11", "学前教育日常督查", "云教督〔2019〕5号", "建立学前教育日常督查制度，对办园行为、安全防护和去小学化情况常态化巡查，发现问题当场反馈。"),
    ("扫黑除恶", "2019-05-09", "校外培训机构整治", "云教督〔2019〕7号", "会同市场监管、消防等部门整治校外培训机构，向社会公布证照齐全的机构名单。"),
)  # fmt: skip
_AUTUMN_NOTES = (
    ("督导评估", "2019-10-22", "督学培训", "", "组织责任督学集中学习督导规程，统一入校督导的流程和记录要求。"),
    ("扫黑除恶", "2019-09-24", "培训机构复查", "云教督〔2019〕15号", "对校外培训机构开展秋季复查，整改不到位的不予年检。"),
)  # fmt: skip


def workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the first half of 2019; the evaluation of 2018 was done in January."""
    yield "70 2018—2019年度 评价指标.xlsx", {"学校评价指标": [*_indicators(2018), *_indicators(2019)]}
    yield _evaluation(2018, district(), date(2019, 1, 14))
    months = [date(2019, month, 1) for month in range(3, 7)]
    yield "71 2019年上半年 督导问题清单.xlsx", {"督导问题清单": _findings(months)}
    yield "72 2019年上半年 学前教育督查.xlsx", {"学前教育日常督查表": list(_visits(district(), months))}
    rows = [row[:6] for row in _INSTITUTIONS]
    yield (
        "73 2019年上半年 校外培训机构.xlsx",
        {"校外培训机构名册": rows, "校外培训机构检查表": list(_checks(date(2019, 3, 18), "春季", closed=5))},
    )
    yield "74 2019年上半年 督导工作纪实.xlsx", {"工作纪实": list(_entries(_NOTES))}


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield those of the second half: the evaluation of 2019, and what became of the spring's findings since."""
    yield _evaluation(2019, autumn(), date(2019, 12, 16))
    months = [date(2019, month, 1) for month in range(9, 13)]
    spring = _findings([date(2019, month, 1) for month in range(3, 7)])
    mended_since = [(*row[:6], "2019-08-28") for row in spring if row[6] is None]
    yield (
        "71 2019年下半年 督导问题清单.xlsx",
        {"督导问题清单": [*mended_since[1:], *_findings(months)]},
    )
    yield "72 2019年下半年 学前教育督查.xlsx", {"学前教育日常督查表": list(_visits(autumn(), months))}
    rows = [(*row[:5], row[6]) for row in _INSTITUTIONS]
    yield (
        "73 2019年下半年 校外培训机构.xlsx",
        {"校外培训机构名册": rows, "校外培训机构检查表": list(_checks(date(2019, 10, 14), "秋季", closed=6))},
    )
    yield "74 2019年下半年 督导工作纪实.xlsx", {"工作纪实": list(_entries(_AUTUMN_NOTES))}


def _indicators(year: int) -> list[Row]:
    """The indicators of a year, for schools and for kindergartens."""
    return [
        (f"{year}-{letter}{number:02}", str(year), scope, topic, title, str(weights[year - 2018]))
        for letter, scope, lines in (("X", "中小学", _SCHOOL_INDICATORS), ("Y", "幼儿园", _KINDERGARTEN_INDICATORS))
        for number, topic, title, *weights in lines
    ]  # fmt: skip


def _evaluation(year: int, roster: DemoDistrict, first_day: date) -> Workbook:
    """Every school's scores by the indicators of its kind; each school has a level of its own."""
    rng = chance(f"年度考核 {year}")
    evaluations, scores = [], []
    for place, school in enumerate(roster.schools):
        day = first_day + timedelta(days=place % 10)
        evaluations.append((school.code, str(year), str(day)))
        level = rng.uniform(76, 93) + (year - 2018)
        kindergarten = school.kind == "幼儿园"
        for number, *_ in _KINDERGARTEN_INDICATORS if kindergarten else _SCHOOL_INDICATORS:
            code = f"{year}-{'Y' if kindergarten else 'X'}{number:02}"
            scores.append((school.code, str(year), code, str(min(100, round(rng.gauss(level, 4))))))
    return f"71 {year}年度 学校考核.xlsx", {"学校年度考核": evaluations, "学校指标得分": scores}


def _findings(months: Iterable[date]) -> list[Row]:
    """Each month some findings; most are mended within thirty days, a few late or not yet."""
    rows: list[Row] = []
    for month in months:
        rng = chance(f"督导问题 {month}")
        for place, school in enumerate(rng.sample(district().schools[:25], 6)):
            topic = rng.choice(sorted(_ISSUES))
            found_on = month + timedelta(days=8 + place)
            due = found_on + timedelta(days=30)
            mended = rng.choices((due - timedelta(days=6), due + timedelta(days=5), None), (7, 1, 1))[0]
            if mended and mended > (date(2019, 7, 5) if month.month < 7 else date(2020, 1, 10)):
                mended = None
            kind = rng.choices(("综合督导", "专项督导", "经常性督导"), (1, 2, 3))[0]
            issue = rng.choice(_ISSUES[topic])
            rows.append(
                (school.code, str(found_on), kind, topic, issue, str(due), str(mended) if mended else None)
            )
    return rows


def _visits(roster: DemoDistrict, months: Iterable[date]) -> Iterator[Row]:
    """Every kindergarten and every school with attached kindergarten classes once a month, on two aspects."""
    schools: list[DemoSchool] = list(
        dict.fromkeys(group.school for group in roster.classes if group.stage == PRESCHOOL)
    )
    for month in months:
        rng = chance(f"学前教育督查 {month}")
        for school in schools:
            day = month + timedelta(days=rng.randrange(2, 27))
            for aspect in rng.sample(sorted(_VISIT_PROBLEMS), 2):
                failed = rng.random() < 0.07
                yield (
                    school.code, str(day), aspect, "否" if failed else "是", _VISIT_PROBLEMS[aspect] if failed else None,
                )  # fmt: skip


def _checks(first_day: date, season: str, closed: int) -> Iterator[Row]:
    """Each institution that is open is checked once; ``closed`` is the place of the day of closing in its line."""
    rng = chance(f"培训机构检查 {season}")
    for place, line in enumerate(_INSTITUTIONS):
        day = first_day + timedelta(days=place)
        name, _, licence, *_ = line
        until = line[closed]
        if until and date.fromisoformat(until) < day:
            continue
        due = day + timedelta(days=30)
        months = str(rng.choice((1, 3, 3, 6) if season == "春季" else (1, 3, 3, 3)))
        if licence is None:
            yield name, str(day), "无证办学", None, str(due), str(due) if until else None
        elif int(months) > 3:
            yield name, str(day), "收费不规范", months, str(due), str(due - timedelta(days=8))
        elif rng.random() < 0.3:
            problem = rng.choice(("超前超标培训", "消防隐患", "教师资格不符"))
            yield name, str(day), problem, months, str(due), str(due - timedelta(days=3))
        else:
            yield name, str(day), "未发现问题", months, None, None


def _entries(notes: Iterable[tuple[str, ...]]) -> Iterator[Row]:
    title = registry.areas()["inspection"].title
    for order, (topic, day, name, document, text) in enumerate(notes, 1):
        yield title, topic, day, name, document or None, text, None, "是", str(order * 10)
