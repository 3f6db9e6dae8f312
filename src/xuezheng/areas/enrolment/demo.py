"""The demo data of enrolment: Excel files on schools, classes, pupils, admission and candidates."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, cycle
from pathlib import Path

from xuezheng.demo import Row, Workbook, expected, tables
from xuezheng.demo.applicants import DemoApplicant, applicants
from xuezheng.demo.autumn import LEFT_ON, NEW_SCHOOL, autumn
from xuezheng.demo.autumn import TERM as AUTUMN_TERM
from xuezheng.demo.county import County, HalfYear
from xuezheng.demo.district import (
    BUREAU,
    NAME,
    TERM,
    DemoClass,
    DemoDistrict,
    DemoPupil,
    DemoSchool,
    chance,
    district,
    first_birthday,
)
from xuezheng.demo.people import DISTRICT, OTHER_PROVINCES, DemoPerson, People
from xuezheng.demo.schools import JUNIOR, PRIMARY, SENIOR, TOWN, VILLAGE

EXPECTED = expected(Path(__file__).with_name("expected.csv"))
TABLES = tables(Path(__file__).with_name("demo.yaml"))
EXAM_DAY = "2019-06-07"
_ZONE_SECOND = ("", "上", "中", "里", "新")
_SEAT = (118.330000, 29.820000)
TERMS = (
    ("2018秋", "2018-09-03", "2019-01-25"),
    ("2019春", "2019-02-25", "2019-06-28"),
    ("2019秋", "2019-09-02", "2020-01-17"),
)


def workbooks() -> Iterator[Workbook]:
    """Yield the Excel files in the order of import, as tuples (file name, rows by sheet name)."""
    roster = district()
    yield (
        "01 本区与学校名册.xlsx",
        {
            "本地信息": [(DISTRICT, NAME, BUREAU)],
            "学期": list(TERMS),
            "学校名册": [_school(school) for school in roster.schools],
            "学校位置": [_site(school) for school in roster.schools],
        },
    )
    yield from _rolls(roster, TERM)
    yield f"03 {TERM} 学籍异动表.xlsx", {"学籍异动表": list(_spring_events(roster))}
    yield (
        f"03 {TERM} 控辍保学.xlsx",
        {
            "未到校学生台账": list(_absences(roster)),
            "劝返记录表": list(_persuasions(roster)),
            "控辍保学月报表": list(_attendance_reports(roster)),
            "控辍保学复核表": list(_reviews(roster)),
        },
    )
    yield f"03 {TERM} 学生群体.xlsx", {"学生群体登记表": list(_groups(roster))}
    yield f"03 {TERM} 巩固情况.xlsx", {"巩固情况表": list(_retentions(roster))}
    yield "03 2019年高考报名册.xlsx", {"高考报名册": _candidates()}
    yield "03 2019年学区划片.xlsx", {"学区划片表": list(_zones()), "对口直升表": _feeders()}


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield the Excel files of autumn, with a new school and new rolls, as (file name, rows by sheet)."""
    yield (
        f"01 {AUTUMN_TERM} 新增学校.xlsx",
        {"学校名册": [_school(NEW_SCHOOL)], "学校位置": [_site(NEW_SCHOOL)]},
    )
    yield (
        f"01 {AUTUMN_TERM} 招生.xlsx",
        {
            "招生计划表": list(_admission_plans()),
            "入学报名表": [_applicant(child) for child in _applicants()],
        },
    )
    # Before the rolls, which only say that they left.
    yield f"01 {AUTUMN_TERM} 高中毕业.xlsx", {"学籍异动表": list(_graduations())}
    yield from _rolls(autumn(), AUTUMN_TERM)
    yield f"03 {AUTUMN_TERM} 学籍异动表.xlsx", {"学籍异动表": list(_autumn_events())}
    yield f"03 {AUTUMN_TERM} 控辍保学.xlsx", {"未到校学生台账": list(_cleared_absences())}
    yield f"03 {AUTUMN_TERM} 学生群体.xlsx", {"学生群体登记表": list(_autumn_groups())}
    yield (
        f"03 {AUTUMN_TERM} 学位预测.xlsx",
        {
            "出生人口表": list(_births()),
            "学位表": list(_places()),
            "历年在校学生表": [
                (*place, str(year), str(grade), str(pupils))
                for place, rolls in _past_rolls().items()
                for (year, grade), pupils in rolls.items()
            ],
        },
    )
    yield (
        f"03 {AUTUMN_TERM} 划片数据.xlsx",
        {
            "社区表": list(_communities()),
            "适龄儿童摸底表": [
                (community, PRIMARY, "2020", str(children))
                for community, children in TABLES.zoning["counted"]
            ],
            "步行距离表": [
                (community, _code(school), str(metres))
                for community, school, metres in TABLES.zoning["walks"]
            ],
            "长幼随学登记表": [
                (community, _code(school), PRIMARY, "2020", str(children))
                for community, school, children in TABLES.zoning["siblings"]
            ],
        },
    )


