"""What each award is due, by dated policy; from an Arrow table in memory."""

import hashlib
from collections.abc import Callable
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
from xuezheng.policy.entries import PolicyEntry

_KEYS = {
    "preschool": (),
    "boarder": ("stage",),
    "senior_grant": ("tier",),
    "senior_tuition": ("senior_grade",),
    "day_pupil": ("stage",),
    "university": (),
}
_LISTED = "registered_poor"
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
        standards = list(_KEYS)
        pointed = _amounts(policy["listed_rate"], words, ("stage", "boarding"), _place_of(standards))
        listed = numbers["programme"] == words["programme"].index(_LISTED)
        places = np.array([_place_of(standards)(word) for word in words["programme"]])
        standard = places[numbers["programme"]]
        version = _versions(policy["listed_rate"], day[listed])
        standard[listed] = pointed[(version, numbers["stage"][listed], numbers["boarding"][listed])]
        numbers["tier"] = np.where(listed, _index(words["tier"], "first"), numbers["tier"])
        due = np.full(len(table), -1)
        for place, (name, by) in enumerate(_KEYS.items()):
            amounts = _amounts(policy[name], words, by, int)
            rows = np.flatnonzero(standard == place)
            due[rows] = amounts[(_versions(policy[name], day[rows]), *(numbers[key][rows] for key in by))]
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
    standard = programme
    if programme == _LISTED:
        standard, tier = _look_up(policy["listed_rate"].value(day), [stage, boarding]), "first"
    keys = {"stage": stage, "tier": tier, "senior_grade": senior_grade}
    if standard not in _KEYS:
        return -1
    return _look_up(policy[standard].value(day), [keys[name] for name in _KEYS[standard]])


def _amounts(entry: PolicyEntry, words: dict[str, list], by: tuple[str, ...], read: Callable) -> np.ndarray:
    """The values of an entry by version, 0 for none yet, and the codes of its columns."""
    amounts = np.full((len(entry.values) + 1, *(len(words[name]) for name in by)), -1)
    for version, (_, value) in enumerate(entry.values, 1):
        for place in np.ndindex(amounts.shape[1:]):
            found = _look_up(value, [words[name][code] for name, code in zip(by, place, strict=True)])
            amounts[(version, *place)] = -1 if found == -1 else read(found)
    return amounts


def _versions(entry: PolicyEntry, days: np.ndarray) -> np.ndarray:
    return np.searchsorted([np.datetime64(first) for first, _ in entry.values], days, side="right")


def _index(words: list, word: str) -> int:
    return words.index(word) if word in words else 0


def _place_of(standards: list[str]) -> Callable:
    return lambda name: standards.index(name) if name in standards else -1


def _look_up(value: object, keys: list[str | None]) -> int | str:
    """Return the amount under the keys; -1 where there is none."""
    for key in keys:
        if not isinstance(value, dict):
            break
        value = value.get(key, value.get("*"))
    return -1 if value is None else value


def _digest(due: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(due, dtype="int64").tobytes()).hexdigest()
