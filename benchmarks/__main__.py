"""Runs every measure in one go, prints the table and writes it to ``docs/reference/benchmarks.md``."""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import postgresql, quick, races
from benchmarks.running import REPEATS, Line, Track


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=quick.BENCHMARKS, help="run one measure; the page is not written")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="run every benchmark once with tiny sizes, to see that it works; no page is written",
    )
    options = parser.parse_args()
    if options.quick:
        if options.only:
            quick.run(options.only)
        else:
            quick.run_all()
        return
    measures = races.races(1)
    if options.only and options.only not in measures:
        parser.error(f"run: python -m benchmarks.{options.only}")
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="xuezheng-bench-") as folder, postgresql.databases() as database:
        track = Track(Path(folder), database, repeats=REPEATS)
        for name, chosen in measures.items():
            for race in chosen if options.only in (None, name) else ():
                print(f"… {race.title}", file=sys.stderr)
                lines += track.run(race)
    print(races.table(lines))
    if not options.only:
        races.PAGE.write_text(races.page(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