def county_workbooks(county: County, half_year: HalfYear) -> Iterator[Workbook]:
    """Yield the Excel files of a county's first half-year, as tuples (file name, rows by sheet name).

    Yields nothing for a later half-year, since the rolls stay the same until the end of the school year.
    """
    if half_year != county.half_years[0]:
        return
    about = county.about
    yield (
        "01 本县与学校名册.xlsx",
        {
            "本地信息": [(about["division"], about["name"], about["bureau"])],
            "学期": [tuple(map(str, term)) for term in about["terms"]],
            "学校名册": [_school(school) for school in county.roster.schools],
        },
    )
    yield from _rolls(county.roster, half_year.term)


def _rolls(roster: DemoDistrict, term: str) -> Iterator[Workbook]:
    """Yield each school's rolls of classes and pupils."""
    for school in roster.schools:
        yield (
            f"02 {school.name} {term} 学籍名册.xlsx",
            {
                "班级名册": [_class_group(group) for group in roster.classes if group.school is school],
                "学生名册": [_pupil(pupil) for pupil in roster.pupils if pupil.school is school],
            },
        )


def _school(school: DemoSchool) -> Row:
    return (
        school.code, school.name, school.kind, school.urban_rural, school.runner, school.senior_grade, None,
    )  # fmt: skip


def _site(school: DemoSchool) -> Row:
    """Return a school's code and invented coordinates; schools of a town or village are near each other, around the district's seat."""
    near = "镇区" if school.urban_rural == TOWN else school.name[:2]
    rng, own = chance(f"位置 {near}"), chance(f"位置 {school.name}")
    reach = 0.0 if near == "镇区" else 0.16
    east, north = (centre + rng.uniform(-reach, reach) for centre in _SEAT)
    return school.code, *(f"{place + own.uniform(-0.025, 0.025):.6f}" for place in (east, north))


def _class_group(group: DemoClass) -> Row:
    return group.school.code, group.name, group.stage, str(group.grade), "是" if group.attached else "否"


def _pupil(pupil: DemoPupil) -> Row:
    person = pupil.person
    return (
        pupil.school.code,
        pupil.class_group.name,
        person.name,
        person.sex,
        str(person.born),
        "居民身份证",
        person.id_number,
        pupil.student_number,
        person.household,
        pupil.boarding,
        str(pupil.entered_on),
        str(pupil.left_on) if pupil.left_on else None,
    )


def _spring_events(roster: DemoDistrict) -> Iterator[Row]:
    """Yield the events of spring: pupils who fell ill and came back before the summer."""
    for pupil in _chosen(roster, TERM, 5):
        yield _event(pupil, "2019-03-11", "休学", "因病")
        yield _event(pupil, "2019-05-20", "复学", "病愈")


def _graduations() -> Iterator[Row]:
    """Yield the events by which the last grade of the senior schools graduated."""
    for pupil in autumn().pupils:
        if pupil.left_on == LEFT_ON and pupil.class_group.stage == SENIOR:
            yield _event(pupil, str(LEFT_ON), "毕业", "")


