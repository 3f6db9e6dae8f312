"""Code lists for rules: expressions that depend on the properties of a row's code, never on the code itself.

In these methods ``day`` and ``code`` are expressions of a table's columns (date and text), and the results
are expressions over all rows. A version of a code counts on the days on which it is in force.
"""

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
    """A code list from which a rule builds expressions on the properties of each row's code."""

    def __init__(self, known: CodeList) -> None:
        self._known = known

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes of the list, those that have ended included, in its order."""
        return tuple(self._known.codes)

    def only(self, code: str) -> RuleCodes:
        """Return the list reduced to one code, for short expressions.

        Raises ``KeyError`` for an unknown code.
        """
        return RuleCodes(replace(self._known, codes={code: self._known.codes[code]}))

    def having(self, day: ibis.Value, code: ibis.Value, name: str, value: Any = True) -> ibis.Value:
        """Return whether, on each row's ``day``, the row's ``code`` has the property ``name`` with ``value``.

        The result is never NULL. If the property is a list, it must contain ``value``. A code that is not in
        force on the day has no properties.
        """
        return self._when(day, code, lambda version: has(version, name, value))

    def stating(self, day: ibis.Value, code: ibis.Value, name: str) -> ibis.Value:
        """Return whether each row's ``code`` has the property ``name`` on its ``day``, whatever its value.

        The result is a boolean expression, never NULL.
        """
        return self._when(day, code, lambda version: name in version.properties)

    def allowing(self, day: ibis.Value, code: ibis.Value, name: str, value: ibis.Value) -> ibis.Value:
        """Return whether each row's ``code`` is in force on its ``day`` and compatible with its ``value``.

        A code with the property ``name``, such as ``stages: [primary, junior]``, is compatible with the
        values that it lists; one without the property is compatible with every value. The result is never
        NULL.
        """
        return self._when(
            day,
            code,
            lambda version: value.isin(members(version, name)) if name in version.properties else True,
        )

    def in_force(self, day: ibis.Value, code: ibis.Value) -> ibis.Value:
        """Return whether each row's ``code`` is one of the list and in force on the row's ``day``; never NULL."""
        return self._when(day, code, lambda version: True)

    def property(self, day: ibis.Value, code: ibis.Value, name: str) -> ibis.Value:
        """Return, as text, the value that each row's ``code`` has for the property ``name`` on its ``day``.

        The result is NULL if there is none. Of a list it is the first member.
        """
        return _first(
            (fits & (code == known.code), str(members(version, name)[0]))
            for known, version, fits in self._versions(day)
            if name in version.properties
        )

    def code_having(self, day: ibis.Value, name: str, value: Any = True) -> ibis.Value:
        """Return the first code of the list that, on each row's ``day``, has a property with ``value``.

        ``name`` is the property; one that is a list must contain the value. The result is NULL if no code has
        it.
        """
        return _first(
            (fits, known.code) for known, version, fits in self._versions(day) if has(version, name, value)
        )

    def values(self, name: str) -> set[Any]:
        """Return the set of all values that any version of any code has for the property ``name``.

        Members of lists count singly.
        """
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
