"""Code lists as rules ask them: whether a row's code has a property, never which code it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

import ibis

from xuezheng.records.code_lists import CodeList, CodeVersion, has


class RuleCodes:
    """A code list, asked for properties of the codes of all rows at once."""

    def __init__(self, known: CodeList) -> None:
        self._known = known

    def having(self, day: ibis.Value, code: ibis.Value, name: str, value: Any = True) -> ibis.Value:
        """Return whether each row's ``code`` has a property on the row's ``day``, as an expression over all rows.

        ``value`` is that of the property, or a member of it where it is a list. A code that had ended by then has no properties.
        """
        return self._when(day, code, lambda version: has(version, name, value))

    def stating(self, day: ibis.Value, code: ibis.Value, name: str) -> ibis.Value:
        """Return whether each row's ``code`` says anything of a property on the row's ``day``, whatever its value."""
        return self._when(day, code, lambda version: name in version.properties)

    def in_force(self, day: ibis.Value, code: ibis.Value) -> ibis.Value:
        """Return whether each row's ``code`` is in force on the row's ``day``."""
        return self._when(day, code, lambda version: True)

    def _when(self, day: ibis.Value, code: ibis.Value, fits: Callable[[CodeVersion], bool]) -> ibis.Value:
        conditions = [ibis.literal(False)]
        for known in self._known.codes.values():
            ends = [*(version.first for version in known.versions[1:]), date.max]
            for version, end in zip(known.versions, ends, strict=True):
                if not version.ended and fits(version):
                    condition = (code == known.code) & (day >= ibis.date(version.first))
                    conditions.append(condition if end == date.max else condition & (day < ibis.date(end)))
        return reduce(or_, conditions).fill_null(False)
