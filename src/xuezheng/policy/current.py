"""The policy in force: adopted packs and the bureau's own versions, merged by level, or replacements within a context.

A version is the value of a matter of policy (``aid.boarder``) from a day on. Versions come in levels, the
lowest first: for each level a mapping from the key of a matter to its versions, a
:data:`xuezheng.policy.packs.Line`. A version of a higher level takes precedence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import date
from typing import Any

from xuezheng.policy import kept
from xuezheng.policy.declarations import SHARED, CodeMatter, Matter, PolicyError, declaring, matter, matters
from xuezheng.policy.entries import Policy, PolicyEntry, Version, from_json
from xuezheng.policy.packs import Line, Pack, merge

_lines: ContextVar[tuple[Line, ...] | None] = ContextVar("policy_lines", default=None)
_overrides: ContextVar[Mapping[str, Mapping[str, PolicyEntry]] | None] = ContextVar(
    "policy_overrides", default=None
)


def policy(area: str) -> Policy:
    """Return the policy of an area as its rules read it, together with the entries shared by all areas.

    Raises :class:`PolicyError` if a ``policy.yaml`` or a pack is invalid.
    """
    return Policy(area, {**entries(SHARED), **entries(area)})


def entries(area: str) -> dict[str, PolicyEntry]:
    """Return the policy entries of an area, merged from all levels, by name without the area (``boarder``).

    Within :func:`overridden` or :func:`recorded`, their entries replace those in force.
    """
    return {**_merged(area), **(_overrides.get() or {}).get(area, {})}


def entry(key: str) -> PolicyEntry:
    """Return a policy entry by its key (``aid.boarder``).

    Raises :class:`PolicyError` for a key that no area declares.
    """
    known = matter(key)
    replaced = (_overrides.get() or {}).get(known.area, {})
    return replaced[known.name] if known.name in replaced else _merge(known, _current_lines())


def _merged(area: str) -> dict[str, PolicyEntry]:
    lines = _current_lines()
    return {name: _merge(known, lines) for name, known in matters(area).items()}


def _merge(known: Matter, lines: tuple[Line, ...]) -> PolicyEntry:
    return PolicyEntry.of(known, merge(line.get(known.key, ()) for line in lines))


def _current_lines() -> tuple[Line, ...]:
    chosen = _lines.get()
    return kept.lines() if chosen is None else chosen


def chosen_lines() -> tuple[Line, ...] | None:
    """Return the levels of policy set by :func:`reading`, :func:`using` or :func:`read_once` in the current context.

    Each item maps the keys of matters to the versions of one level, the lowest level first. None means that
    the current context reads the levels in force from the database.
    """
    return _lines.get()


@contextmanager
def read_once() -> Iterator[None]:
    """Within the context or decorated function, use the policy in force at its beginning.

    The database is queried once.
    """
    with reading(_current_lines()):
        yield


def using(packs: Iterable[Pack]) -> AbstractContextManager[None]:
    """Return a context within which policy is read from these packs only.

    ``packs`` are in order of their levels, the lowest first; where two set a value, the later one's applies.
    """
    return reading(tuple(pack.versions for pack in packs))


@contextmanager
def reading(lines: tuple[Line, ...]) -> Iterator[None]:
    """Within the context, read policy from ``lines`` only.

    A line maps the keys of matters to the versions of one level; the lowest level is first.
    """
    token = _lines.set(lines)
    try:
        yield
    finally:
        _lines.reset(token)


@contextmanager
def overridden(changes: Mapping[str, Any]) -> Iterator[None]:
    """Within the context, replace values of policy entries and codes, as a scenario does.

    ``changes`` maps the key of an entry (``aid.boarder``) or of a code (``policy.hardship.orphan``) to a dict
    of values by first day (``date``). Values are as people write them, money in yuan; None removes the
    version that begins on that day. Raises :class:`PolicyError` for an unknown key, a first day that is no
    date, an invalid value, or an entry of which no version would be left.
    """
    overrides: dict[str, dict[str, PolicyEntry]] = {}
    codes: dict[str, tuple[Version, ...]] = {}
    for key, values in changes.items():
        known = matter(str(key))
        if not isinstance(values, Mapping):
            raise PolicyError(f"方案中的“{key}”应写作“施行日期: 值”。")
        versions = {version.first: version for version in _merge(known, _current_lines()).versions}
        for first, value in values.items():
            if type(first) is not date:
                raise PolicyError(f"政策“{key}”的施行日期“{first}”应写作2019-09-01。")
            versions.pop(first, None)
            if value is not None:
                versions[first] = Version(first, known.check(value), "假设的方案", "C")
        in_order = [versions[day] for day in sorted(versions)]
        if isinstance(known, CodeMatter):
            codes[known.key] = tuple(in_order)
        elif not in_order:
            raise PolicyError(f"方案中的“{key}”没有留下任何一项标准，至少写一项。")
        else:
            overrides.setdefault(known.area, {})[known.name] = PolicyEntry.of(known, in_order)
    with reading(_with_codes(codes)) if codes else nullcontext(), _replaced(overrides):
        yield


def _with_codes(codes: Line) -> tuple[Line, ...]:
    """Return the current lines with other versions of some codes."""
    lines = _current_lines()
    return (*({key: line[key] for key in line if key not in codes} for line in lines), codes)


@contextmanager
def recorded(policies: Mapping[str, Any]) -> Iterator[None]:
    """Within the context, read policy entries as a snapshot recorded them.

    ``policies`` is the part ``policies`` of the snapshot's manifest; entries that it lacks are those in force
    now.
    """
    overrides: dict[str, dict[str, PolicyEntry]] = {}
    for key, written in policies.items():
        area, _, name = key.partition(".")
        # Snapshots of older releases name one source for all versions of an entry.
        sources = written.get("sources") or [
            [written["source"], "A" if written["verified"] else "C", ""]
        ] * len(written["values"])
        versions = tuple(
            Version(date.fromisoformat(first), from_json(value), source, grade, pack=pack)
            for (first, value), (source, grade, pack) in zip(written["values"], sources, strict=True)
        )
        overrides.setdefault(area, {})[name] = PolicyEntry(
            key, written["title"], written["unit"], tuple(written["by"]), versions
        )
    with _replaced(overrides):
        yield


@contextmanager
def _replaced(overrides: Mapping[str, Mapping[str, PolicyEntry]]) -> Iterator[None]:
    token = _overrides.set(overrides)
    try:
        yield
    finally:
        _overrides.reset(token)


@read_once()
def policies_digest() -> str:
    """Return the SHA-256, in hexadecimal, over all policy entries and codes in force now.

    It changes if any of them does.
    """
    codes = [sorted((key, line[key]) for key in line if key.count(".") == 2) for line in _current_lines()]
    written = repr([[sorted(entries(area).items()) for area in declaring()], codes])
    return hashlib.sha256(written.encode()).hexdigest()


def is_overridden() -> bool:
    """Return whether policy entries are replaced in the current context: by a scenario or by those of a snapshot.

    That is the case within :func:`overridden` and :func:`recorded`.
    """
    return _overrides.get() is not None
