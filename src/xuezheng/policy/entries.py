"""Policy as data: values with the day from which they hold and the document that says so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import ibis
import yaml

from xuezheng import registry

ANY = "*"
_overrides_in_force: ContextVar[Mapping[str, Mapping[str, PolicyEntry]] | None] = ContextVar(
    "policy_overrides", default=None
)


class PolicyError(ValueError):
    """A policy file that cannot be used; the text is a Chinese sentence with the place and the remedy."""


class _Loader(yaml.SafeLoader):
    """Reads numbers with a point as exact decimals, and refuses a name that is written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = set()
        for key, _ in node.value:
            if key.value in names:
                raise yaml.constructor.ConstructorError(None, None, f"“{key.value}”写了两次", key.start_mark)
            names.add(key.value)
        return super().construct_mapping(node, deep)


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node))


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)


@dataclass(frozen=True)
class PolicyEntry:
    """One matter of policy: its dated values, keyed by columns of the row that asks.

    ``values`` are (first day in force, value or nested mapping), in order of days; the key ``*`` stands for any
    other. Amounts whose unit begins with 元 are kept in fen. ``verified`` is False where the source is still to be
    confirmed.
    """

    key: str
    title: str
    unit: str
    source: str
    by: tuple[str, ...]
    values: tuple[tuple[date, Any], ...]
    verified: bool = True

    @property
    def is_money(self) -> bool:
        """Whether the values are amounts of money."""
        return self.unit.startswith("元")

    def on(self, day: ibis.Value, *keys: ibis.Value) -> ibis.Value:
        """Return the value in force on each row's ``day`` for its ``keys``, as a set-wise expression.

        NULL where no version was in force or no key fits.
        """
        if len(keys) != len(self.by):
            raise PolicyError(
                f"政策“{self.key}”按{'、'.join(self.by) or '无'}分档，规则给了{len(keys)}个键。"
            )
        branches = [
            (day >= ibis.date(first), self._choose(value, keys)) for first, value in reversed(self.values)
        ]
        return ibis.cases(*branches)

    def _choose(self, value: Any, keys: Sequence[ibis.Value]) -> ibis.Value:
        if not isinstance(value, Mapping):
            return ibis.literal(value)
        first, *rest = keys
        first = first if first.type().is_string() else first.cast("string")
        exact = [(first == key, self._choose(below, rest)) for key, below in value.items() if key != ANY]
        otherwise = self._choose(value[ANY], rest) if ANY in value else None
        return ibis.cases(*exact, else_=otherwise) if exact else otherwise

    def value(self, day: date, *keys: str) -> Any:
        """Return what :meth:`on` gives for one row: the value in force on a day for its keys, None where there is none."""
        value = next((value for _, value in self.clauses(day, day)), None)
        for key in keys:
            value = value.get(key, value.get(ANY)) if isinstance(value, Mapping) else None
        return value

    def clauses(self, start: date, end: date) -> list[tuple[date, Any]]:
        """Return the versions in force on some day from ``start`` to ``end``."""
        return in_force(self.values, start, end)

    def leaves(self) -> Iterator[tuple[date, tuple[str, ...], Any]]:
        """Yield (first day, keys, value) for every single value."""
        for first, value in self.values:
            yield from ((first, keys, leaf) for keys, leaf in _leaves(value))


def in_force(versions: Sequence[tuple[date, Any]], start: date, end: date) -> list[tuple[date, Any]]:
    """Return those of (first day, value), in order of days, that hold on some day from ``start`` to ``end``."""
    ends = [first for first, _ in versions[1:]] + [date.max]
    return [
        version for version, until in zip(versions, ends, strict=True) if version[0] <= end and until > start
    ]


