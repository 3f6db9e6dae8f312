"""The office's workbooks: the plans of two half-years, and notes of work that belong to no other section."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from xuezheng import registry
from xuezheng.demo import Row, Workbook
from xuezheng.demo.district import district

# Number, title, area, due day, measures, begun on, finished on; the last two as the office knows them in January.
_PLAN = (
    (
        1, "党的建设", "party", "2019-12-31",
        "扎实开展主题教育，把意识形态工作纳入学校考核。做好先进表彰和支部换届指导，学习平台向民办学校教职工延伸。",
        "2019-07-08", None,
    ),
    (
        2, "重点项目", "works", "2019-12-31",
        "凤山幼儿园秋季学期投入使用，校舍维修在暑期完工。推进智慧校园应用和近视防控基地建设，做好视力筛查与数据采集。",
        "2019-07-02", None,
    ),
    (
        3, "教师队伍", "staffing", "2019-12-31",
        "深化无校籍管理，把师德表现作为评价首要标准。完成教师招聘，做好教师节表彰、全员培训和学历提升。",
        "2019-07-05", None,
    ),
    (
        4, "学生素养", "quality", "2019-12-31",
        "开展质量提升年活动，实施山区学生素养提升计划。推进生本教育、近视防控、心理健康、劳动教育和体育工作。",
        "2019-09-02", "2019-12-27",
    ),
    (
        5, "义务教育优质均衡", "enrolment", "2020-09-01",
        "在镇区规划建设一所大规模小学，疏解岩寺小学、南山小学、下街小学学位压力。增加辅助用房和运动场地，补齐文峰学校教学仪器设备。",
        "2019-09-02", None,
    ),
    (
        6, "文明城市创建", "overview", "2019-12-31",
        "建好实践站，落实责任路段和样板点位的日常保洁与志愿服务，确保不失分。",
        "2019-07-10", "2019-12-20",
    ),
    (
        7, "教学质量", "quality", "2019-12-31",
        "发挥名师工作室引领作用，深化教科研工作。推进山区学校教学帮扶和劳动教育课程建设。",
        "2019-09-02", "2019-12-30",
    ),
    (
        8, "扫黑除恶专项斗争", "safety", "2019-12-31",
        "整治校园周边环境，规范校外培训机构，严防学生欺凌。",
        "2019-07-01", "2019-12-25",
    ),
    (
        9, "校园安全", "safety", "2019-12-31",
        "抓好防欺凌、防溺水、传染病防控和食品安全，开展隐患排查整改。",
        "2019-07-01", "2019-12-30",
    ),
    (
        10, "教育扶贫", "aid", "2019-12-31",
        "做好联系村帮扶。核准秋季学期建档立卡学生信息，按标准发放资助，不漏一人。",
        "2019-09-09", None,
    ),
    (
        11, "融入杭州都市圈", "activities", "2019-12-31",
        "落实与结对地区的合作协议，开展校长教师跟岗和学生研学交流。",
        None, None,
    ),
)  # fmt: skip
# Item, title, area, due day, figure, slice, school, operator, value.
_TARGETS = (
    (1, "学习平台覆盖民办学校教职工", "party", "2019-12-31", "party.platform_coverage_all", "", "", "等于", "100"),
    (2, "凤山幼儿园秋季开学投入使用", "works", "2019-08-31", "works.projects", "state=delivered;code=FS2018", "", "不少于", "1"),
    (2, "校舍维修暑期完工", "works", "2019-08-31", "works.repairs_delivered", "", "", "不少于", "4"),
    (3, "新招聘中小学、幼儿园教师到岗", "staffing", "2019-12-31", "staffing.recruits_in_post", "", "", "不少于", "17"),
    (5, "岩寺小学学生数", "enrolment", "2020-09-01", "enrolment.pupils", "", "岩寺小学", "不超过", "1500"),
    (5, "南山小学学生数", "enrolment", "2020-09-01", "enrolment.pupils", "", "南山小学", "不超过", "600"),
    (5, "下街小学学生数", "enrolment", "2020-09-01", "enrolment.pupils", "", "下街小学", "不超过", "600"),
    (5, "消除大班额班级", "enrolment", "2020-09-01", "enrolment.oversize_classes", "", "", "等于", "0"),
    (5, "文峰学校小学部生均教学仪器设备值", "balance", "2020-09-01", "balance.equipment_per_pupil", "stage=primary", "文峰学校", "不少于", "2000"),
    (5, "文峰学校初中部生均教学仪器设备值", "balance", "2020-09-01", "balance.equipment_per_pupil", "stage=junior", "文峰学校", "不少于", "2500"),
    (10, "秋季建档立卡资助金应发尽发", "aid", "2019-12-31", "aid.registered_poor_paid_rate", "", "", "等于", "100"),
    (10, "秋季建档立卡学生资助不漏一人", "aid", "2019-12-31", "aid.registered_poor_unaided", "", "", "等于", "0"),
)  # fmt: skip
_NEXT_PLAN = (
    (1, "党的建设", "party", "2020-06-30", "巩固主题教育成果，推进党建与教育教学深度融合。"),
    (2, "学位建设", "enrolment", "2020-06-30", "继续疏解镇区学校学位压力，控制起始年级班额。"),
    (
        3, "教师队伍", "staffing", "2020-06-30",
        "完善无校籍管理和交流轮岗办法，引导骨干教师向乡村学校流动。",
    ),
    (4, "教育扶贫", "aid", "2020-06-30", "逐人核对春季学期应助名单，补发遗漏资助，建立比对长效机制。"),
    (5, "校园安全", "safety", "2020-06-30", "健全隐患排查治理机制，抓好传染病防控。"),
)  # fmt: skip
_NEXT_TARGETS = (
    (2, "岩寺小学学生数", "enrolment", "2020-09-01", "enrolment.pupils", "", "岩寺小学", "不超过", "1500"),
    (2, "消除大班额班级", "enrolment", "2020-09-01", "enrolment.oversize_classes", "", "", "等于", "0"),
    (4, "春季建档立卡学生资助不漏一人", "aid", "2020-06-30", "aid.registered_poor_unaided", "", "", "等于", "0"),
)  # fmt: skip
# Topic, day, title, document, text, by area.
_ENTRIES = {
    "overview": (
        ("高中教育", "2019-04-18", "省示范高中创建部署", "云教〔2019〕31号", "云岭区第一中学对照省示范高中评估标准逐项自查，制定创建任务清单并分解到处室。"),
        ("高中教育", "2019-05-20", "传媒特色班招生", "", "云岭区第二中学传媒艺术特色班办学成效明显，吸引周边区县学生报考。"),
        ("优质均衡", "2019-03-22", "优质均衡自查", "云教〔2019〕26号", "对照义务教育优质均衡发展督导评估标准逐校逐项开展自查，力争进入首批认定行列。"),
    ),
    "enrolment": (
        ("招生入学", "2019-06-12", "义务教育招生方案", "云教〔2019〕44号", "出台义务教育阶段招生工作意见，坚持划片免试就近入学，小学毕业生整体对口升学，全程接受社会监督。"),
    ),
    "aid": (
        ("教育扶贫", "2019-03-06", "建档立卡学生比对", "云教助〔2019〕3号", "会同扶贫部门逐村逐户核对建档立卡家庭学生信息，区外就读学生由包保教师取得就读证明后纳入资助。"),
    ),
}  # fmt: skip
_AUTUMN_ENTRIES = {
    "overview": (
        ("高中教育", "2019-10-16", "省示范高中创建推进", "云教〔2019〕77号", "云岭区第一中学创建省示范高中进入迎评阶段，校园环境和功能室建设同步推进。"),
        ("优质均衡", "2019-11-08", "优质均衡推进会", "云教〔2019〕83号", "召开义务教育优质均衡发展推进会，对未达标指标逐校建立整改台账。"),
    ),
    "aid": (
        ("教育扶贫", "2019-09-20", "秋季学期比对", "云教助〔2019〕11号", "秋季学期起对义务教育阶段非寄宿生实行差别化资助，逐人核对就读方式后确定标准。"),
    ),
}  # fmt: skip


def workbooks() -> Iterator[Workbook]:
    """Yield the office's workbooks of July: notes of the half-year and the plan for the next, not begun yet."""
    yield "80 2019年上半年 办公室工作纪实.xlsx", {"工作纪实": list(_entries(_ENTRIES))}
    yield (
        "85 2019年下半年 工作计划.xlsx",
        {
            "计划任务": list(_items("2019H2", _PLAN, known_on=date(2019, 7, 5))),
            "计划目标": list(_targets("2019H2", _TARGETS)),
        },
    )


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield those of January: what was begun and finished since, and the next plan."""
    yield "80 2019年下半年 办公室工作纪实.xlsx", {"工作纪实": list(_entries(_AUTUMN_ENTRIES))}
    yield (
        "85 2019年下半年 工作计划进展.xlsx",
        {"计划任务": list(_items("2019H2", _PLAN, known_on=date(2020, 1, 10)))},
    )
    yield (
        "86 2020年上半年 工作计划.xlsx",
        {
            "计划任务": list(
                _items("2020H1", [(*item, None, None) for item in _NEXT_PLAN], known_on=date(2020, 1, 10))
            ),
            "计划目标": list(_targets("2020H1", _NEXT_TARGETS)),
        },
    )


def _title(area: str) -> str:
    return registry.areas()[area].title


def _items(plan: str, items: Iterable[tuple[Any, ...]], known_on: date) -> Iterator[Row]:
    for number, title, area, due, measures, begun, finished in items:
        known = [day if day and date.fromisoformat(day) <= known_on else None for day in (begun, finished)]
        yield plan, str(number), title, _title(area), due, measures, *known


def _targets(plan: str, targets: Iterable[tuple[Any, ...]]) -> Iterator[Row]:
    codes = {school.name: school.code for school in district().schools}
    for item, title, area, due, figure, part, school, operator, value in targets:
        yield (
            plan, str(item), title, _title(area), due, figure, part or None, codes.get(school), operator, value,
        )  # fmt: skip


def _entries(entries: Mapping[str, Iterable[tuple[str, ...]]]) -> Iterator[Row]:
    for area, notes in entries.items():
        for order, (topic, day, title, document, text) in enumerate(notes, 1):
            yield _title(area), topic, day, title, document or None, text, None, "是", str(order * 10)
