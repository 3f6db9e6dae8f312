"""What is measured side by side, and the page ``docs/reference/benchmarks.md`` that tells of it."""

import importlib.metadata
import platform
import subprocess
import time
from pathlib import Path

from tabulate import tabulate

from benchmarks import postgresql
from benchmarks.machine import machine
from benchmarks.running import Contender, Line, Race

PAGE = Path("docs/reference/benchmarks.md")
HEADINGS = ("measure", "contender", "median s", "rows/s", "peak MB", "time, Xuezheng = 1", "runs")
PACKAGES = (
    "Django",
    "duckdb",
    "ibis-framework",
    "pyarrow",
    "pandas",
    "polars",
    "numpy",
    "splink",
    "django-import-export",
)


def races(scale: int) -> dict[str, list[Race]]:
    """Return the races of each measure; all sizes are divided by ``scale``."""
    million, workbook = 1_000_000 // scale, 100_000 // scale
    figures = tuple(
        Contender(f"figures:{name}") for name in ("ours", "with_pandas", "with_polars", "with_duckdb")
    )
    orm = tuple(Contender(f"figures:{name}", database="frozen") for name in ("with_orm", "with_orm_at_once"))
    rules, loop = (Contender("rules:ours"), Contender("rules:with_numpy")), Contender("rules:with_loop")
    freeze = (Contender("freeze:from_sqlite"), Contender("freeze:from_postgresql", database="registers"))
    linkage = (Contender("linkage:ours"), Contender("linkage:with_splink"))
    imports = tuple(
        Contender(f"imports:{name}") for name in ("ours", "by_hand", "with_import_export", "unchecked")
    )
    return {
        "figures": [
            Race(f"aid figures, {million:,} awards", million, (*figures, *orm), "registers:snapshot"),
            Race(f"aid figures, {million * 10:,} awards", million * 10, figures, "registers:snapshot"),
        ],
        "rules": [
            Race(f"entitlement, {million:,} awards", million, (*rules, loop), "registers:arrow"),
            Race(f"entitlement, {million * 10:,} awards", million * 10, rules, "registers:arrow"),
        ],
        "freeze": [Race(f"freeze, {million:,} awards", million, freeze, "registers:fill")],
        "imports": [Race(f"import, {workbook:,} rows", workbook, imports, "registers:workbook", fresh=True)],
        "linkage": [
            Race(
                f"list of {workbook:,} rows, {workbook * 10:,} pupils",
                workbook,
                linkage,
                "registers:lists",
                judged=True,
            ),
            Race(
                f"misleading list of {workbook * 3 // 100:,} rows",
                workbook * 3 // 100,
                linkage,
                "registers:misleading_list",
                judged=True,
            ),
        ],
        "demo": [
            Race("whole demo", 0, (Contender("demo:whole"),), fresh=True),
            *(
                Race(title, 0, (Contender(f"demo:{name}"),), "registers:demonstration")
                for title, name in (
                    ("report of the half-year", "report"),
                    ("refresh of it", "refresh"),
                    ("verify of it", "verify"),
                    ("audit of it", "audit"),
                )
            ),
        ],
    }


def table(lines: list[Line]) -> str:
    """Return what was measured as a table for the terminal."""
    return tabulate(_rows(lines), HEADINGS, tablefmt="simple")


def _rows(lines: list[Line]) -> list[tuple]:
    rows = []
    for line in lines:
        ours = next(first for first in lines if first.race is line.race and first.part == line.part)
        rows.append(
            (
                f"{line.race.title}, {line.part}" if line.part else line.race.title,
                line.title,
                f"{line.seconds:.2f}",
                f"{line.race.rows / line.seconds:,.0f}" if line.race.rows else "",
                line.peak_mb,
                "1" if line is ours else f"{line.seconds / ours.seconds:.2f}",
                line.runs,
            )
        )
    return rows


def page(lines: list[Line]) -> str:
    """Return the page of what was measured."""
    abouts = {(line.race.title.split(",")[0], line.title): line.about for line in lines if line.about}
    notes = "\n".join(f"- **{measure}, {title}**: {about}" for (measure, title), about in abouts.items())
    return f"""# Benchmarks

Written by `make bench`, which runs everything side by side in one go. Every run is a process of its own; times are
medians of five runs, of three where one takes more than 20 seconds. A time above 1 in the last
column but one means that Xuezheng is faster. Peak memory is the process's own and that of its reader, if it starts one, added up. Contenders over the same
rows must come to the same result, to the fen, or the run fails.

{time.strftime("%Y-%m-%d")} · {machine()}

{_versions()}

{tabulate(_rows(lines), HEADINGS, tablefmt="github", disable_numparse=True, colalign=("left", "left", *["right"] * 5))}

What the contenders do:

{notes}
"""


def _versions() -> str:
    versions = [
        f"Python {platform.python_version()}",
        *(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES),
    ]
    if postgresql.found():
        answer = subprocess.run(
            [postgresql.tool("initdb"), "--version"], capture_output=True, text=True, check=True
        ).stdout
        versions.append(f"PostgreSQL {answer.split()[2]}")
    return " · ".join(versions)
