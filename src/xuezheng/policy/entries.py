"""Policy as data: values with the day from which they apply and the document that prescribes them."""

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
    """The record that a person compared a version of policy with a document.

    ``by`` is the person's name, ``day`` the day of the comparison, ``document`` names the document.
    """

    by: str
    day: date
    document: str


@dataclass(frozen=True)
class Version:
    """The value of a matter of policy that applies from the day ``first`` on, with its source.

    ``value`` is a single value or a nested mapping of values; amounts are in fen. ``grade`` is A if the value
    was read in the document itself, B if another text quotes it, C if nobody has checked it yet, D if it was
    derived from other values. ``pack`` is the code of the pack, or 本局 for the bureau's own versions;
    ``published_on`` is the date of the document, which may be later than ``first``. A version with the value
    None ends the earlier value of its level. ``check`` is the source check recorded by a user of the bureau,
    if any; it does not count when versions are compared.
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
        """Whether the value was checked against its source: a grade other than C, or a recorded check."""
        return self.grade != "C" or self.check is not None

    def starting(self, day: date) -> Version:
        """Return a copy of the version whose first day is ``day``."""
        return replace(self, first=day)


@dataclass(frozen=True)
class PolicyEntry:
    """One matter of policy, such as the boarders' allowance, with its versions, in order of their first days.

    ``key`` is like ``aid.boarder``, ``title`` and ``unit`` are Chinese; values are in fen if the unit begins
    with 元. ``by`` names the columns by which the values differ; the value of a version is then a mapping by
    the values of these columns, nested in their order, in which the key ``*`` applies to any other value.
    """

    key: str
    title: str
    unit: str
    by: tuple[str, ...]
    versions: tuple[Version, ...]

    @classmethod
    def of(cls, known: Matter, versions: Sequence[Version]) -> PolicyEntry:
        """Return the entry of a matter with the given versions, which must be in order of their first days."""
        return cls(known.key, known.title, known.unit, known.by, tuple(versions))

    @property
    def area(self) -> str:
        """The name of the area, or of the package, that declares the entry."""
        return self.key.partition(".")[0]

    @property
    def is_money(self) -> bool:
        """Whether the values are amounts of money, in fen."""
        return self.unit.startswith("元")

    @cached_property
    def values(self) -> tuple[tuple[date, Any], ...]:
        """(first day, value) of each version, in order of days.

        The value may be None, which ends the one before.
        """
        return tuple((version.first, version.value) for version in self.versions)

    @property
    def source(self) -> str:
        """The sources of all versions, each once, in order of days, joined by ；."""
        return "；".join(dict.fromkeys(version.source for version in self.versions if version.source))

    @property
    def verified(self) -> bool:
        """Whether every version is verified (:attr:`Version.verified`)."""
        return all(version.verified for version in self.versions)

    def on(self, day: ibis.Value, *keys: ibis.Value) -> ibis.Value:
        """Return, as an expression over all rows, the value in force on each row's ``day``.

        ``keys`` are the expressions of the columns named in ``by``, in this order. The result is NULL where
        no version is in force or no key matches. Raises :class:`PolicyError` for a wrong number of keys.
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
        """Return the value in force on a day for one row's values of the columns in ``by``.

        None is returned if no version is in force or no key matches. With fewer keys than ``by`` has columns,
        the result is the mapping that remains.
        """
        version = self.version(day)
        value = version.value if version else None
        for key in keys:
            if isinstance(value, Mapping):
                value = value.get(key, value.get(ANY))
        return value

    def version(self, day: date) -> Version | None:
        """Return the version in force on a day: the latest that begins on or before it.

        Returns None before the first version. A version may have the value None: then policy sets no value on
        the day, for the version ended an earlier one.
        """
        return next((version for version in reversed(self.versions) if version.first <= day), None)

    def leaves(self) -> Iterator[tuple[date, tuple[str, ...], Any]]:
        """Yield (first day, keys, value) for every single value of every version, in order of first days.

        ``keys`` are the values of the columns in ``by`` for which the value applies, () for an entry without
        ``by``. The value of a version that ends the one before is None.
        """
        for first, value in self.values:
            yield from ((first, keys, leaf) for keys, leaf in leaves(value))


def in_force(versions: Sequence[tuple[date, Any]], start: date, end: date) -> list[tuple[date, Any]]:
    """Return those of ``versions`` that are in force on any day from ``start`` to ``end``, both inclusive.

    A version is a pair (first day, value), as :attr:`PolicyEntry.values` has them; they must be in order of
    days, and each ends where the next begins.
    """
    ends = [*(first for first, _ in versions[1:]), date.max][: len(versions)]
    return [
        version for version, until in zip(versions, ends, strict=True) if version[0] <= end and until > start
    ]


def to_json(value: Any) -> Any:
    """Return the value of a version of policy in a JSON-serialisable form, which :func:`from_json` reads.

    Exact decimals become text, and a text that looks like a number becomes ``{"text": …}``.
    """
    if isinstance(value, str) and isinstance(from_json(value), Decimal):
        return {"text": value}
    if isinstance(value, Mapping):
        return {key: to_json(below) for key, below in value.items()}
    if isinstance(value, list):
        return [to_json(member) for member in value]
    return value if value is None or isinstance(value, int | str) else str(value)


def from_json(value: Any) -> Any:
    """Return the value of which :func:`to_json` returned the JSON form.

    A text that is a number becomes a ``Decimal``.
    """
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
    """Yield (keys, value) for every single value in the value of a version, which may be a nested mapping.

    ``keys`` are the keys that lead to the value. For a value that is no mapping, the only item is ((),
    value).
    """
    if not isinstance(value, Mapping):
        yield (), value
        return
    for key, below in value.items():
        yield from (((key, *keys), leaf) for keys, leaf in leaves(below))


class Policy:
    """The policy of an area as rules read it: each entry is an attribute, ``policy.boarder``.

    An unknown name raises :class:`PolicyError`. The keys of the entries read are collected in ``read``, those
    of code lists in ``lists_read``. ``district`` (the district's division code) and ``day`` (the day of the
    snapshot) are available to rules as ibis literals.
    """

    def __init__(
        self, area: str, entries: Mapping[str, PolicyEntry], district: str = "", day: date = date.min
    ) -> None:
        self._area = area
        self._entries = entries
        self.read: set[str] = set()
        #: The keys of the code lists that rules have read through :meth:`codes`.
        self.lists_read: set[str] = set()
        #: The division code of the district whose snapshot is made, as an ibis literal.
        self.district = ibis.literal(district)
        #: The day of the snapshot, as an ibis literal, for registers whose rows have no days of their own.
        self.day = ibis.date(day)

    def __getattr__(self, name: str) -> PolicyEntry:
        try:
            entry = self._entries[name]
        except KeyError:
            raise PolicyError(f"业务“{self._area}”的policy.yaml里没有“{name}”。") from None
        self.read.add(entry.key)
        return entry

    def codes(self, name: str) -> RuleCodes:
        """Return a code list, for expressions on its codes, by its name without the area (``hardship``).

        A list of the area comes before one of the same name that all areas share. Raises :class:`PolicyError`
        if there is neither.
        """
        area = self._area if name in code_lists(self._area) else "policy"
        key = f"{area}.{name}"
        self.lists_read.add(key)
        return RuleCodes(code_list(key))

    def noting(self, district: str, day: date) -> Policy:
        """Return a copy that notes anew what is read, for a district's division code and a snapshot's day.

        In the copy, ``read`` and ``lists_read`` are empty.
        """
        return Policy(self._area, self._entries, district, day)
