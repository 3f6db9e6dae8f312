"""The page of the errors of the forecast of entrants: on the country's published numbers, and on generated counties."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random

import yaml

from xuezheng.areas.enrolment.procedures.forecast_files import write_share
from xuezheng.areas.enrolment.procedures.ratio_method import (
    MEASURES,
    BackTest,
    BirthCount,
    Chain,
    Feed,
    back_test,
    cohort,
    project,
)

SERIES = Path(__file__).with_name("national_entrants.yaml")
AGE, MONTH, RATIO_YEARS, FEWEST = 6, 9, 3, 3
COUNTIES, YEARS, ORIGIN, GRADES = 20, range(2002, 2023), 2016, 6


@cache
def page() -> str:
    """Return the page in Markdown."""
    series = yaml.safe_load(SERIES.read_text(encoding="utf-8"))
    national = list(_national(series))
    tests = [_county(number) for number in range(COUNTIES)]
    counts = "、".join(f"{name}年{number}" for name, number in series["entrants"]["numbers"].items())
    return "\n".join(
        [
            "# 学位预测的误差",
            "",
            "用当时已知的数按同样的方法（入学率、升级率取最近三年的平均）预测以后的年份，与后来的实际比较。误差以预测数为100%。",
            "",
            "## 全国小学招生",
            "",
            "出生人口是自然年的，按月分到学年：前一年的三分之一，当年的三分之二。用的是修订以后的数，预测的当时还不知道，所以误差会偏小。",
            "",
            *_table(["预测时", "预测的年份", "预测（万人）", "实际（万人）", "误差"], national),
            "",
            f"出生人口：{series['births']['source']}。招生数（万人）：{counts}；{series['entrants']['source']}。",
            "",
            f"## {COUNTIES}个生成的县",
            "",
            f"出生人口每年增减约5%，入学率逐年漂移约1%，升级率每年增减约1%，都是随机生成的，不是哪个县的数。以{ORIGIN}年秋季为准，"
            f"用以前的误差定区间，再看{ORIGIN + 1}年以后的实际有多少落在区间里。",
            "",
            *_table(
                [
                    "提前年数",
                    "一年级平均误差",
                    "最大误差",
                    "落在区间",
                    "在校学生平均误差",
                    "最大误差",
                    "落在区间",
                ],
                _generated(tests),
            ),
            "",
            "区间是以往见过的最大误差，不是保证：提前的年数越多，以往的例子越少，落在区间以外的越多。",
            "",
        ]
    )


def _table(heads: list[str], rows: list[list[str]]) -> Iterator[str]:
    for line in (heads, ["---"] * len(heads), *rows):
        yield "| " + " | ".join(line) + " |"


def _national(series: dict[str, dict[str, dict[int, float]]]) -> Iterator[list[str]]:
    """Yield the lines of the country: each forecast and what came."""
    counts = [
        BirthCount(date(year, 1, 1), date(year, 12, 31), number * 100)
        for year, number in series["births"]["numbers"].items()
    ]
    # In hundreds of persons, which are whole.
    entered = {
        (1, year): int(Decimal(str(number)) * 100) for year, number in series["entrants"]["numbers"].items()
    }
    years = [year for _, year in entered]
    cohorts = {year: cohort(counts, year, AGE, MONTH) for year in years}
    feed = Feed({year: number for year, number in cohorts.items() if isinstance(number, Fraction)})
    chain = Chain(1, entered, lambda origin: feed)
    for error in back_test(chain, max(years), RATIO_YEARS, "entrants").errors:
        yield [
            f"{error.origin}年",
            f"{error.year}年",
            f"{float(error.forecast) / 100:.0f}",
            f"{float(error.actual) / 100:.0f}",
            f"{float(error.share) * 100:+.1f}%",
        ]


def _county(number: int) -> Chain:
    """Return a generated county."""
    rng = Random(f"县{number}")  # noqa: S311 - nobody is to be kept from guessing
    births, rate = 3000.0, 0.95
    cohorts: dict[int, Fraction] = {}
    rolls: dict[tuple[int, int], int] = {}
    for year in YEARS:
        births *= 1 + rng.gauss(0, 0.05)
        rate *= 1 + rng.gauss(0, 0.01)
        cohorts[year] = Fraction(round(births))
        rolls[1, year] = round(births * rate)
        for grade in range(2, GRADES + 1):
            below = rolls.get((grade - 1, year - 1), rolls[1, year])
            rolls[grade, year] = round(below * (1 + rng.gauss(0, 0.01)))
    return Chain(
        GRADES, rolls, lambda origin: Feed({year: n for year, n in cohorts.items() if year <= origin + AGE})
    )


def _generated(chains: list[Chain]) -> list[list[str]]:
    """Return the lines of the generated counties, by years ahead."""
    lines = []
    for distance in range(1, AGE + 1):
        line = [str(distance)]
        for measure in MEASURES:
            shares, inside, judged = [], 0, 0
            for chain in chains:
                past, estimate, actual = _judged(chain, measure, ORIGIN + distance)
                shares.append(abs(actual / estimate - 1))
                if interval := past.interval(estimate, distance, FEWEST):
                    judged += 1
                    inside += interval[0] <= actual <= interval[1]
            line += [
                write_share(sum(shares, Fraction()) / len(shares)),
                write_share(max(shares)),
                f"{inside}/{judged}",
            ]
        lines.append(line)
    return lines


def _judged(chain: Chain, measure: str, year: int) -> tuple[BackTest, Fraction, Fraction]:
    """Return the errors known in the origin's autumn, the forecast made then for a year, and what came."""
    known = Chain(
        chain.grades, {place: n for place, n in chain.rolls.items() if place[1] <= ORIGIN}, chain.feed
    )
    value = MEASURES[measure]
    estimate = value(project(known, ORIGIN, RATIO_YEARS), year)
    actual = value(project(chain, max(YEARS), RATIO_YEARS), year)
    if estimate is None or actual is None:
        raise ValueError(f"no number for {year}")
    return back_test(known, ORIGIN, RATIO_YEARS, measure), estimate, actual
