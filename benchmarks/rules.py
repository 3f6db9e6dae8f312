"""What each award is due, by dated policy; from an Arrow table in memory."""

import hashlib
from datetime import date

import ibis
import numpy as np
import pandas  # noqa: F401 - pyarrow loads it at first use, which is not to be timed
import pyarrow as pa

from benchmarks import registers
from benchmarks.child import Clock
from xuezheng.areas.aid import rules
from xuezheng.core.data_folder import home
from xuezheng.policy.current import entries

_KEYS = {
    "registered_poor": ("stage", "boarding"),
    "preschool": (),
    "boarder": ("stage",),
    "senior_grant": ("tier",),
    "senior_tuition": ("senior_grade",),
}
_TEXTS = ("programme", "stage", "boarding", "tier", "senior_grade")
_READ = ("programme", "term_start", "stage", "boarding", "tier", "senior_grade")


def ours(clock: Clock) -> str:
    """Xuezheng.

    The rule columns of ``areas/aid/rules.py`` that lead to the amount due, as one DuckDB query.
    """
    table = _table()
    due_rules, _ = registers.due_rules()
    engine = ibis.duckdb.connect(threads=2)
    engine.con.register("base", table)
    with clock():
        award = engine.table("base")
        for column in due_rules:
            ruling = column.apply(award, "990101", registers.FROZEN_ON)
            award = award.mutate(**{column.name: ruling.expression})
        due = award.select(rules.due.name).to_pyarrow()["due"]
    return _digest(due.to_numpy())


def with_numpy(clock: Clock) -> str:
    """numpy, vectorised.

    Text columns as dictionary codes (by Arrow, half of the time); for each programme a table of amounts indexed by version
    and codes.
    """
    table = _table()
    policy = entries("aid")
    with clock():
        codes = {name: table[name].dictionary_encode().combine_chunks() for name in _TEXTS}
        numbers = {
            name: np.asarray(column.indices.fill_null(len(column.dictionary)))
            for name, column in codes.items()
        }
        words = {name: [*column.dictionary.to_pylist(), None] for name, column in codes.items()}
        day = table["term_start"].to_numpy()
        due = np.full(len(table), -1)
        for programme, by in _KEYS.items():
            values = policy[programme].values
            amounts = np.full((len(values) + 1, *(len(words[name]) for name in by)), -1)
            for version, (_, value) in enumerate(values, 1):
                for place in np.ndindex(amounts.shape[1:]):
                    amounts[(version, *place)] = _look_up(
                        value, [words[n][p] for n, p in zip(by, place, strict=True)]
                    )
            rows = np.flatnonzero(numbers["programme"] == words["programme"].index(programme))
            version = np.searchsorted([np.datetime64(first) for first, _ in values], day[rows], side="right")
            due[rows] = amounts[(version, *(numbers[name][rows] for name in by))]
    return _digest(due)


def with_loop(clock: Clock) -> str:
    """Python, row by row.

    A loop over tuples that are in memory already; what a form or an ORM loop would do, without reading the rows.
    """
    table = _table()
    rows = list(zip(*(table[name].to_pylist() for name in _READ), strict=True))
    policy = entries("aid")
    with clock():
        due = [_due(policy, *row) for row in rows]
    return _digest(np.array(due))


def _table() -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(home() / "base.arrow"))).read_all()


def _due(
    policy: dict, programme: str, day: date, stage: str, boarding: str, tier: str, senior_grade: str | None
) -> int:  # fmt: skip
    held = next((value for first, value in reversed(policy[programme].values) if day >= first), None)
    if programme == "registered_poor":
        return _look_up(held, [stage, boarding])
    if programme == "boarder":
        return _look_up(held, [stage])
    if programme == "senior_grant":
        return _look_up(held, [tier])
    if programme == "senior_tuition":
        return _look_up(held, [senior_grade])
    return _look_up(held, [])


def _look_up(value: object, keys: list[str | None]) -> int:
    """Return the amount under the keys; -1 where there is none."""
    for key in keys:
        if not isinstance(value, dict):
            break
        value = value.get(key, value.get("*"))
    return -1 if value is None else value


def _digest(due: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(due, dtype="int64").tobytes()).hexdigest()
