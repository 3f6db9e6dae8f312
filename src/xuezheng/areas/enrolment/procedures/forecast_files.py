"""Writes a forecast of pupils and places as an Excel file or a Word annex, and its numbers as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import xlsxwriter

from xuezheng.areas.enrolment.procedures.forecast import LEVELS, Forecast, Line
from xuezheng.areas.enrolment.procedures.ratio_method import round_half_up
from xuezheng.records.models import Stage
from xuezheng.reports.model import NO_NUMBER, Block, Paragraph, Table
from xuezheng.reports.word.document import plain, save

HEADINGS = ("秋季", "一年级", "区间", "在校学生", "区间", "学位", "使用率", "预警")


#: The Chinese names of the numbers from which the first grade of a stage is computed.
FEEDS = {
    Stage.PRIMARY: "应入学人数（按出生人口）",
    Stage.JUNIOR: "上一年小学毕业年级",
    Stage.SENIOR: "上一年初中毕业年级",
}


def write_number(number: Fraction | int | None) -> str:
    """Return ``number`` rounded to a whole number with thousands separators; a dash for None."""
    return NO_NUMBER if number is None else f"{round_half_up(Fraction(number)):,}"


def write_share(share: Fraction | None) -> str:
    """Return a ratio as text in percent with one decimal, such as "95.0%"; a dash for None."""
    return NO_NUMBER if share is None else f"{float(share):.1%}"


def write_interval(interval: tuple[Fraction, Fraction] | None) -> str:
    """Return the two bounds as text, such as "1,200—1,300"; "" for None."""
    return f"{write_number(interval[0])}—{write_number(interval[1])}" if interval else ""


def summarise(number: Fraction | None, interval: tuple[Fraction, Fraction] | None) -> str:
    """Return a number of pupils as Chinese text, with the interval in brackets if there is one.

    "未知" for None.
    """
    if number is None:
        return "未知"
    return f"{write_number(number)}人" + (f"（{write_interval(interval)}）" if interval else "")


def gaps_of(forecast: Forecast) -> list[str]:
    """Return Chinese texts on why numbers in a forecast are unknown, each with the years.

    [] if all are known.
    """
    gaps = ((line.year, gap) for line in forecast.lines for gap in (line.gap, line.places_gap) if gap)
    return write_gaps(gaps)


def write_gaps(gaps: Iterable[tuple[int, str]]) -> list[str]:
    """Group pairs (year, Chinese reason) by reason, and return one text for each reason with its years."""
    years: dict[str, list[int]] = {}
    for year, reason in gaps:
        years.setdefault(reason, []).append(year)
    return [f"{write_years(numbers)}{reason}" for reason, numbers in years.items()]


def write_years(years: Sequence[int]) -> str:
    """Return years as Chinese text, consecutive ones as a range such as "2026—2029年"; "" for none."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return "、".join(f"{run[0]}—{run[-1]}年" if len(run) > 1 else f"{run[0]}年" for run in runs)


def assumptions(forecast: Forecast) -> Iterator[str]:
    """Yield a Chinese text for each change in the scenario of ``forecast``; nothing without changes."""
    scenario, names = forecast.scenario, forecast.inputs.schools
    if scenario.added:
        since = max(scenario.from_year, forecast.inputs.base + 1)
        yield f"从{since}年秋季起{'增加' if scenario.added > 0 else '减少'}{abs(scenario.added)}个学位"
    if scenario.class_size:
        yield f"每班改为{scenario.class_size}人"
    for community, school in scenario.moved.items():
        yield f"{community}划到{names.get(school, '新建的学校')}"


def write_workbook(forecast: Forecast, bureau: str, day: date, path: Path) -> None:
    """Write ``forecast`` to ``path`` as an Excel file with the numbers of each year and the rates.

    An unknown number is an empty cell with the reason as a comment. ``bureau`` is the name of the bureau,
    ``day`` the day of the data.
    """
    with xlsxwriter.Workbook(path) as book:
        bold, share = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
        sheet = book.add_worksheet("学位预测")
        sheet.write(0, 0, f"{forecast.title} 学位预测", bold)
        sheet.write(1, 0, f"{bureau}　数据截至{day}　{_basis(forecast)}")
        sheet.write_row(2, 0, HEADINGS, bold)
        for row, line in enumerate(forecast.lines, start=3):
            sheet.write(row, 0, line.year)
            for column, number, gap in (
                (1, line.entrants, line.gap),
                (3, line.roll, line.gap),
                (5, line.places, line.places_gap),
            ):
                if number is None:
                    sheet.write_blank(row, column, None)
                    sheet.write_comment(row, column, gap or "未知")
                else:
                    sheet.write(row, column, round_half_up(Fraction(number)))
            sheet.write(row, 2, write_interval(forecast.interval("entrants", line)))
            sheet.write(row, 4, write_interval(forecast.interval("roll", line)))
            if line.use is not None:
                sheet.write(row, 6, float(line.use), share)
            sheet.write(row, 7, LEVELS.get(line.level, ""))
        sheet.freeze_panes(3, 1)
        rates = book.add_worksheet("比率")
        rates.write_row(0, 0, ("比率", "秋季", "到的人数", "应到的人数", "当年", "平均"), bold)
        row = 1
        for rate in forecast.projection.rates:
            for year, (came, base) in rate.years.items():
                rates.write_row(row, 0, (rate.title, year, float(came), float(base)))
                if base:
                    rates.write(row, 4, float(came / base), share)
                if rate.value is not None:
                    rates.write(row, 5, float(rate.value), share)
                row += 1


def write_annex(forecast: Forecast, bureau: str, day: date, path: Path) -> None:
    """Write ``forecast`` to ``path`` as a Word annex: method, table, and the reasons for unknown numbers.

    ``bureau`` is the name of the bureau, ``day`` the day of the data.
    """
    rows = [HEADINGS, *(_cells(forecast, line) for line in forecast.lines)]
    blocks: list[Block] = [
        Paragraph((f"数据截至{day}。{_basis(forecast)}",)),
        Table((), tuple(tuple((cell,) for cell in row) for row in rows)),
    ]
    if gaps := gaps_of(forecast):
        blocks.append(Paragraph((f"“{NO_NUMBER}”是不能预测的数，不是零：{'；'.join(gaps)}。",)))
    save(plain(f"{forecast.title}学位预测", bureau, day, blocks), path)


def _basis(forecast: Forecast) -> str:
    years = forecast.inputs.settings.ratio_years
    text = (
        f"{forecast.inputs.base}年秋季及以前是登记的学生，以后是预测：一年级为{FEEDS[Stage(forecast.stage)]}乘{forecast.chain.entry}，"
        f"各年级为上一年低一年级的人数乘升级率，比率取最近{years}年的平均；区间按以往预测同样提前年数的最大误差。"
    )
    assumed = "，".join(assumptions(forecast))
    return f"{text}试算的假设：{assumed}。" if assumed else text


def _cells(forecast: Forecast, line: Line) -> tuple[str, ...]:
    """Return the texts of a line, in the order of the headings."""
    return (
        str(line.year),
        write_number(line.entrants),
        write_interval(forecast.interval("entrants", line)),
        write_number(line.roll),
        write_interval(forecast.interval("roll", line)),
        write_number(line.places),
        write_share(line.use),
        LEVELS.get(line.level, NO_NUMBER),
    )
