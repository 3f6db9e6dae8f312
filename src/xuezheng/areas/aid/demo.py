"""The demonstration's workbooks of the aid office for both terms of 2019: hardship, entitlements, awards, funds, projects."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from xuezheng.areas.aid.procedures.demonstration import APPLICATIONS, accounts_and_budget, pay, recognise_some
from xuezheng.demo import Row, Workbook, expected, tables
from xuezheng.demo.autumn import TERM as AUTUMN_TERM
from xuezheng.demo.autumn import autumn
from xuezheng.demo.county import County, HalfYear
from xuezheng.demo.district import TERM, DemoDistrict, DemoPupil, chance, district
from xuezheng.demo.people import DISTRICT, DemoPerson
from xuezheng.demo.planted import KINDS, Planted, list_row, planted
from xuezheng.demo.schools import JUNIOR, PRESCHOOL, PRIMARY, SENIOR, TOWN, UNIVERSITY
from xuezheng.workbooks.cells import typed_yuan

EXPECTED = expected(Path(__file__).with_name("expected.csv"))
TABLES = tables(Path(__file__).with_name("demo.yaml"))

_POOR = "建档立卡"
_FURTHER_KINDS = ("农村低保", "农村特困供养", "家庭经济困难残疾学生")
_OTHER_KINDS = (*_FURTHER_KINDS, "农村低保", "城市低保", "孤儿", *["其他家庭经济困难"] * 4)
_RATES = {PRESCHOOL: 500_00, PRIMARY: 500_00, JUNIOR: 625_00, SENIOR: 1500_00, UNIVERSITY: 1500_00}
_POOR_HERE = {PRESCHOOL: 34, PRIMARY: 103, JUNIOR: 56}
# By grade of the senior school: pupils free of tuition, how many of them are registered poor, the tuition.
_TUITION = {"市示范高中": (21, 6, 700_00), "一般高中": (11, 3, 350_00)}
_TIERS = (("一档", 57, 1500_00), ("二档", 121, 1000_00), ("三档", 40, 500_00))
# From autumn 2019 on, those who do not board get half (see policy.yaml).
_HALVED_STAGES = (PRIMARY, JUNIOR)
_MISSED_IN = "建档立卡 学前教育"
_PAID_HERE = "普通高中免学杂费"
# How many get each of the other programmes in autumn.
_AUTUMN_COUNTS = {"困难幼儿": 71, "贫困寄宿生": 196, "普通高中国家助学金": 224, "普通高中免学杂费": 34}
_REGISTERED_POOR = "建档立卡学生资助"
_ALLOWANCE = "农村低保"
# What is wrong with rows of the poverty register, as it mostly is.
_USUAL_ERRORS = (
    *["无误"] * 12, "号码含空格全角", "十五位旧号", "号码错一位", "相邻两位颠倒", "末三位成零", "科学计数", "缺号码", "同音字",
    "异体字缺号码", "月日颠倒缺号码", "误填家长号码",
)  # fmt: skip
# Where pupils apply in autumn for recognition: a stage, and a certain school of it.
_APPLYING = ((PRIMARY, "岩寺小学"), (PRIMARY, ""), (JUNIOR, ""), (SENIOR, ""))
_WHY = ("家庭成员长期患病", "父母务农，收入不稳定", "家庭遭受自然灾害", "单亲家庭，劳动力不足")


@dataclass(frozen=True)
class DemoAward:
    """An award to a pupil of the demonstration; ``amount`` is in fen.

    ``school_code`` is None for a pupil who studies outside the district. The values of the other fields are
    the Chinese labels that a workbook contains, not codes; ``tier`` is None for an award without a tier.
    """

    person: DemoPerson
    programme: str
    stage: str
    school_name: str
    study_division: str
    school_code: str | None
    boarding: str
    amount: int
    tier: str | None = None


_Funds = tuple[str, int, dict[str, int], str]


@dataclass(frozen=True)
class DemoAid:
    """All aid of a term.

    ``awards`` has the awards by the part of the name of the workbook that lists them; ``hardship`` has each
    person's kind of hardship, as the Chinese label.
    """

    awards: dict[str, list[DemoAward]]
    hardship: dict[DemoPerson, str]


def workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of spring 2019, in the order of import: (file name, rows by title of the sheet)."""
    aid = _aid()
    yield f"04 {TERM} 困难学生认定名单.xlsx", {"困难学生认定名单": _hardship_rows(aid)}
    yield f"04 {TERM} 扶贫部门名单.xlsx", {"外部名单": _poverty_register(aid, date(2019, 3, 1))}
    yield f"04 {TERM} 民政部门名单.xlsx", {"外部名单": _allowance_list(aid, date(2019, 3, 8))}
    yield f"04 {TERM} 学校认定应助名单.xlsx", {"应助名单": _recognised_by_schools(aid, TERM)}
    for part, awards in aid.awards.items():
        days = _pay_days(part, awards, date(2019, 3, 25))
        yield f"05 {TERM} 资助发放 {part}.xlsx", {"资助发放名单": _award_rows(TERM, awards, days)}
    yield (
        f"06 {TERM} 资金分配表.xlsx",
        {"资金分配表": list(_allocation_rows(TERM, district(), TABLES.allocations))},
    )
    yield "07 2019年 民生工程项目.xlsx", {"民生工程项目": list(TABLES.projects)}
    notice = "国务院办公厅关于2018年部分节假日安排的通知"
    yield "08 2018年 放假调休安排.xlsx", {"放假调休安排": [(*holiday, notice) for holiday in TABLES.holidays]}


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of autumn 2019, in the order of import: (file name, rows by title of the sheet).

    They list the recipients of spring who still qualify, and others in place of the rest, with the amounts of
    autumn. One entitled pupil's award is left out on purpose, so that the demonstration has somebody who is
    entitled and not aided.
    """
    aid = _autumn_aid()
    yield (
        f"04 {AUTUMN_TERM} 困难学生认定名单.xlsx",
        {
            "困难学生认定名单": [
                _hardship_row(person, kind, date(2019, 10, 14)) for person, kind in aid.hardship.items()
            ]
        },
    )
    yield f"04 {AUTUMN_TERM} 扶贫部门名单.xlsx", {"外部名单": _poverty_register(aid, date(2019, 9, 20))}
    for part, awards in aid.awards.items():
        paid = awards[:-1] if part == _MISSED_IN else awards
        days = {} if part == _PAID_HERE else _pay_days(f"秋 {part}", awards, date(2019, 10, 14))
        yield (
            f"05 {AUTUMN_TERM} 资助发放 {part}.xlsx",
            {"资助发放名单": _award_rows(AUTUMN_TERM, paid, days)},
        )
    yield f"04 {AUTUMN_TERM} 认定申请表.xlsx", {"认定申请表": _applications(aid)}
    people = [award.person for award in aid.awards[_PAID_HERE]]
    yield f"06 {AUTUMN_TERM} 代发账户和指标.xlsx", accounts_and_budget(people, AUTUMN_TERM)
    yield (
        f"06 {AUTUMN_TERM} 资金分配表.xlsx",
        {"资金分配表": list(_allocation_rows(AUTUMN_TERM, autumn(), TABLES.autumn_allocations))},
    )


def after_autumn_workbooks() -> None:
    """Take the imported autumn applications through their steps, and pay the awards of one programme.

    ``xuezheng demo`` calls it once the workbooks of autumn are imported.
    """
    recognise_some(AUTUMN_TERM)
    pay(AUTUMN_TERM)


def county_workbooks(county: County, half_year: HalfYear) -> Iterator[Workbook]:
    """Yield the workbooks of a half-year of a policy pack's demonstration: (file name, rows by title of the sheet).

    There are none where the county does not use the area.
    """
    given = county.tables("aid", half_year)
    if given is None:
        return
    awards = list(_county_awards(county, given.awards))
    recognised_on = county.place.term_start + timedelta(days=14)
    if half_year == county.half_years[0]:
        rows = [
            _hardship_row(award.person, "其他家庭经济困难", recognised_on)
            for award in {award.person: award for award in awards}.values()
        ]
        yield "04 困难学生认定名单.xlsx", {"困难学生认定名单": rows}
    days = dict.fromkeys((award.school_name for award in awards), date.fromisoformat(given.paid_on))
    yield "05 资助发放名单.xlsx", {"资助发放名单": _award_rows(half_year.term, awards, days)}
    document, fee, months = given.free_year
    last_year = Counter(
        pupil.school.code for pupil in county.roster.enrolled(PRESCHOOL) if pupil.class_group.grade == 3
    )
    free = [
        (code, "学前一年免保育教育费", half_year.term, str(int(fee) * months * children), document, fee, str(months * children))
        for code, children in last_year.items()
    ]  # fmt: skip
    yield "06 资金分配表.xlsx", {"资金分配表": free}
    if given.projects:
        yield "07 民生工程项目.xlsx", {"民生工程项目": list(given.projects)}


def _county_awards(county: County, table: Iterable[tuple[Any, ...]]) -> Iterator[DemoAward]:
    """Yield awards to pupils drawn at random, each pupil once, by a table of programme, stage, boarding, tier, number and yuan."""
    rng, taken = chance("资助", county.place.seed), set[DemoPerson]()
    for programme, stage, boarding, tier, count, yuan in table:
        vocational = programme == "中等职业教育国家助学金"
        pupils = [
            pupil
            for pupil in _without(county.roster.enrolled(stage), taken)
            if pupil.boarding == boarding and (pupil.school.kind == "职业高中") == vocational
        ]
        for pupil in rng.sample(pupils, count):
            taken.add(pupil.person)
            yield _award(pupil, programme, round(Decimal(yuan) * 100), tier, county.place.division)


@cache
def _aid() -> DemoAid:
    rng = chance("资助")
    everyone = district()
    poor = [pupil for stage, count in _POOR_HERE.items() for pupil in _pick(rng, _locals(stage), count)]
    tuition: list[tuple[DemoPupil, int]] = []
    for grade, (free, registered, fee) in _TUITION.items():
        locals_ = [pupil for pupil in _locals(SENIOR) if pupil.school.senior_grade == grade]
        chosen = rng.sample(locals_, free)
        poor += chosen[:registered]
        tuition += [(pupil, fee) for pupil in chosen]
    taken = {pupil.person for pupil in poor}

    kindergarten = _pick(rng, _without(everyone.enrolled(PRESCHOOL), taken), 68)
    boarders = []
    for stage, count in ((PRIMARY, 105), (JUNIOR, 95)):
        living_in = [pupil for pupil in everyone.enrolled(stage) if pupil.boarding == "住校"]
        boarders += rng.sample(_without(living_in, taken), count)

    free_of_tuition = [pupil for pupil, _ in tuition]
    seniors = [pupil for pupil in everyone.enrolled(SENIOR) if pupil.school.senior_grade]
    others = _without(seniors, {pupil.person for pupil in free_of_tuition})
    # The poorest come first, so they are in the first tier.
    granted = free_of_tuition + rng.sample(others, sum(count for _, count, _ in _TIERS) - len(tuition))
    tiers = [(tier, amount) for tier, count, amount in _TIERS for _ in range(count)]

    registered_poor = [_award(pupil, _REGISTERED_POOR, _RATES[pupil.stage]) for pupil in poor] + _away()
    hardship = {award.person: _POOR for award in registered_poor}
    hardship |= {
        pupil.person: rng.choice(_FURTHER_KINDS) for pupil in free_of_tuition if pupil.person not in taken
    }
    for pupil in (*kindergarten, *boarders, *granted):
        hardship.setdefault(pupil.person, rng.choice(_OTHER_KINDS))
    return DemoAid(
        {
            "建档立卡 学前教育": [award for award in registered_poor if award.stage == PRESCHOOL],
            "建档立卡 义务教育": [award for award in registered_poor if award.stage in (PRIMARY, JUNIOR)],
            "建档立卡 高中和高校": [
                award for award in registered_poor if award.stage in (SENIOR, UNIVERSITY)
            ],
            "困难幼儿": [_award(pupil, "学前教育困难幼儿资助", 500_00) for pupil in kindergarten],
            "贫困寄宿生": [
                _award(pupil, "义务教育寄宿生生活费补助", _RATES[pupil.stage]) for pupil in boarders
            ],
            "普通高中国家助学金": [
                _award(pupil, "普通高中国家助学金", amount, tier)
                for pupil, (tier, amount) in zip(granted, tiers, strict=True)
            ],
            "普通高中免学杂费": [_award(pupil, "普通高中免学杂费", fee) for pupil, fee in tuition],
        },
        hardship,
    )


@cache
def _autumn_aid() -> DemoAid:
    """Return the aid of autumn: spring's recipients who still qualify, and new ones in place of the others."""
    spring = _aid()
    now = {pupil.person: pupil for pupil in autumn().enrolled(PRESCHOOL, PRIMARY, JUNIOR, SENIOR)}
    poor = [
        _award(now[award.person], _REGISTERED_POOR, _autumn_rate(now[award.person]))
        for awards in spring.awards.values()
        for award in awards
        if award.programme == _REGISTERED_POOR and award.person in now
    ]
    poor += [replace(away, amount=_autumn_rate(away)) for away in _away()]
    rng = chance("秋季资助")
    taken = {award.person for award in poor}
    awards = {
        "建档立卡 学前教育": [award for award in poor if award.stage == PRESCHOOL],
        "建档立卡 义务教育": [award for award in poor if award.stage in _HALVED_STAGES],
        "建档立卡 高中和高校": [award for award in poor if award.stage in (SENIOR, UNIVERSITY)],
    }
    for part, count in _AUTUMN_COUNTS.items():
        awards[part] = _continued(rng, spring.awards[part], now, taken, count)
    hardship = {
        award.person: rng.choice(_OTHER_KINDS)
        for given in awards.values()
        for award in given
        if award.person not in spring.hardship
    }
    return DemoAid(awards, hardship)


