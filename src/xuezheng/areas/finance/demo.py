"""The demonstration's workbooks of the finance section for both halves of 2019."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from xuezheng.areas.finance import AREA
from xuezheng.demo import Row, Workbook, expected, tables, work_entries
from xuezheng.demo.autumn import TERM as AUTUMN_TERM
from xuezheng.demo.autumn import autumn
from xuezheng.demo.county import County, HalfYear
from xuezheng.demo.district import TERM, DemoDistrict, DemoSchool, chance, district
from xuezheng.demo.schools import JUNIOR, PRESCHOOL, PRIMARY, SENIOR, TOWN
from xuezheng.workbooks.cells import typed_yuan

EXPECTED = expected(Path(__file__).with_name("expected.csv"))
TABLES = tables(Path(__file__).with_name("demo.yaml"))

_GENERAL, _SPECIAL_ACCOUNT = "一般公共预算", "财政专户管理资金"
# How much was spent of the general budget from January to May, in June, and from July to December.
_SPENT, _JUNE_SPENT, _AUTUMN_SPENT = 89_000_000, 18_360_000, 114_000_000
_MONTHS = tuple(f"2019-{month:02}-01" for month in range(1, 13))
_LEAST_PUPILS = 100
# A discrepancy of the section: what was paid to this school for this stage differs from the standard.
_DISCREPANCY = ("洽舍中心学校", JUNIOR)
_STILL_UNPAID = ("云岭区职业高级中学", SENIOR)


@dataclass(frozen=True)
class Rates:
    """The public funds of a term, in fen.

    They are an amount for each pupil by stage (Chinese label), an extra amount for each boarder, and an
    amount for each special-school pupil.
    """

    pupil: Mapping[str, int]
    boarder: int
    special: int = 3000_00


RATES = Rates({PRESCHOOL: 250_00, PRIMARY: 312_50, JUNIOR: 412_50, SENIOR: 500_00}, 100_00)


def workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the first half of 2019, in the order of import: (file name, rows by title of the sheet).

    The expenditure of June is missing, because its books are closed after the report.
    """
    yield (
        "25 2019年 预算安排表.xlsx",
        {"预算安排表": [("2019", name, source, str(amount)) for name, source, amount in TABLES.budget]},
    )
    yield "25 2019年1—5月 支出台账.xlsx", {"支出台账": list(_ledger(_MONTHS[:5], _SPENT))}
    yield (
        f"26 {TERM} 公用经费拨付表.xlsx",
        {"公用经费拨付表": list(_funds(TERM, district(), "云财教〔2019〕20号", ("2019-03-28", None)))},
    )
    months = ("2019-03", "2019-04", "2019-05")
    yield (
        "26 2019年上半年 经费文件与财务监管.xlsx",
        {"经费文件目录": TABLES.papers, "财务监管记录": _checks(months)},
    )
    yield "29 2019年上半年 计财工作纪实.xlsx", work_entries(AREA.title, TABLES.notes)


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the second half of 2019: (file name, rows by title of the sheet).

    They have the expenditure from June on, and the funds of autumn, of which those of one school are not paid
    yet.
    """
    ledger = [*_ledger(_MONTHS[5:6], _JUNE_SPENT), *_ledger(_MONTHS[6:], _AUTUMN_SPENT)]
    yield "25 2019年6—12月 支出台账.xlsx", {"支出台账": ledger}
    paid = ("2019-10-17", _STILL_UNPAID)
    yield (
        f"26 {AUTUMN_TERM} 公用经费拨付表.xlsx",
        {"公用经费拨付表": list(_funds(AUTUMN_TERM, autumn(), "云财教〔2019〕55号", paid))},
    )
    months = ("2019-09", "2019-10", "2019-11", "2019-12")
    yield (
        "26 2019年下半年 经费文件与财务监管.xlsx",
        {"经费文件目录": TABLES.autumn_papers, "财务监管记录": _checks(months)},
    )
    yield "29 2019年下半年 计财工作纪实.xlsx", work_entries(AREA.title, TABLES.autumn_notes)


def county_workbooks(county: County, half_year: HalfYear) -> Iterator[Workbook]:
    """Yield the workbooks of a half-year of a policy pack's demonstration: (file name, rows by title of the sheet).

    They are the budget of the year and the public funds of the term; there are none where the county does not
    use the area.
    """
    given = county.tables("finance", half_year)
    if given is None:
        return
    yield "25 预算安排表.xlsx", {"预算安排表": list(given.budget)}
    rates = Rates({stage: _fen(yuan) for stage, yuan in given.rates.items()}, _fen(given.boarder))
    paid = (given.paid_on, None)
    funds = _funds(half_year.term, county.roster, given.document, paid, rates)
    yield "26 公用经费拨付表.xlsx", {"公用经费拨付表": list(funds)}


def _fen(yuan: str) -> int:
    return round(Decimal(yuan) * 100)


def _ledger(months: tuple[str, ...], general: int) -> Iterator[Row]:
    """Yield ledger rows that divide ``general`` yuan of expenditure by function and month; the last share takes the rest."""
    rng = chance(f"支出台账 {months[0]}")
    lines = [(name, amount) for name, source, amount in TABLES.budget if source == _GENERAL]
    shares = [(month, name, amount * rng.uniform(0.85, 1.15)) for month in months for name, amount in lines]
    total_weight, left = sum(share for _, _, share in shares), general * 100
    for place, (month, name, share) in enumerate(shares, 1):
        spent = left if place == len(shares) else round(general * 100 * share / total_weight)
        left -= spent
        yield month, name, _GENERAL, typed_yuan(spent)
    for month in months:
        for name, source, amount in TABLES.budget:
            if source != _GENERAL:
                yield month, name, source, typed_yuan(round(amount * 100 / 12 * rng.uniform(0.7, 1.1)))


def _funds(
    term: str,
    roster: DemoDistrict,
    document: str,
    paid: tuple[str, tuple[str, str] | None],
    rates: Rates = RATES,
) -> Iterator[Row]:
    """Yield a row of public funds for each stage of every public school in a term (by code).

    ``document`` is the number of the paper that allots the funds; ``paid`` the day of payment and the one (school name, stage) that is not
    paid, or None if all are.
    """
    counts: dict[tuple[DemoSchool, str], list[bool]] = {}
    for pupil in roster.enrolled(PRESCHOOL, PRIMARY, JUNIOR, SENIOR):
        counts.setdefault((pupil.school, pupil.stage), []).append(pupil.boarding == "住校")
    day, unpaid = paid
    for (school, stage), boards in counts.items():
        if school.runner == "民办":
            continue
        pupils, boarders = len(boards), sum(boards)
        amount = _due(school, stage, pupils, boarders, rates)
        if term == TERM and (school.name, stage) == _DISCREPANCY:
            amount -= 1000_00
        paid_on = None if (school.name, stage) == unpaid else day
        yield (
            school.code, stage, term, str(pupils), str(boarders), typed_yuan(amount), document, paid_on,
        )  # fmt: skip


def _due(school: DemoSchool, stage: str, pupils: int, boarders: int, rates: Rates) -> int:
    special = school.kind == "特殊教育学校"
    if stage == PRIMARY and school.urban_rural != TOWN and not special:
        pupils = max(pupils, _LEAST_PUPILS)
    rate = rates.special if special else rates.pupil[stage]
    return pupils * rate + (boarders * rates.boarder if stage in (PRIMARY, JUNIOR) else 0)


def _checks(months: Iterable[str]) -> list[Row]:
    """Return the checks: three schools each month, two subjects each; most problems are remedied in time."""
    rows: list[Row] = []
    for month in months:
        rng = chance(f"财务监管 {month}")
        public = [school for school in district().schools if school.runner != "民办"]
        for place, school in enumerate(rng.sample(public, 3)):
            for kind in rng.sample(sorted(TABLES.findings), 2):
                day = f"{month}-{10 + place * 3:02}"
                problems = rng.choice((0, 1, 1, 2))
                if not problems:
                    rows.append((school.code, kind, day, "0", None, None, None))
                    continue
                year, number = month.split("-")
                due = f"{year}-{number}-28"
                mended = rng.choice(
                    (f"{year}-{number}-24", f"{year}-{number}-28", f"{year}-{number}-30", None)
                )
                finding = rng.choice(TABLES.findings[kind])
                rows.append((school.code, kind, day, str(problems), finding, due, mended))
    return rows