def _autumn_events() -> Iterator[Row]:
    """Yield the events of autumn: pupils who are ill at its end, who are taught at home, and who learn in an ordinary class."""
    pupils = _chosen(autumn(), AUTUMN_TERM, 16)
    for pupil in pupils[:7]:
        yield _event(pupil, "2019-10-14", "休学", "因病")
    for pupil in pupils[7:10]:
        yield _event(pupil, "2019-09-16", "送教上门开始", "重度残疾")
    for pupil in pupils[10:]:
        yield _event(pupil, "2019-09-09", "随班就读开始", "残疾")


def _chosen(roster: DemoDistrict, term: str, number: int) -> list[DemoPupil]:
    """Return so many pupils of primary schools."""
    return chance(f"学籍异动 {term}").sample(roster.enrolled(PRIMARY), number)


def _absent(roster: DemoDistrict) -> list[DemoPupil]:
    """Return the pupils of junior schools who did not attend in spring, one for each row of the table of absences."""
    juniors = [pupil for pupil in roster.enrolled(JUNIOR) if pupil.class_group.grade < 3]
    return chance(f"未到校 {TERM}").sample(juniors, len(TABLES.absences))


def _absences(roster: DemoDistrict) -> Iterator[Row]:
    """Yield the absences of spring as they stood at its end."""
    for pupil, row in zip(_absent(roster), TABLES.absences, strict=True):
        yield _absence(pupil, row)


def _cleared_absences() -> Iterator[Row]:
    """Yield the absences of spring that were cleared in autumn."""
    for pupil, row in zip(_absent(district()), TABLES.absences, strict=True):
        if later := TABLES.cleared.get(row["since"]):
            yield _absence(pupil, {**row, **later})


def _absence(pupil: DemoPupil, row: Mapping[str, str]) -> Row:
    days = [row.get("confirmed"), row.get("clearing"), row.get("cleared")]
    about = [row["since"], row["reported"], row.get("whereabouts"), row["teacher"]]
    return (*pupil.person.cells, pupil.school.code, pupil.class_group.stage, *about, *days)


def _persuasions(roster: DemoDistrict) -> Iterator[Row]:
    """Yield what was done to bring the absent pupils back."""
    for pupil, row in zip(_absent(roster), TABLES.absences, strict=True):
        for day, method, outcome in row.get("persuasions", ()):
            yield (*pupil.person.cells, pupil.school.code, day, method, row["teacher"], outcome)


def _attendance_reports(roster: DemoDistrict) -> Iterator[Row]:
    """Yield each school's monthly report: who is absent at the end of the month; one school of each stage is late once."""
    absent = list(zip(_absent(roster), TABLES.absences, strict=True))
    for stage in (PRIMARY, JUNIOR):
        pupils = Counter(pupil.school.code for pupil in roster.enrolled(stage))
        for place, (school, number) in enumerate(sorted(pupils.items())):
            for month, last in TABLES.report_months.items():
                missing = sum(
                    pupil.school.code == school
                    and pupil.class_group.stage == stage
                    and row["since"] <= last < row.get("cleared", "9999")
                    for pupil, row in absent
                )
                late = place == 0 and month == TABLES.late_month
                reported = last if late else f"{month[:8]}25"
                yield school, stage, month, str(number), str(number - missing), reported


def _reviews(roster: DemoDistrict) -> Iterator[Row]:
    """Yield the quarterly reviews of each school's ledger, with those who were in it on the day."""
    absent = list(zip(_absent(roster), TABLES.absences, strict=True))
    for place, school in enumerate(sorted({pupil.school.code for pupil in roster.enrolled(PRIMARY, JUNIOR)})):
        for quarter, day in TABLES.reviews.items():
            listed = sum(
                pupil.school.code == school and row["since"] <= day < row.get("cleared", "9999")
                for pupil, row in absent
            )
            late = place == 0 and day == max(TABLES.reviews.values())
            reviewed = TABLES.late_review if late else day
            yield school, quarter, str(listed), str(listed), "0", reviewed, "程股长", None