def _continued(
    rng: Random,
    before: list[DemoAward],
    now: dict[DemoPerson, DemoPupil],
    poor: set[DemoPerson],
    count: int,
) -> list[DemoAward]:
    """Return ``count`` awards of one programme: first to its recipients who still qualify, then to others of the same kind of school."""
    first = before[0]

    def may(pupil: DemoPupil) -> bool:
        if first.programme == "义务教育寄宿生生活费补助":
            return pupil.stage in _HALVED_STAGES and pupil.boarding == "住校"
        return pupil.stage == first.stage and (pupil.stage != SENIOR or pupil.school.senior_grade is not None)

    amounts = {(award.stage, award.tier): award.amount for award in before}
    kept = [(now[a.person], a.tier) for a in before if a.person in now and may(now[a.person])][:count]
    had = {pupil.person for pupil, _ in kept} | poor
    others = [pupil for pupil in now.values() if may(pupil) and pupil.person not in had]
    tier = "二档" if first.tier else None
    kept += [(pupil, tier) for pupil in rng.sample(others, count - len(kept))]
    return [
        _award(
            pupil,
            first.programme,
            _TUITION[pupil.school.senior_grade][2]
            if first.programme == "普通高中免学杂费" and pupil.school.senior_grade
            else amounts[pupil.stage, tier],
            tier,
        )
        for pupil, tier in kept
    ]


