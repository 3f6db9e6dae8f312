"""The form of a hypothetical policy: its values as fields with Chinese labels, and the conversion of the input to a scenario.

A scenario is a JSON object: it maps the key of each changed entry to its values by first day (as
``2019-09-01``), with null for a version that is removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from xuezheng.policy.current import overridden
from xuezheng.policy.declarations import PolicyError, all_code_lists, is_code
from xuezheng.policy.entries import ANY, PolicyEntry, Version
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import registers
from xuezheng.rules.columns import RuleColumn, rule_columns
from xuezheng.rules.tables import BaseColumn, base_columns

Path = tuple[str, ...]
OTHERS = "其余各类"


@dataclass(frozen=True)
class Line:
    """One value of a policy with its form field.

    ``path`` are the keys that lead to the value, ``words`` the same as Chinese text, ``value`` the value as
    text (amounts in yuan), and ``field`` the name of the form field. Where the policy has no value, ``value``
    is "" and ``falls_to`` is a Chinese phrase for the value that applies instead.
    """

    path: Path
    words: str
    value: str
    field: str
    falls_to: str


def lines(entry: PolicyEntry, version: Any) -> list[Line]:
    """Return a line for each value in ``version``, and a blank one for each further member that could have a value.

    ``version`` is the value of a version of ``entry``: a single value, or nested mappings by the members of
    the columns ``entry.by``, such as stage and boarding. The members are those that the registers know.
    """
    names = _names(entry)
    paths = dict(_paths(entry, version, names, ()))
    return [
        Line(
            path,
            " · ".join(_word(entry, names, path)) or "标准",
            value,
            f"value-{place}",
            f"同{OTHERS}" if paths.get((*path[:-1], ANY)) else "没有",
        )
        for place, (path, value) in enumerate(paths.items())
    ]


def scenario(
    entry: PolicyEntry, base: date, first: str, move: bool, values: Mapping[str, str]
) -> dict[str, Any]:
    """Return the scenario that a filled form describes, as a JSON-serializable dict.

    ``base`` is the first day of the version whose values the form began with, ``first`` the first day of the
    new version as typed, and ``values`` are the typed texts by form field. ``move`` also removes the version
    that begins on ``base``. Raises :class:`PolicyError` for a day or a value that cannot be read or that the
    entry does not allow.
    """
    try:
        day = date.fromisoformat(first)
    except ValueError:
        raise PolicyError("施行日期无法识别。请写作2019-09-01这样的日期。") from None
    base_lines = lines(entry, version_of(entry, str(base))[1])
    versions: dict[str, Any] = {str(day): _coded(entry, _values(base_lines, values))}
    if move and day != base:
        versions[str(base)] = None
    changes = {entry.key: versions}
    with overridden(read(changes)):
        pass  # a mistake is reported before anything is frozen
    return changes


def scenario_of(entry: PolicyEntry, gone: Iterable[Version], new: Iterable[Version]) -> dict[str, Any]:
    """Return the values by first day of a scenario that removes the versions ``gone`` and adds the versions ``new``.

    The result is JSON-serializable; a removed version has the value None.
    """
    changes: dict[str, Any] = {str(version.first): None for version in gone}
    for version in new:
        value = version.value
        is_written = value is None or is_code(entry.key)
        changes[str(version.first)] = value if is_written else _as_written(entry, value)
    return changes


def _as_written(entry: PolicyEntry, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _as_written(entry, below) for key, below in value.items()}
    return value if isinstance(value, str) else _text(entry, value)


def read(changes: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[date, Any]]:
    """Convert a scenario from JSON to hypothetical values as :func:`xuezheng.policy.current.overridden` takes them.

    Days become ``date``, and numbers written as text become exact numbers.
    """
    return {
        key: {
            date.fromisoformat(first): value if is_code(key) else _exact(value)
            for first, value in versions.items()
        }
        for key, versions in changes.items()
    }


def differences(entry: PolicyEntry, changes: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return the differences between the policy and a scenario for one entry.

    ``changes`` are the scenario's values by first day (as ``2019-09-01``). Each difference is (first day,
    Chinese name of the value, value in force on that day, value of the scenario), all texts; "" is no value.
    """
    rows = []
    for first, value in changes.items():
        day = date.fromisoformat(first)
        version = entry.version(day)
        was = _written(entry, version.value) if version and version.value is not None else {}
        now = {} if value is None else _named(entry, value)
        names = _names(entry)
        for path in dict.fromkeys((*was, *now)):
            before, after = was.get(path, ""), now.get(path, "")
            if before != after:
                words = " · ".join(_word(entry, names, path)) or "标准"
                rows.append((first, words, before, "这一版不再施行" if value is None else after))
    return rows


def version_of(entry: PolicyEntry, first_day: str | None) -> tuple[date, Any]:
    """Return (first day, value) of the version that begins on ``first_day`` (as ``2019-09-01``).

    Without such a version, or for None, it is the latest one that has a value. Raises ``IndexError`` where no
    version has a value.
    """
    versions = [version for version in entry.values if version[1] is not None]
    return next((version for version in versions if str(version[0]) == first_day), versions[-1])


def exact_values(entry: PolicyEntry, lines: Sequence[Line], values: Mapping[str, str]) -> Any:
    """Return the texts of a form as the value of a version, with exact numbers and codes instead of Chinese names.

    ``values`` are the texts by form field. Raises :class:`PolicyError` for a required value that is missing,
    or one that cannot be read.
    """
    return _exact(_coded(entry, _values(lines, values)))