def _groups(roster: DemoDistrict) -> Iterator[Row]:
    """Yield the memberships of spring: migrants, children left behind, minorities, and disabled children, some of whom are at no school."""
    plan, rng = TABLES.groups, chance(f"学生群体 {TERM}")
    pupils = roster.enrolled(PRIMARY, JUNIOR)
    yield from _migrants(pupils, plan["since"])
    rural = [pupil for pupil in pupils if pupil.school.urban_rural == VILLAGE]
    for place, pupil in enumerate(rng.sample(rural, plan["left_behind"])):
        back = plan["parents_back_on"] if place < plan["parents_back"] else None
        detail = rng.choice(["双亲留守儿童", "单亲留守儿童"])
        yield _membership(pupil.person, "农村留守儿童", detail, plan["since"], "学校家访登记", back)
    peoples = cycle(plan["peoples"])
    for pupil in rng.sample(roster.enrolled(PRIMARY, JUNIOR, SENIOR), plan["minority"]):
        yield _membership(pupil.person, "少数民族学生", next(peoples), str(pupil.person.born), "户口簿")
    people = People([*(pupil.person for pupil in (*roster.pupils, *autumn().pupils)), *roster.candidates])
    at_no_school = [people.make(rng, first_birthday(PRIMARY, 3)) for _ in range(plan["not_at_school"])]
    special = [pupil.person for pupil in pupils if pupil.school.kind == "特殊教育学校"]
    yield from _disabled([*special, *at_no_school], plan["since"])


def _autumn_groups() -> Iterator[Row]:
    """Yield the memberships of autumn: migrants who are new, and the pupils who are taught at home or learn in an ordinary class."""
    known = {pupil.person.id_number for pupil in district().enrolled(PRIMARY, JUNIOR)}
    pupils = autumn().enrolled(PRIMARY, JUNIOR)
    since = TERMS[2][1]
    yield from _migrants((pupil for pupil in pupils if pupil.person.id_number not in known), since)
    disabled = [pupil.person for pupil in _chosen(autumn(), AUTUMN_TERM, 16)[7:]]
    yield from _disabled(disabled, since)


def _migrants(pupils: Iterable[DemoPupil], since: str) -> Iterator[Row]:
    """Yield a membership of each pupil who is registered elsewhere; of ten, the parents of eight are workers."""
    rng = chance(f"随迁子女 {since}")
    for pupil in pupils:
        household = pupil.person.household
        if household != DISTRICT:
            worker = "进城务工人员随迁子女" if rng.random() < 0.8 else "其他随迁子女"
            origin = "外省迁入" if household in OTHER_PROVINCES else "本省外县迁入"
            yield _membership(pupil.person, "随迁子女", f"{worker}（{origin}）", since, "居住证")


def _disabled(people: Iterable[DemoPerson], since: str) -> Iterator[Row]:
    for person, detail in zip(people, cycle(TABLES.groups["disabilities"]), strict=False):
        yield _membership(person, "残疾儿童少年", detail, since, "残疾人证")


def _membership(
    person: DemoPerson, kind: str, detail: str, since: str, evidence: str, until: str | None = None
) -> Row:
    return (*person.cells, kind, detail, None, since, until, evidence)


def _retentions(roster: DemoDistrict) -> Iterator[Row]:
    """Yield the counts of the year's leavers: of each junior school over three years, of each school over nine."""
    year, plan = TERMS[1][0][:4], TABLES.retention
    leavers = Counter(pupil.school.code for pupil in roster.enrolled(JUNIOR) if pupil.class_group.grade == 3)
    changes = cycle(plan["junior"])
    for school, graduated in sorted(leavers.items()):
        arrived, departed, died, lost = next(changes)
        entered = graduated - arrived + departed + died + lost
        yield school, "初中三年", year, *map(str, (entered, arrived, departed, died, graduated))
    entrants = Counter(
        pupil.school.code for pupil in roster.enrolled(PRIMARY) if pupil.class_group.grade == 1
    )
    for school in sorted({*leavers, *entrants}):
        entered = round(entrants[school] * plan["more_at_nine_years"])
        yield school, "九年义务教育", year, str(entered), "0", "0", "0", str(leavers[school])