def _autumn_rate(who: DemoPupil | DemoAward) -> int:
    rate = _RATES[who.stage]
    return rate // 2 if who.stage in _HALVED_STAGES and who.boarding != "住校" else rate


def _away() -> list[DemoAward]:
    return [
        DemoAward(
            person=away.person,
            programme=_REGISTERED_POOR,
            stage=away.stage,
            school_name=away.school_name,
            study_division=away.study_division,
            school_code=None,
            boarding=away.boarding,
            amount=_RATES[away.stage],
        )
        for away in district().absent
    ]


def _locals(stage: str) -> list[DemoPupil]:
    """Return the enrolled pupils of a stage registered in the district, as its registered poor are."""
    return [pupil for pupil in district().enrolled(stage) if pupil.person.household == DISTRICT]


def _without(pupils: list[DemoPupil], people: Collection[DemoPerson]) -> list[DemoPupil]:
    return [pupil for pupil in pupils if pupil.person not in people]


def _pick(rng: Random, pupils: list[DemoPupil], count: int) -> list[DemoPupil]:
    """Draw pupils, three quarters of them from townships and villages, where most poor families live."""
    rural = [pupil for pupil in pupils if pupil.school.urban_rural != TOWN]
    town = [pupil for pupil in pupils if pupil.school.urban_rural == TOWN]
    return rng.sample(rural, count * 3 // 4) + rng.sample(town, count - count * 3 // 4)


def _award(
    pupil: DemoPupil, programme: str, amount: int, tier: str | None = None, division: str = DISTRICT
) -> DemoAward:
    school = pupil.school
    return DemoAward(
        pupil.person, programme, pupil.stage, school.name, division, school.code, pupil.boarding, amount, tier
    )


def _hardship_rows(aid: DemoAid) -> list[Row]:
    rng = chance("困难认定")
    rows: list[Row] = []
    for person, kind in aid.hardship.items():
        since = date(2018, 10, 15)
        if kind == _POOR:
            # Families were registered at the ends of these years, a child born later from its birth.
            since = max(date(rng.choice((2014, 2014, 2015, 2016, 2017)), 12, 1), person.born)
        rows.append(_hardship_row(person, kind, since))
        if kind == _POOR and rng.random() < 0.04:
            rows.append(_hardship_row(person, "家庭经济困难残疾学生", date(2018, 10, 15)))
        if kind == "其他家庭经济困难" and rng.random() < 0.05:
            # No longer registered poor, and still in need.
            rows.append(_hardship_row(person, _POOR, date(2016, 12, 1), date(2018, 12, 31)))
    return rows


def _hardship_row(person: DemoPerson, kind: str, since: date, until: date | None = None) -> Row:
    return *person.cells, person.household, kind, str(since), str(until) if until else None, None


def _applications(aid: DemoAid) -> list[Row]:
    """Return rows of applications by pupils not known to be in need, a few at each of some schools."""
    rng = chance("秋季认定申请")
    known = {*aid.hardship, *_aid().hardship}
    rows: list[Row] = []
    for stage, name in _APPLYING:
        pupils = _without(autumn().enrolled(stage), known)
        own = [pupil for pupil in pupils if pupil.school.name == name] if name else pupils
        code = rng.choice(own).school.code
        for pupil in rng.sample(
            [candidate for candidate in own if candidate.school.code == code], APPLICATIONS
        ):
            person = pupil.person
            rows.append(
                (
                    *person.cells, AUTUMN_TERM, code, None, None, rng.choice((*_FURTHER_KINDS, "其他家庭经济困难")),
                    rng.choice(("特别困难", "困难", "一般困难")), str(rng.randrange(3, 7)), None, None, rng.choice(_WHY), "2019-09-09",
                )
            )  # fmt: skip
    return rows


def _pay_days(part: str, awards: list[DemoAward], first: date) -> dict[str, date]:
    """Return the day of payment by school name, a Monday or Tuesday of the weeks from ``first``."""
    rng = chance(part)
    weeks = 13 if first.month < 7 else 9
    return {
        name: first + timedelta(weeks=rng.randrange(weeks), days=rng.randrange(2))
        for name in dict.fromkeys(award.school_name for award in awards)
    }


def _award_rows(term: str, awards: list[DemoAward], days: dict[str, date]) -> list[Row]:
    return [
        (
            *award.person.cells,
            award.programme,
            term,
            award.stage,
            award.school_name,
            award.study_division,
            award.school_code,
            award.boarding,
            award.tier,
            typed_yuan(award.amount),
            str(days[award.school_name]) if days else None,
        )
        for award in awards
    ]


def _recognised_by_schools(aid: DemoAid, term: str) -> list[Row]:
    """Return entitlement rows for the children whom kindergartens recognised as poor."""
    return [
        (*award.person.cells, award.programme, term, award.school_code, "学校认定")
        for award in aid.awards["困难幼儿"]
    ]


def _poverty_register(aid: DemoAid, day: date) -> list[Row]:
    """Return the poverty register as its department keeps it: with its own errors, and the places of those who study elsewhere."""
    rng = chance(f"扶贫部门名单 {day}")
    listed = [
        award for awards in aid.awards.values() for award in awards if award.programme == _REGISTERED_POOR
    ]
    rows: list[Row] = []
    for award in sorted(listed, key=lambda award: award.person.id_number):
        person, here = award.person, award.school_code is not None
        listed_person = Planted("", None, *person.cells, person.born, person.sex, award.school_name)
        if here:
            listed_person = KINDS[rng.choice(_USUAL_ERRORS)][1](rng, listed_person)
        division = "" if here else award.study_division
        rows.append(
            list_row(_POOR, day, len(rows) + 1, listed_person, person.id_number, award.stage, division)
        )
    return rows


def _allowance_list(aid: DemoAid, day: date) -> list[Row]:
    """Return the list of the minimum living allowance, which has no school names and so needs review by hand."""
    rng = chance(f"民政部门名单 {day}")
    people = [(person, "") for person, kind in aid.hardship.items() if kind == _ALLOWANCE]
    rows = planted(rng, people, len(people) // 8, len(people) + len(people) // 8)
    return [
        list_row(
            _ALLOWANCE,
            day,
            place,
            listed_person,
            listed_person.number if listed_person.truth is None else people[listed_person.truth][0].id_number,
        )
        for place, listed_person in enumerate(rows, 1)
    ]


def _allocation_rows(term: str, everyone: DemoDistrict, allocations: tuple[_Funds, ...]) -> Iterator[Row]:
    pupils = everyone.enrolled(PRIMARY, JUNIOR)
    for programme, total, weights, document in allocations:
        weight = dict.fromkeys((school.code for school in everyone.schools), 0)
        for pupil in pupils:
            weight[pupil.school.code] += weights[pupil.stage]
        total_weight = sum(weight.values())
        so_far = given = 0
        for code, share in weight.items():
            # Each school is given the difference of two rounded running totals: no fen is lost.
            so_far += share
            due = total * so_far // total_weight
            if share:
                yield code, programme, term, typed_yuan(due - given), document, "", ""  # no fees and months
            given = due
