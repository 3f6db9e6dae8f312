"""Policy as data: values with the day from which they apply and the document that sets them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

import ibis

from xuezheng.policy.declarations import Matter, PolicyError, code_lists
from xuezheng.policy.rule_codes import RuleCodes
from xuezheng.records.code_lists import code_list

ANY = "*"


@dataclass(frozen=True)
class Check:
    """Who compared a version with its document, when, and with which document."""

    by: str
    day: date
    document: str


@dataclass(frozen=True)
class Version:
    """A value, or a nested mapping of values, that applies from the day ``first`` on, with its source.

    Amounts are in fen. ``grade`` is A where the document itself was read, B where another text quotes it, C where nobody has checked it yet, D where
    the value was derived from others; ``pack`` is the code of the pack, or 本局 for the bureau's own versions; ``published_on`` is the date of the
    document, which may be later than ``first``. A version with the value None ends the earlier value of its level. ``check`` is what a person of the
    bureau recorded after comparing the version with its document; it is no part of the version itself.
    """

    first: date
    value: Any
    source: str
    grade: str
    published_on: date | None = None
    pack: str = ""
    check: Check | None = field(default=None, compare=False, repr=False)

    @property
    def verified(self) -> bool:
        """Whether somebody has checked the value against its source."""
        return self.grade != "C" or self.check is not None

    def starting(self, day: date) -> Version:
        """Return the same version in force from another day on."""
        return replace(self, first=day)


@dataclass(frozen=True)
class PolicyEntry:
    """One matter of policy with its versions.

    A value may be a mapping by the row's values of the columns ``by``, nested in their order; the key ``*`` applies to any other.
    """

    key: str
    title: str
    unit: str
    by: tuple[str, ...]
    versions: tuple[Version, ...]

    @classmethod
    def of(cls, known: Matter, versions: Sequence[Version]) -> PolicyEntry:
        """Return the entry of a matter with the given versions, in order of their first days."""
        return cls(known.key, known.title, known.unit, known.by, tuple(versions))

    @property
    def area(self) -> str:
        """The area, or the package, that declares it."""
        return self.key.partition(".")[0]

    @property
    def is_money(self) -> bool:
        """Whether the values are amounts of money."""
        return self.unit.startswith("元")

    @cached_property
    def values(self) -> tuple[tuple[date, Any], ...]:
        """The first day and the value of each version, in order of days."""
        return tuple((version.first, version.value) for version in self.versions)

    @property
    def source(self) -> str:
        """The documents of all versions, each once, in order of days."""
        return "；".join(dict.fromkeys(version.source for version in self.versions if version.source))

    @property
    def verified(self) -> bool:
        """Whether every version was checked against its source."""
        return all(version.verified for version in self.versions)

    def on(self, day: ibis.Value, *keys: ibis.Value) -> ibis.Value:
        """Return the value in force on each row's ``day`` for its ``keys``, as an expression over all rows.

        ``keys`` are the row's values of the columns ``by``; the result is NULL where no version was in force or no key fits. Raises
        :class:`PolicyError` for a wrong number of keys.
        """
        if len(keys) != len(self.by):
            raise PolicyError(
                f"政策“{self.key}”按{'、'.join(self.by) or '无'}分档，规则给了{len(keys)}个键。"
            )
        branches = [
            (day >= ibis.date(first), self._choose(value, keys)) for first, value in reversed(self.values)
        ]
        return ibis.cases(*branches) if branches else ibis.null("int64")

    def _choose(self, value: Any, keys: Sequence[ibis.Value]) -> ibis.Value | None:
        if not isinstance(value, Mapping):
            return ibis.literal(value)
        first, *rest = keys
        first = first if first.type().is_string() else first.cast("string")
        exact = [(first == key, self._choose(below, rest)) for key, below in value.items() if key != ANY]
        otherwise = self._choose(value[ANY], rest) if ANY in value else None
        return ibis.cases(*exact, else_=otherwise) if exact else otherwise

    def value(self, day: date, *keys: str) -> Any:
        """Return the value in force on a day for the keys of one row, as :meth:`on` does for all rows; None without one."""
        version = self.version(day)
        value = version.value if version else None
        for key in keys:
            if isinstance(value, Mapping):
                value = value.get(key, value.get(ANY))
        return value

    def version(self, day: date) -> Version | None:
        """Return the version in force on a day, or None."""
        return next((version for version in reversed(self.versions) if version.first <= day), None)

    def leaves(self) -> Iterator[tuple[date, tuple[str, ...], Any]]:
        """Yield (first day, keys, value) for every single value of every version."""
        for first, value in self.values:
            yield from ((first, keys, leaf) for keys, leaf in leaves(value))


def in_force(versions: Sequence[tuple[date, Any]], start: date, end: date) -> list[tuple[date, Any]]:
    """Return the (first day, value) pairs in force on some day from ``start`` to ``end``; ``versions`` are in order of days."""
    ends = [*(first for first, _ in versions[1:]), date.max][: len(versions)]
    return [
        version for version, until in zip(versions, ends, strict=True) if version[0] <= end and until > start
    ]


def to_json(value: Any) -> Any:
    """Return a value in a form that JSON can express: exact decimals as text, and a text that could be taken for one as ``{"text": …}``."""
    if isinstance(value, str) and isinstance(from_json(value), Decimal):
        return {"text": value}
    if isinstance(value, Mapping):
        return {key: to_json(below) for key, below in value.items()}
    if isinstance(value, list):
        return [to_json(member) for member in value]
    return value if value is None or isinstance(value, int | str) else str(value)


def from_json(value: Any) -> Any:
    """Return a value that :func:`to_json` wrote; a text that is a number is an exact decimal."""
    if isinstance(value, Mapping):
        if value.keys() == {"text"}:
            return value["text"]
        return {key: from_json(below) for key, below in value.items()}
    if not isinstance(value, str):
        return value
    try:
        return Decimal(value)
    except InvalidOperation:
        return value


def leaves(value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield (keys, value) for every single value in a value that may be a nested mapping."""
    if not isinstance(value, Mapping):
        yield (), value
        return
    for key, below in value.items():
        yield from (((key, *keys), leaf) for keys, leaf in leaves(below))


class Policy:
    """The policy of an area: each entry is an attribute, ``policy.boarder``.

    The keys of the entries read are collected in ``read``. ``district`` (the own division code) and ``day`` (that of the freeze) are literals for
    rules.
    """

    def __init__(
        self, area: str, entries: Mapping[str, PolicyEntry], district: str = "", day: date = date.min
    ) -> None:
        self._area = area
        self._entries = entries
        self.read: set[str] = set()
        #: The keys of the code lists that were read.
        self.lists_read: set[str] = set()
        #: The division code of the district whose registers are frozen.
        self.district = ibis.literal(district)
        #: The day of freezing, for registers that have no days of their own.
        self.day = ibis.date(day)

    def __getattr__(self, name: str) -> PolicyEntry:
        try:
            entry = self._entries[name]
        except KeyError:
            raise PolicyError(f"业务“{self._area}”的policy.yaml里没有“{name}”。") from None
        self.read.add(entry.key)
        return entry

    def codes(self, name: str) -> RuleCodes:
        """Return a code list of the area, or one shared by all areas, by its name; raises :class:`PolicyError`."""
        area = self._area if name in code_lists(self._area) else "policy"
        key = f"{area}.{name}"
        self.lists_read.add(key)
        return RuleCodes(code_list(key))

    def noting(self, district: str, day: date) -> Policy:
        """Return the same policy for a district code and a day, with ``read`` empty."""
        return Policy(self._area, self._entries, district, day)
