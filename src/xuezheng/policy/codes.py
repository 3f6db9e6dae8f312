"""The codes of code lists, read from policy.

Each code is a matter of policy of its own: it has dated versions and sources, and is proposed and approved
like any value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import date
from typing import Any

from xuezheng.policy import kept
from xuezheng.policy.current import chosen_lines
from xuezheng.policy.declarations import PolicyError, all_code_lists, matter
from xuezheng.policy.entries import PolicyEntry, Version, from_json, to_json
from xuezheng.policy.packs import Line, merge
from xuezheng.records.code_lists import Code, CodeList, CodeVersion

Entries = Mapping[str, Mapping[str, PolicyEntry]]
_OF_A_VERSION = ("label", "ended", "successors", "place")
_LAST = 10_000  # the place of codes that the bureau added

#: The lines of policy as they were when this request, command or job first asked for a code.
_lines_read: ContextVar[tuple[Line, ...] | None] = ContextVar("lines_of_codes", default=None)
_recorded: ContextVar[Mapping[str, CodeList]] = ContextVar("recorded_code_lists", default={})  # noqa: B039 - never written to
_last_read: tuple[tuple[Line, ...], Entries, dict[str, CodeList]] | None = None


def code_list(key: str) -> CodeList:
    """Return the code list with a key such as ``policy.hardship``.

    Raises :class:`PolicyError` for an unknown key. Within :func:`recorded_lists` it is the list of the
    snapshot. Otherwise its codes are those at the first call in the current request, command or job, so that
    the database is queried once.
    """
    recorded = _recorded.get()
    if key in recorded:
        return recorded[key]
    _, entries, lists = _read()
    if key not in lists:
        if key not in entries:
            raise PolicyError(f"没有代码表“{key}”。")
        lists[key] = _code_list(key, entries[key])
    return lists[key]


def code_entries(key: str) -> Mapping[str, PolicyEntry]:
    """Return the policy entries of a code list's codes, by code.

    ``key`` is the key of the list (``policy.hardship``); the codes are without it (``orphan``), in display
    order. The value of a version is a dict of the code's label and properties. Raises ``KeyError`` for an
    unknown list.
    """
    return _read()[1][key]


def forget() -> None:
    """Discard the policy that :func:`code_list` and :func:`code_entries` have read in this request, command or job.

    The next call reads it from the database. Called at the beginning of each request and after a change of
    policy.
    """
    _lines_read.set(None)


def _read() -> tuple[tuple[Line, ...], Entries, dict[str, CodeList]]:
    global _last_read  # what was worked out for the same lines, by whichever request
    lines = chosen_lines() or _lines_read.get()
    if lines is None:
        lines = kept.lines()
        _lines_read.set(lines)
    if _last_read is None or _last_read[0] != lines:
        _last_read = (lines, _entries(lines), {})
    return _last_read


def _entries(lines: tuple[Line, ...]) -> Entries:
    """The entries of every code, by list and code, in the order of the lists."""
    declared = all_code_lists()
    by_list: dict[str, dict[str, PolicyEntry]] = {key: {} for key in declared}
    for code_key in dict.fromkeys(key for line in lines for key in line):
        key, _, code = code_key.rpartition(".")
        if key in by_list:
            versions = merge(line.get(code_key, ()) for line in lines)
            if labels := [version.value["label"] for version in versions if version.value]:
                entry = PolicyEntry.of(matter(code_key), versions)
                by_list[key][code] = replace(entry, title=f"{declared[key].title}“{labels[-1]}”")
    return {
        key: dict(sorted(codes.items(), key=lambda item: _place(item[1]))) for key, codes in by_list.items()
    }


def _place(entry: PolicyEntry) -> tuple[int, str]:
    latest = next(value for _, value in reversed(entry.values) if value)
    return int(latest.get("place", _LAST)), entry.key


def _code_list(key: str, entries: Mapping[str, PolicyEntry]) -> CodeList:
    codes = {code: Code(code, tuple(_versions(entry))) for code, entry in entries.items()}
    return CodeList(key, all_code_lists()[key].title, codes)


def _versions(entry: PolicyEntry) -> Iterator[CodeVersion]:
    """The versions of a code; one without a value ends it, as ``ended`` does, but names no successors."""
    label = ""
    for first, value in entry.values:
        content = value or {"ended": True}
        label = str(content.get("label", label))
        properties = {name: text for name, text in content.items() if name not in _OF_A_VERSION}
        successors = tuple(content.get("successors", ()))
        yield CodeVersion(first, label, bool(content.get("ended")), successors, properties)


def written_lists(keys: set[str]) -> dict[str, Any]:
    """Return code lists with all versions of their codes in JSON-serialisable form, for a snapshot's manifest.

    ``keys`` are keys of lists. The result maps each to a dict that maps a code to the list of its versions,
    each a list of five: first day (ISO), value, source, grade, and the code of the pack.
    """
    return {
        key: {
            code: [
                [
                    version.first.isoformat(),
                    to_json(version.value),
                    version.source,
                    version.grade,
                    version.pack,
                ]
                for version in entry.versions
            ]
            for code, entry in code_entries(key).items()
        }
        for key in sorted(keys)
    }


@contextmanager
def recorded_lists(written: Mapping[str, Any]) -> Iterator[None]:
    """Within the context, make :func:`code_list` return lists as a snapshot recorded them.

    ``written`` is the result of :func:`written_lists`.
    """
    lists = {
        key: _code_list(
            key,
            {
                code: PolicyEntry.of(
                    matter(f"{key}.{code}"),
                    [
                        Version(date.fromisoformat(first), from_json(value), source, grade, pack=pack)
                        for first, value, source, grade, pack in versions
                    ],
                )
                for code, versions in codes.items()
            },
        )
        for key, codes in written.items()
    }
    token = _recorded.set(lists)
    try:
        yield
    finally:
        _recorded.reset(token)
