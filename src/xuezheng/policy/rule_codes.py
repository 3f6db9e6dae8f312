"""Code lists as rules query them: whether a row's code has a property, never which code it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

import ibis

from xuezheng.records.code_lists import Code, CodeList, CodeVersion, has, members


class RuleCodes:
    """A code list, queried for properties of the codes of all rows at once."""

    def __init__(self, known: CodeList) -> None:
        self._known = known

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes of the list, in its order."""
        return tuple(self._known.codes)

    def only(self, code: str) -> RuleCodes:
        """Return the list with one of its codes alone: whose expressions are as short as they can be."""
        return RuleCodes(replace(self._known, codes={code: self._known.codes[code]}))

    def having(self, day: ibis.Value, code: ibis.Value, name: str, value: Any = True) -> ibis.Value:
        """Return whether each row's ``code`` has a property on the row's ``day``, as an expression over all rows.

        ``value`` is that of the property, or a member of it where it is a list. A code that had ended by then has no properties.
        """
        return self._when(day, code, lambda version: has(version, name, value))

    def stating(self, day: ibis.Value, code: ibis.Value, name: str) -> ibis.Value:
        """Return whether each row's ``code`` says anything of a property on the row's ``day``, whatever its value."""
        return self._when(day, code, lambda version: name in version.properties)

    def allowing(self, day: ibis.Value, code: ibis.Value, name: str, value: ibis.Value) -> ibis.Value:
        """Return whether each row's ``code``, in force on its ``day``, leaves a property open or states the row's ``value``."""
        return self._when(
            day,
            code,
            lambda version: value.isin(members(version, name)) if name in version.properties else True,
        )

    def in_force(self, day: ibis.Value, code: ibis.Value) -> ibis.Value:
        """Return whether each row's ``code`` is in force on the row's ``day``."""
        return self._when(day, code, lambda version: True)

    def property(self, day: ibis.Value, code: ibis.Value, name: str) -> ibis.Value:
        """Return the first value that each row's ``code`` states for a property on its ``day``; NULL where it states none."""
        return _first(
            (fits & (code == known.code), str(members(version, name)[0]))
            for known, version, fits in self._versions(day)
            if name in version.properties
        )

    def code_having(self, day: ibis.Value, name: str, value: Any = True) -> ibis.Value:
        """Return the first code of the list that has a property on each row's ``day``; NULL where none has it."""
        return _first(
            (fits, known.code) for known, version, fits in self._versions(day) if has(version, name, value)
        )

    def values(self, name: str) -> set[Any]:
        """Return the values that any code states for a property at any time."""
        versions = (version for known in self._known.codes.values() for version in known.versions)
        return {value for version in versions for value in members(version, name)}

    def _versions(self, day: ibis.Value) -> Iterator[tuple[Code, CodeVersion, ibis.Value]]:
        """Yield each version of each code, unless it ends the code, with the condition that it is in force on each row's day."""
        for known in self._known.codes.values():
            ends = [*(version.first for version in known.versions[1:]), date.max]
            for version, end in zip(known.versions, ends, strict=True):
                if not version.ended:
                    begun = day >= ibis.date(version.first)
                    yield known, version, begun if end == date.max else begun & (day < ibis.date(end))

    def _when(
        self, day: ibis.Value, code: ibis.Value, fits: Callable[[CodeVersion], bool | ibis.Value]
    ) -> ibis.Value:
        conditions = [ibis.literal(False)]
        for known, version, current in self._versions(day):
            test = fits(version)
            if test is not False:
                condition = (code == known.code) & current
                conditions.append(condition if test is True else condition & test)
        return reduce(or_, conditions).fill_null(False)


def _first(branches: Iterable[tuple[ibis.Value, str]]) -> ibis.Value:
    """Return the text of the first branch whose condition is true for each row, NULL where none is."""
    cases = list(branches)
    return ibis.cases(*cases) if cases else ibis.null("string")
