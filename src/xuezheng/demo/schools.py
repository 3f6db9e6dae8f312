"""The plans of the demonstration's schools: how many pupils of which stage they have, in how many classes."""

from dataclasses import dataclass

PRESCHOOL, PRIMARY, JUNIOR, SENIOR, UNIVERSITY = "学前", "小学", "初中", "高中", "高校"
TOWN, TOWNSHIP, VILLAGE = "镇中心区", "乡中心区", "村庄"

# The first two digits of a school's identifier code.
CODE_TYPES = {
    "幼儿园": "11", "小学": "21", "小学教学点": "21", "初级中学": "31", "九年一贯制学校": "31",
    "完全中学": "34", "高级中学": "34", "职业高中": "36", "特殊教育学校": "51",
}  # fmt: skip


@dataclass(frozen=True)
class Intake:
    """The pupils of one stage at a school, spread evenly over its classes except the ``crowded`` ones.

    ``classes`` is the number of classes in each grade; empty ``grades`` means all grades of the stage.
    ``boarders`` is the share (0 to 1) of boarders among those old enough; ``crowded`` has the sizes of the
    fullest classes, from the highest grade down.
    """

    stage: str
    pupils: int
    classes: int
    grades: tuple[int, ...] = ()
    boarders: float = 0
    crowded: tuple[int, ...] = ()

    def all_grades(self) -> tuple[int, ...]:
        """Return the grades that are taught, from 1."""
        return self.grades or tuple(range(1, 7 if self.stage == PRIMARY else 4))


@dataclass(frozen=True)
class SchoolPlan:
    """The plan of a school, from which its classes and pupils are generated.

    ``kind``, ``urban_rural`` (the kind of place), ``senior_grade`` (the grade of a senior school) and
    ``runner`` (who runs the school) are Chinese labels. ``attached`` are kindergarten classes at a school of
    another kind, None for none.
    """

    name: str
    kind: str
    urban_rural: str
    intakes: tuple[Intake, ...]
    attached: Intake | None = None
    senior_grade: str | None = None
    runner: str = "县级教育部门"


def _kindergarten(
    name: str, place: str, pupils: int, classes: int, runner: str = "县级教育部门"
) -> SchoolPlan:
    return SchoolPlan(name, "幼儿园", place, (Intake(PRESCHOOL, pupils, classes),), runner=runner)


def _primary(
    name: str, place: str, pupils: int, classes: int, boarders: float = 0, crowded: tuple[int, ...] = (),
    attached: Intake | None = None,
) -> SchoolPlan:  # fmt: skip
    intake = Intake(PRIMARY, pupils, classes, boarders=boarders, crowded=crowded)
    return SchoolPlan(name, "小学", place, (intake,), attached)


def _junior(name: str, place: str, pupils: int, classes: int, boarders: float) -> SchoolPlan:
    return SchoolPlan(name, "初级中学", place, (Intake(JUNIOR, pupils, classes, boarders=boarders),))


def _township(name: str, primary: int, junior: int, attached: Intake | None = None) -> SchoolPlan:
    intakes = Intake(PRIMARY, primary, 1, boarders=0.3), Intake(JUNIOR, junior, 1, boarders=0.6)
    return SchoolPlan(name, "九年一贯制学校", TOWNSHIP, intakes, attached)