def _event(pupil: DemoPupil, day: str, kind: str, reason: str) -> Row:
    """Return an event within the pupil's class; both classes are left to the register."""
    return (*pupil.person.cells, day, kind, None, None, None, None, None, None, None, reason, None)


def _candidates() -> list[Row]:
    """Return the candidates: the last grade of the senior schools but four pupils, and some who sit the exam again."""
    roster = district()
    last_grade = [
        pupil
        for pupil in roster.enrolled(SENIOR)
        if pupil.class_group.grade == 3 and pupil.school.senior_grade is not None
    ]
    city_model = [pupil for pupil in last_grade if pupil.school.senior_grade == "市示范高中"]
    ordinary = [pupil for pupil in last_grade if pupil.school.senior_grade == "一般高中"][:-4]
    # Classes are of one track: the first ones of each school of the arts, all others of science.
    tracks = chain(_tracks(len(city_model), 300), _tracks(len(ordinary), 161))
    rows = [
        (*pupil.person.cells, pupil.school.code, track, EXAM_DAY, None, None)
        for pupil, track in zip(city_model + ordinary, tracks, strict=True)
    ]
    again = zip(roster.candidates, _tracks(len(roster.candidates), 3), strict=True)
    return [*rows, *((*person.cells, None, track, EXAM_DAY, None, None) for person, track in again)]


