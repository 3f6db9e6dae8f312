"""Put deliberate faults into what computes numbers and pays money, and write which of them no test notices.

``python -m tests.mutation [--sample N] [--workers N] [--only PART]``; without ``--only`` it rewrites docs/reference/mutants.md.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml
from tests.mutation import trials
from tests.mutation.mutants import SOURCE, Mutant, mutants, sample
from tests.mutation.reach import Reach, measure

PAGE = trials.ROOT / "docs" / "reference" / "mutants.md"
#: So many tests that noticed other faults of a file are run before all.
_FIRST = 8
TRIED = Path(__file__).with_name("tried.yaml")
REASONS = Path(__file__).with_name("survivors.yaml")
PARTS = ("rules/*.py", "policy/*.py", "figures/**/*.py", "areas/*/rules.py", "areas/aid/procedures/*.py")
#: What builds the demonstration is proven by its figures; what describes tables, by the tests of migrations.
LEFT_OUT = {
    "areas/aid/procedures/demonstration.py",
    "policy/models.py",
    "policy/chained.py",
    "policy/apps.py",
}


def main() -> int:
    """Try the faults of a sample that were not tried before, and return 1 if some survive without a reason."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--sample", type=int, default=305, help="how many mutants to try (0: all)")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="only files whose path contains this text")
    parser.add_argument("--again", action="store_true", help="also those that were tried before")
    options = parser.parse_args()
    chosen = list(sample(files(options.only), options.sample or None))
    tried = {} if options.again else read_tried()
    tried |= dict.fromkeys(explained(), "")  # no test can notice them, so none is run
    todo = [mutant for mutant in chosen if mutant.key not in tried]
    reach = measure(todo, options.workers)
    for test in reach.failed:
        print(f"without any fault {test} fails", file=sys.stderr)
    if reach.failed:
        return 2
    started = time.monotonic()
    try:
        _try(todo, tried, reach, options.workers)
    finally:  # what was tried before an interruption counts
        write_tried(tried)
        if not options.only:
            PAGE.write_text(page(chosen, tried, explained()), "utf-8")
    survivors = [mutant.key for mutant in chosen if not tried[mutant.key]]
    minutes = (time.monotonic() - started) / 60
    print(f"{len(survivors)} of {len(chosen)} survive; {minutes:.0f} minutes")
    unexplained = [key for key in survivors if key not in explained()]
    print("\n".join(unexplained))
    return 1 if unexplained else 0


def _try(todo: Sequence[Mutant], tried: dict[str, str], reach: Reach, workers: int) -> None:
    """Try mutants, and note in ``tried`` by their keys which test noticed each; "" for none."""
    noticing: defaultdict[Path, Counter[str]] = defaultdict(Counter)
    started = (trials.Trial(stages(mutant, noticing, reach), mutant) for mutant in todo)
    for count, trial in enumerate(trials.run(started, workers), start=1):
        mutant = trial.mutant
        assert mutant is not None
        tried[mutant.key] = trial.noticed_by
        if "::" in trial.noticed_by:
            noticing[mutant.path][trial.noticed_by] += 1
        print(
            f"{count}/{len(todo)} {mutant.path.name}:{mutant.line} {mutant.key}: {trial.noticed_by or 'SURVIVES'}",
            flush=True,
        )


def files(only: str = "") -> list[Path]:
    """Return the files whose numbers and payments tests must hold."""
    paths = sorted(path for part in PARTS for path in SOURCE.glob(part))
    names = [path.relative_to(SOURCE).as_posix() for path in paths]
    return [path for path, name in zip(paths, names, strict=True) if name not in LEFT_OUT and only in name]


def read_tried() -> dict[str, str]:
    """Return the test that noticed each fault tried before, "" where none did, by the fault's key."""
    return yaml.safe_load(TRIED.read_text("utf-8")) or {} if TRIED.exists() else {}


def write_tried(tried: Mapping[str, str]) -> None:
    """Keep what was tried, as far as the faults can still be made."""
    current = {mutant.key for path in files() for mutant in mutants(path)}
    entries = {key: test for key, test in sorted(tried.items()) if key in current}
    TRIED.write_text(yaml.safe_dump(entries, allow_unicode=True, width=1000), "utf-8")


def stages(mutant: Mutant, noticing: Mapping[Path, Counter[str]], reach: Reach) -> list[list[str]]:
    """Return the runs of pytest for a mutant: a few tests that run its statement, those that noticed others in the file before all, then the rest.

    A statement that runs on import, or in another process, is tried with all tests that answer for the file.
    """
    tests = reach.tests_of(mutant)
    known = [name for name, _ in noticing.get(mutant.path, Counter()).most_common(_FIRST)]
    if not tests:
        return [*([known] if known else []), *trials.stages(mutant.path)]
    first = [name for name in known if name in tests] or tests[:_FIRST]
    rest = [name for name in tests if name not in first]
    return [first, rest] if rest else [first]


def explained() -> dict[str, str]:
    """Return why a survivor is no fault, by its key."""
    entries = yaml.safe_load(REASONS.read_text("utf-8"))
    return {key: entry["reason"] for entry in entries for key in entry["mutants"]}


def page(chosen: Sequence[Mutant], tried: Mapping[str, str], reasons: Mapping[str, str]) -> str:
    """Write the page of the reference: how many were tried and noticed in each part, and each survivor."""
    done = [mutant for mutant in chosen if mutant.key in tried]
    survivors = [mutant for mutant in done if not tried[mutant.key]]
    attempted, survived = Counter(map(_part, done)), Counter(map(_part, survivors))
    rows = "\n".join(
        f"| `{part}` | {attempted[part]} | {attempted[part] - survived[part]} | {survived[part]} |"
        for part in sorted(attempted)
    )
    listed = "\n".join(
        f"| `{mutant.key.replace('|', chr(92) + '|')}` | {reasons.get(mutant.key, '**no test notices it**')} |"
        for mutant in survivors
    )
    return f"""# Deliberate faults

`make mutants` puts one small fault at a time (a comparison, an operator, a condition, a constant, a call or a refusal left out) into the code that
computes figures, applies policy and pays aid, and runs the tests that run the statement with the fault. Written by that command; which faults are tried is
chosen as by chance, the same in each run. What was tried is kept in `tests/mutation/tried.yaml`, so that a run goes on where the last one ended;
`python -m tests.mutation --again` tries all anew.

Tried: {len(done)} of {len(chosen)} chosen. Noticed: {len(done) - len(survivors)}. Not noticed: {len(survivors)} ({100 * len(survivors) / max(1, len(done)):.1f} %).

| part | tried | noticed | not noticed |
|---|---:|---:|---:|
{rows}

## Not noticed

| fault | why |
|---|---|
{listed}
"""


def _part(mutant: Mutant) -> str:
    parts = mutant.path.relative_to(SOURCE).parts
    return "/".join(parts[:2] if parts[0] == "areas" else parts[:1])


if __name__ == "__main__":
    sys.exit(main())