def _coded(entry: PolicyEntry, value: Any) -> Any:
    """Replace the Chinese names that a form uses for values by their codes; raises :class:`PolicyError` for an unknown name."""
    codes = {word: code for code, word in _value_names(entry).items()}
    if not codes:
        return value
    if isinstance(value, Mapping):
        return {key: _coded(entry, below) for key, below in value.items()}
    if value not in codes:
        raise PolicyError(f"“{value}”不是可选的值。可填：{'、'.join(codes)}。")
    return codes[value]


def _value_names(entry: PolicyEntry) -> dict[str, str]:
    """Return the Chinese names of an entry's values by code; empty where the values are not codes that a column of its area names."""
    values = {value for _, _, value in entry.leaves() if isinstance(value, str)}
    known = [dict(choices) for _, choices in _columns(entry.area) if values <= choices.keys()]
    return min(known, key=len, default={}) if values else {}


def _columns(area: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield (name, Chinese names by code) of the columns of registers that name their members: those of an area, then the shared ones."""
    for name, names, codes in _naming_columns(area):
        yield name, dict(code_list(codes).choices) if codes else names


@cache
def _naming_columns(area: str) -> tuple[tuple[str, Mapping[str, str], str], ...]:
    """(name, names, key of its code list) of the columns that have names, or a list of codes, which may change while the program runs."""
    columns: list[BaseColumn | RuleColumn] = []
    for app in (area, "records"):
        for table, model in registers().items():
            if model._meta.app_label == app:
                columns += [*base_columns(model), *rule_columns(table)]
    return tuple(
        (column.name, column.choices, getattr(column, "codes", "")) for column in columns if column.choices
    )


def fields(entry: PolicyEntry, lines: Sequence[Line], value: Any) -> dict[str, str]:
    """Return the texts of the form's fields, by field name, for the value that a scenario has for ``entry``."""
    texts = _named(entry, value)
    return {line.field: texts.get(line.path, "") for line in lines}


def blank(entry: PolicyEntry) -> Any:
    """Return the value with which :func:`lines` makes an empty form, for an entry without versions.

    It is an empty dict, or "" for an entry with a single value.
    """
    return {} if entry.by else ""


def _values(lines: Sequence[Line], values: Mapping[str, str]) -> Any:
    table: dict[str, Any] = {}
    for line in lines:
        text = values.get(line.field, "").strip().replace(",", "")
        if not text and not line.value:
            continue
        if not text and not line.path:
            raise PolicyError("请填写标准。")
        if not text:
            continue
        below = table
        for key in line.path[:-1]:
            below = below.setdefault(key, {})
        below[line.path[-1] if line.path else ""] = text
    if not table:
        raise PolicyError("至少要填写一项标准。")
    return table.get("", table)


def _exact(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _exact(below) for name, below in value.items()}
    if value is None:
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number) > 10**9:
        raise PolicyError(f"“{value}”过大或不是数。请核对。")
    return int(number) if number == number.to_integral_value() else number


def _paths(
    entry: PolicyEntry, value: Any, names: Mapping[str, Mapping[str, str]], path: Path
) -> Iterator[Any]:
    """Yield (path, value as text) of every value, then (path, "") of the further kinds that have none."""
    if not isinstance(value, Mapping):
        yield path, _text(entry, value)
        return
    for key, below in value.items():
        yield from _paths(entry, below, names, (*path, key))
    known = names.get(entry.by[len(path)], {})
    yield from (((*path, key), "") for key in known if key not in value)
    if ANY not in value:
        yield (*path, ANY), ""


def _written(entry: PolicyEntry, value: Any) -> dict[Path, str]:
    return {path: text for path, text in _paths(entry, value, {}, ()) if text}


def _named(entry: PolicyEntry, value: Any) -> dict[Path, str]:
    """Return the single values of a scenario as texts by path, codes replaced by their Chinese names."""
    names = _value_names(entry)
    return {path: names.get(text, text) for path, text in _flat(value).items()}


def _flat(value: Any, path: Path = ()) -> dict[Path, str]:
    if not isinstance(value, Mapping):
        return {path: str(value)}
    return {below: text for key, inner in value.items() for below, text in _flat(inner, (*path, key)).items()}


def _text(entry: PolicyEntry, value: Any) -> str:
    if isinstance(value, str):
        return _value_names(entry).get(value, value)
    if not entry.is_money:
        return str(value)
    yuan = Decimal(value) / 100
    return f"{yuan:f}"


def _word(entry: PolicyEntry, names: Mapping[str, Mapping[str, str]], path: Path) -> Iterator[str]:
    anywhere = {key: word for known in names.values() for key, word in known.items()}
    for by, key in zip(entry.by, path, strict=False):
        yield OTHERS if key == ANY else names.get(by, {}).get(key) or anywhere.get(key, key)


def _names(entry: PolicyEntry) -> dict[str, dict[str, str]]:
    """Return the Chinese names of members, for each column by which the policy distinguishes its values, from the area's registers."""
    names: dict[str, dict[str, str]] = {
        by: dict(code_list(by).choices) if by in all_code_lists() else {} for by in entry.by
    }
    used_keys: dict[str, set[str]] = {by: set() for by in entry.by}
    for _, keys, _ in entry.leaves():
        for by, key in zip(entry.by, keys, strict=False):
            used_keys[by] |= {key} - {ANY}
    for by, choices in _columns(entry.area):
        # A column of that name may be about something else.
        if by in names and not (used_keys[by] and not used_keys[by] & choices.keys()):
            for key, word in choices.items():
                names[by].setdefault(key, word)
    return names