def _zones() -> Iterator[Row]:
    """Yield each public school's communities, more for a larger first grade."""
    rng = chance("学区")
    names = [f"{first}{second}" for first in TABLES.zone_first for second in _ZONE_SECOND]
    rng.shuffle(names)
    for stage, kinds in ((PRIMARY, ("小学", "九年一贯制学校")), (JUNIOR, ("初级中学", "九年一贯制学校"))):
        free = iter(names)
        for school in district().schools:
            if school.kind not in kinds:
                continue
            entrants = sum(
                pupil.school is school and pupil.class_group.grade == 1
                for pupil in district().enrolled(stage)
            )
            suffix = "社区" if school.urban_rural == TOWN else "村"
            for _ in range(max(2, entrants // 45)):
                yield school.code, stage, "2019", next(free) + suffix, str(entrants // max(2, entrants // 45))


def _communities() -> Iterator[Row]:
    """Yield the communities of the primary zones, each with invented coordinates around its school of 2019."""
    sites = {
        str(code): (float(str(east)), float(str(north)))
        for code, east, north in map(_site, district().schools)
    }
    towns = {school.code for school in district().schools if school.urban_rural == TOWN}
    for number, (school, stage, _, community, _) in enumerate(_zones(), start=1):
        if stage == PRIMARY:
            rng, reach = chance(f"位置 {community}"), TABLES.zoning["reach"][str(school) not in towns]
            east, north = (place + rng.uniform(-reach, reach) for place in sites[str(school)])
            yield community, f"{DISTRICT}{number:06}", f"{east:.6f}", f"{north:.6f}"


def _code(name: str) -> str:
    return next(school.code for school in district().schools if school.name == name)


def _rolls_of(roster: DemoDistrict) -> dict[tuple[str, str], Counter[int]]:
    """Return the pupils by grade of each school and stage that is forecast."""
    rolls: dict[tuple[str, str], Counter[int]] = {}
    for pupil in roster.enrolled(PRIMARY, JUNIOR, SENIOR):
        rolls.setdefault((pupil.school.code, pupil.stage), Counter())[pupil.class_group.grade] += 1
    return rolls


def _past_rolls() -> dict[tuple[str, str], dict[tuple[int, int], int]]:
    """Return the pupils of autumns before the registers, by (year, grade): about as many as a grade lower a year before."""
    last = TABLES.past_autumns[-1]
    past: dict[tuple[str, str], dict[tuple[int, int], int]] = {}
    for place, grades in _rolls_of(district()).items():
        rng = chance(f"历年在校 {place}")
        known = {(last + 1, grade): grades[grade] for grade in range(1, max(grades) + 1)}
        for year in reversed(TABLES.past_autumns):
            for grade in range(1, max(grades) + 1):
                later = known.get((year + 1, grade + 1)) or known[year + 1, grade]
                known[year, grade] = round(later * rng.uniform(0.97, 1.03))
        past[place] = {place: number for place, number in known.items() if place[0] <= last}
    return past


def _births() -> Iterator[Row]:
    """Yield each community's births by school year: those that entered, and those of the coming years, by the school's trend."""
    communities: dict[str, list[str]] = {}
    for school, stage, _, community, _ in _zones():
        if stage == PRIMARY:
            communities.setdefault(str(school), []).append(str(community))
    names = {school.code: school.name for school in district().schools}
    past = _past_rolls()
    rolls = [_rolls_of(district()), _rolls_of(autumn())]
    for school, own in communities.items():
        rng = chance(f"出生 {school}")
        entered = {year: number for (year, grade), number in past[school, PRIMARY].items() if grade == 1}
        for roll in rolls:
            entered[max(entered) + 1] = roll[school, PRIMARY][1]
        while max(entered) < TABLES.last_cohort:
            trend = float(TABLES.trends.get(names[school], TABLES.trend))
            entered[max(entered) + 1] = round(entered[max(entered)] * trend)
        for year, number in sorted(entered.items()):
            born = round(number / TABLES.entry_rate * rng.uniform(0.98, 1.02))
            for order, community in enumerate(own):
                share = born // len(own) + (order < born % len(own))
                yield community, f"{year - 7}-09-01", f"{year - 6}-08-31", str(share), "公安户籍登记"


def _places() -> Iterator[Row]:
    """Yield the places of each school: as the table has them, else so many classes that a quarter of the places is free."""
    schools = {school.code: school for school in autumn().schools}
    for (code, stage), grades in _rolls_of(autumn()).items():
        school = schools[code]
        size = TABLES.class_sizes.get(school.kind, 50 if stage == SENIOR else 45)
        classes = max(len(grades), -(-grades.total() * 4 // (3 * size)))
        classes, size = (
            TABLES.places.get(school.name, (classes, size)) if stage == PRIMARY else (classes, size)
        )
        yield code, stage, "2019", str(classes), str(size)


def _applicants() -> list[DemoApplicant]:
    zones: dict[str, list[str]] = {}
    for school, stage, _, community, _ in _zones():
        if stage == PRIMARY:
            zones.setdefault(str(school), []).append(str(community))
    season = TABLES.season
    return list(applicants(season["schools"], season["full"], season["placed"], zones))


def _admission_plans() -> Iterator[Row]:
    """Yield the plan of each school that has applicants."""
    codes = {school.name: school.code for school in autumn().schools}
    for name, (classes, size) in TABLES.season["plans"].items():
        yield codes[name], PRIMARY, "2019", str(classes), str(size), None


def _applicant(child: DemoApplicant) -> Row:
    person, placed = child.person, child.placed
    return (
        person.name,
        person.sex,
        str(person.born),
        "居民身份证",
        person.id_number,
        person.household,
        child.school.code,
        PRIMARY,
        "2019",
        child.number,
        TABLES.season["registered"],
        child.tier,
        child.settled_on,
        child.community,
        None,
        child.kindergarten or None,
        "否",
        placed.code if placed else None,
        TABLES.season["reason"] if placed else None,
    )


def _feeders() -> list[Row]:
    """Return the (primary, year, junior) rows: each primary school feeds the junior school of its town."""
    codes = {school.name: school.code for school in district().schools}
    return [
        (codes[primary], "2019", codes[junior])
        for junior, primaries in TABLES.feeders.items()
        for primary in primaries
    ]


def _tracks(candidates: int, arts: int) -> Iterator[str]:
    yield from ["文史类"] * arts + ["理工类"] * (candidates - arts)