def _leaves(value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not isinstance(value, Mapping):
        yield (), value
        return
    for key, below in value.items():
        yield from (((key, *keys), leaf) for keys, leaf in _leaves(below))


class Policy:
    """The policy of an area: each entry is an attribute, ``policy.registered_poor``. What is read is noted."""

    def __init__(
        self, area: str, entries: Mapping[str, PolicyEntry], district: str = "", day: date = date.min
    ) -> None:
        self._area = area
        self._entries = entries
        self.read: set[str] = set()
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

    def noting(self, district: str, day: date) -> Policy:
        """Return the same policy for a district on a day, with nothing noted as read yet."""
        return Policy(self._area, self._entries, district, day)


def policy(area: str) -> Policy:
    """Return the policy of an area, empty where it has none; raises :class:`PolicyError`."""
    return Policy(area, entries(area))


def entries(area: str) -> dict[str, PolicyEntry]:
    """Return the entries of an area: those of its ``policy.yaml``, and what :func:`overridden` puts in their place."""
    return {**_declared(area), **(_overrides_in_force.get() or {}).get(area, {})}


@cache
def _declared(area: str) -> dict[str, PolicyEntry]:
    path = registry.folder(area) / "policy.yaml"
    return read(path, area) if path.exists() else {}


def read(path: Path, area: str) -> dict[str, PolicyEntry]:
    """Read a policy file; raises :class:`PolicyError`."""
    return {name: _entry(f"{area}.{name}", content) for name, content in loaded(path, area).items()}


def loaded(path: Path, whose: str) -> dict[str, Any]:
    """Read a YAML file of named contents; raises :class:`PolicyError`."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, ArithmeticError) as error:
        raise PolicyError(f"{path.name}（{whose}）不是正确的YAML：{error}。") from None
    if not isinstance(raw or {}, dict):
        raise PolicyError(f"{path.name}（{whose}）应写作若干“名称: 内容”。")
    return raw or {}


@contextmanager
def overridden(changes: Mapping[str, Any]) -> Iterator[None]:
    """Give policy entries, as long as the context lasts, other values on some days.

    ``changes`` are values by first day, as in ``policy.yaml``, by the key of the entry (``aid.registered_poor``); a day
    without a value takes the version of that day away. Raises :class:`PolicyError`.
    """
    overrides: dict[str, dict[str, PolicyEntry]] = {}
    for key, values in changes.items():
        area, _, name = str(key).partition(".")
        if area not in registry.areas() or name not in _declared(area):
            raise PolicyError(f"没有政策“{key}”。请写作“业务.名称”，如 aid.registered_poor。")
        if not isinstance(values, dict):
            raise PolicyError(f"方案中的“{key}”应写作“施行日期: 值”。")
        content = loaded(registry.folder(area) / "policy.yaml", area)[name]
        versions = {**content["values"], **values}
        kept = {first: versions[first] for first in sorted(versions, key=str) if versions[first] is not None}
        overrides.setdefault(area, {})[name] = _entry(str(key), {**content, "values": kept})
    token = _overrides_in_force.set(overrides)
    try:
        yield
    finally:
        _overrides_in_force.reset(token)


@contextmanager
def recorded(policies: Mapping[str, Any]) -> Iterator[None]:
    """Read, as long as the context lasts, the entries of policy that a snapshot's manifest recorded as it recorded them."""
    overrides: dict[str, dict[str, PolicyEntry]] = {}
    for key, entry in policies.items():
        area, _, name = key.partition(".")
        values = tuple((date.fromisoformat(first), _unplain(value)) for first, value in entry["values"])
        overrides.setdefault(area, {})[name] = PolicyEntry(
            key, entry["title"], entry["unit"], entry["source"], tuple(entry["by"]), values, entry["verified"]
        )
    token = _overrides_in_force.set(overrides)
    try:
        yield
    finally:
        _overrides_in_force.reset(token)


def _unplain(value: Any) -> Any:
    """Return a value as a policy file gives it: a manifest writes exact decimals as text."""
    if isinstance(value, Mapping):
        return {key: _unplain(below) for key, below in value.items()}
    if not isinstance(value, str):
        return value
    try:
        return Decimal(value)
    except InvalidOperation:
        return value


def policies_digest() -> str:
    """Return the SHA-256 of all entries of policy as they stand: it differs when any of them was changed."""
    written = repr([sorted(entries(area).items()) for area in registry.areas()])
    return hashlib.sha256(written.encode()).hexdigest()


def is_overridden() -> bool:
    """Whether some policy is overridden at present."""
    return bool(_overrides_in_force.get())


def _entry(key: str, content: Any) -> PolicyEntry:
    if not isinstance(content, dict):
        raise PolicyError(f"政策“{key}”应写作若干“名称: 内容”。")
    missing = {"title", "unit", "source", "values"} - content.keys()
    if missing:
        raise PolicyError(f"政策“{key}”缺少：{'、'.join(sorted(missing))}。")
    by = content.get("by", ())
    by = (by,) if isinstance(by, str) else tuple(by)
    money = content["unit"].startswith("元")
    versions = []
    if not content["values"] or not isinstance(content["values"], dict):
        raise PolicyError(f"政策“{key}”的values应写作“施行日期: 值”，至少一项。")
    for first, value in content["values"].items():
        if type(first) is not date:
            raise PolicyError(f"政策“{key}”的施行日期“{first}”应写作2019-09-01。")
        versions.append((first, _checked(key, value, len(by), money)))
    if [first for first, _ in versions] != sorted({first for first, _ in versions}):
        raise PolicyError(f"政策“{key}”的施行日期应由早到晚，不重复。")
    return PolicyEntry(
        key,
        content["title"],
        content["unit"],
        content["source"],
        by,
        tuple(versions),
        content.get("verified", True),
    )


def _checked(key: str, value: Any, depth: int, money: bool) -> Any:
    if isinstance(value, Mapping):
        if depth == 0:
            raise PolicyError(f"政策“{key}”的分档层数多于by所列。")
        return {str(name): _checked(key, below, depth - 1, money) for name, below in value.items()}
    if not isinstance(value, int | Decimal) and (money or not isinstance(value, str)):
        raise PolicyError(f"政策“{key}”的值“{value}”不是{'金额' if money else '数或文字'}。")
    if not money:
        return value
    fen = Decimal(value) * 100
    if fen != int(fen):
        raise PolicyError(f"政策“{key}”的金额{value}元不是整分。")
    return int(fen)