PLANS = (
    _primary("岩寺小学", TOWN, 1596, 5, crowded=(67, 58, 57)),
    _primary("南山小学", TOWN, 684, 3),
    _primary("下街小学", TOWN, 652, 3),
    _primary("紫霞小学", TOWN, 648, 3),
    SchoolPlan(
        "文峰学校", "九年一贯制学校", TOWN, (Intake(PRIMARY, 468, 2), Intake(JUNIOR, 426, 3, crowded=(57,)))
    ),
    _township("富溪中心学校", 192, 132, attached=Intake(PRESCHOOL, 60, 1)),
    _township("洽舍中心学校", 132, 96, attached=Intake(PRESCHOOL, 48, 1)),
    _township("杨村中心学校", 186, 138),
    _primary("呈坎中心小学", TOWNSHIP, 246, 1, boarders=0.3),
    _primary("潜口中心小学", TOWNSHIP, 384, 2, boarders=0.25),
    _primary("西溪南中心小学", TOWNSHIP, 352, 2, boarders=0.25),
    _primary("坤沙小学", VILLAGE, 146, 1, attached=Intake(PRESCHOOL, 39, 1, grades=(2, 3))),
    _primary("信行小学", VILLAGE, 118, 1, attached=Intake(PRESCHOOL, 18, 1, grades=(3,))),
    _primary("琶村小学", VILLAGE, 96, 1, attached=Intake(PRESCHOOL, 36, 1, grades=(2, 3))),
    _primary("长源小学", VILLAGE, 88, 1, attached=Intake(PRESCHOOL, 24, 1, grades=(3,))),
    SchoolPlan("灵山教学点", "小学教学点", VILLAGE, (Intake(PRIMARY, 44, 1, grades=(1, 2, 3, 4)),)),
    SchoolPlan("容溪教学点", "小学教学点", VILLAGE, (Intake(PRIMARY, 31, 1, grades=(1, 2, 3)),)),
    SchoolPlan(
        "云岭区特殊教育学校", "特殊教育学校", TOWN,
        (Intake(PRIMARY, 38, 1, boarders=0.3), Intake(JUNIOR, 22, 1, boarders=0.4)),
    ),
    _junior("岩寺初级中学", TOWN, 1123, 8, boarders=0.1),
    _junior("潜口初级中学", TOWNSHIP, 270, 2, boarders=0.5),
    _junior("西溪南初级中学", TOWNSHIP, 288, 2, boarders=0.5),
    _junior("呈坎初级中学", TOWNSHIP, 186, 2, boarders=0.55),
    SchoolPlan(
        "云岭区第一中学", "高级中学", TOWN,
        (
            Intake(SENIOR, 700, 14, grades=(1,), boarders=0.5),
            Intake(SENIOR, 740, 15, grades=(2,), boarders=0.5),
            Intake(SENIOR, 792, 16, grades=(3,), boarders=0.6),
        ),
        senior_grade="市示范高中",
    ),
    SchoolPlan(
        "云岭区第二中学", "完全中学", TOWN,
        (
            Intake(JUNIOR, 414, 3, boarders=0.2),
            Intake(SENIOR, 250, 5, grades=(1,), boarders=0.6),
            Intake(SENIOR, 300, 6, grades=(2,), boarders=0.6),
            Intake(SENIOR, 403, 8, grades=(3,), boarders=0.7),
        ),
        senior_grade="一般高中",
    ),
    SchoolPlan("云岭区职业高级中学", "职业高中", TOWN, (Intake(SENIOR, 315, 3, boarders=0.7),)),
    _kindergarten("云岭区幼儿园", TOWN, 279, 3),
    _kindergarten("岩寺幼儿园", TOWN, 270, 3),
    _kindergarten("文峰幼儿园", TOWN, 186, 2),
    _kindergarten("南山幼儿园", TOWN, 180, 2),
    _kindergarten("下街幼儿园", TOWN, 168, 2),
    _kindergarten("潜口中心幼儿园", TOWNSHIP, 150, 2),
    _kindergarten("西溪南中心幼儿园", TOWNSHIP, 144, 2),
    _kindergarten("呈坎中心幼儿园", TOWNSHIP, 84, 1),
    _kindergarten("杨村中心幼儿园", TOWNSHIP, 72, 1),
    _kindergarten("小燕子幼儿园", TOWN, 156, 2, runner="民办"),
    _kindergarten("童乐幼儿园", TOWN, 84, 1, runner="民办"),
    _kindergarten("金禾幼儿园", TOWN, 81, 1, runner="民办"),
    _kindergarten("启慧幼儿园", TOWN, 78, 1, runner="民办"),
    _kindergarten("春芽幼儿园", TOWN, 75, 1, runner="民办"),
    _kindergarten("紫霞幼儿园", TOWN, 72, 1, runner="民办"),
)  # fmt: skip
