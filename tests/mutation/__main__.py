"""Put deliberate faults into what computes numbers and pays money, and write which of them no test notices.

``python -m tests.mutation [--sample N] [--workers N] [--only PART]``; without ``--only`` it rewrites docs/reference/mutants.md.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

import yaml
from tests.mutation import trials
from tests.mutation.mutants import SOURCE, Mutant, sample

PAGE = trials.ROOT / "docs" / "reference" / "mutants.md"
#: So many tests that noticed other faults of a file are run before all.
_FIRST = 8
REASONS = Path(__file__).with_name("survivors.yaml")
PARTS = ("rules/*.py", "policy/*.py", "figures/*.py", "areas/*/rules.py", "areas/aid/procedures/*.py")
#: What builds the demonstration is proven by its figures; what describes tables, by the tests of migrations.
LEFT_OUT = {
    "areas/aid/procedures/demonstration.py",
    "policy/models.py",
    "policy/chained.py",
    "policy/apps.py",
}


def main() -> int:
    """Try a sample of the mutants, and return 1 if some survive without a reason."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--sample", type=int, default=400, help="how many mutants to try (0: all)")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="only files whose path contains this text")
    options = parser.parse_args()
    chosen = list(sample(files(options.only), options.sample or None))
    if not _sound(chosen, options.workers):
        return 2
    started = time.monotonic()
    survivors: list[Mutant] = []
    noticing: defaultdict[Path, Counter[str]] = defaultdict(Counter)
    todo = (trials.Trial(stages(mutant, noticing), mutant) for mutant in chosen)
    for count, trial in enumerate(trials.run(todo, options.workers), start=1):
        assert trial.mutant is not None
        if not trial.noticed_by:
            survivors.append(trial.mutant)
        elif "::" in trial.noticed_by:
            noticing[trial.mutant.path][trial.noticed_by] += 1
        print(
            f"{count}/{len(chosen)} {trial.mutant.path.name}:{trial.mutant.line} {trial.mutant.key}: {trial.noticed_by or 'SURVIVES'}",
            flush=True,
        )
    minutes = (time.monotonic() - started) / 60
    print(f"{len(survivors)} of {len(chosen)} survive; {minutes:.0f} minutes")
    reasons = explained()
    if not options.only:
        PAGE.write_text(page(chosen, survivors, reasons), "utf-8")
    unexplained = [mutant.key for mutant in survivors if mutant.key not in reasons]
    print("\n".join(unexplained))
    return 1 if unexplained else 0


def files(only: str = "") -> list[Path]:
    """Return the files whose numbers and payments tests must hold."""
    paths = sorted(path for part in PARTS for path in SOURCE.glob(part))
    names = [path.relative_to(SOURCE).as_posix() for path in paths]
    return [path for path, name in zip(paths, names, strict=True) if name not in LEFT_OUT and only in name]


def stages(mutant: Mutant, noticing: Mapping[Path, Counter[str]]) -> list[list[str]]:
    """Return the runs of pytest for a mutant: first the tests that noticed others in its file, then all that answer for it."""
    first = [name for name, _ in noticing.get(mutant.path, Counter()).most_common(_FIRST)]
    return [*([first] if first else []), *trials.stages(mutant.path)]


def explained() -> dict[str, str]:
    """Return why a survivor is no fault, by its key."""
    return {entry["mutant"]: entry["reason"] for entry in yaml.safe_load(REASONS.read_text("utf-8")) or ()}


def page(chosen: list[Mutant], survivors: list[Mutant], reasons: dict[str, str]) -> str:
    """Write the page of the reference: how many were tried and noticed in each part, and each survivor."""
    tried, survived = Counter(map(_part, chosen)), Counter(map(_part, survivors))
    rows = "\n".join(
        f"| `{part}` | {tried[part]} | {tried[part] - survived[part]} | {survived[part]} |"
        for part in sorted(tried)
    )
    listed = "\n".join(
        f"| `{mutant.key.replace('|', chr(92) + '|')}` | {reasons.get(mutant.key, '**no test notices it**')} |"
        for mutant in survivors
    )
    return f"""# Deliberate faults

`make mutants` puts one small fault at a time (a comparison, an operator, a condition, a constant, a call or a refusal left out) into the code that
computes figures, applies policy and pays aid, and runs the tests that answer for the file. Written by that command; which faults are tried is
chosen as by chance, the same in each run.

Tried: {len(chosen)}. Noticed: {len(chosen) - len(survivors)}. Not noticed: {len(survivors)} ({100 * len(survivors) / max(1, len(chosen)):.1f} %).

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


def _sound(chosen: list[Mutant], workers: int) -> bool:
    """Whether the tests pass as they are: only then does a failure tell something."""
    runs = {tuple(map(tuple, trials.stages(mutant.path))) for mutant in chosen}
    failed = [
        trial
        for trial in trials.run(
            (trials.Trial([list(run) for run in stage]) for stage in sorted(runs)), workers
        )
        if trial.noticed_by
    ]
    for trial in failed:
        print(f"without any fault {trial.noticed_by} fails", file=sys.stderr)
    return not failed


if __name__ == "__main__":
    sys.exit(main())
