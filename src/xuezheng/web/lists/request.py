"""The query of a list, and its form in the address of the page.

Choices, dates, amounts, columns and the order are plain text in the address, so that it can be bookmarked.
Typed words may be a child's name, and addresses are kept in histories and logs: so words are encrypted in the
address, for one user only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from xuezheng.core.encryption import seal_text, unseal_text
from xuezheng.records.models import Record, User
from xuezheng.web.lists.columns import Column, columns_of
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.parameters import parse_number

#: The numbers of rows that a page may show; the first is the default.
SIZES = (30, 50, 100, 200)
#: The parameter of the words that may occur anywhere in a row.
ANYWHERE = "q"
#: The parameter of the filter by school, for every register whose rows belong to schools.
SCHOOL = "in_school"
#: The parameters of an address that are not filters of columns; no column may have such a key.
RESERVED = ("words", "columns", "sort", "page", "size", "pasted", "view", ANYWHERE, SCHOOL)
_PARTS = ("", ".from", ".to", ".missing")
LONGEST = 60
_MOST_VALUES = 100


@dataclass(frozen=True)
class ListQuery:
    """The query of a register's list; its texts come from the address and may be anything.

    ``chosen`` are the values by parameter of the filters: ``<column>``, ``<column>.from``, ``<column>.to``
    and ``<column>.missing``; ``words`` are the typed words by key of the column, or by ``ANYWHERE``.
    ``unread`` is True where the address has words that were not encrypted for this user and register.
    ``columns`` are keys of columns, empty for the user's default; ``sort`` is the key of a column, preceded
    by "-" for descending order. ``page`` counts from 1, ``size`` is rows per page; ``pasted`` is the token of
    a pasted column, ``view`` the key of a saved view, both "" for none.
    """

    model: type[Record]
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    sort: str = ""
    page: int = 1
    size: int = SIZES[0]
    pasted: str = ""
    view: str = ""
    unread: bool = False

    @classmethod
    def parse(cls, model: type[Record], params: QueryDict, user: User) -> Self:
        """Read the query from the parameters of an address, in which words are encrypted for ``user``."""
        encrypted = params.get("words", "")
        words = _decrypt_words(encrypted, model, user)
        return cls(model, words=words, unread=bool(encrypted) and not words, **_plain(model, params))

    @classmethod
    def from_form(cls, model: type[Record], params: QueryDict) -> Self:
        """Read the query from the form above the list, in which words are plain text in parameters ``words.<column>``."""
        words = {
            key: params[f"words.{key}"] for key in (ANYWHERE, *columns_of(model)) if f"words.{key}" in params
        }
        cleaned = {key: " ".join(str(text).split())[:LONGEST] for key, text in words.items()}
        return cls(model, words={key: text for key, text in cleaned.items() if text}, **_plain(model, params))

    def values(self, parameter: str) -> tuple[str, ...]:
        """Return the values of a filter's parameter, as ``<column>.from``; an empty tuple if it is not set."""
        return self.chosen.get(parameter, ())

    def value(self, parameter: str) -> str:
        """Return the first value of a filter's parameter; "" if it is not set."""
        return next(iter(self.values(parameter)), "")

    def but(self, **changes: Any) -> Self:
        """Return a copy of the query with the attributes in ``changes`` replaced.

        It is on page 1 unless ``page`` is among them, since the rows or their order may be others.
        """
        return replace(self, **{"page": 1, "unread": False, **changes})

    def without(self, keys: Iterable[str]) -> Self:
        """Return a copy without the filters whose parameters are ``keys`` (see :attr:`Condition.keys`)."""
        gone = {f"{key}{part}" for key in keys for part in _PARTS}
        chosen = {name: values for name, values in self.chosen.items() if name not in gone}
        return self.but(
            chosen=chosen, words={key: text for key, text in self.words.items() if key not in gone}
        )

    def sorted_by(self, column: Column) -> Self:
        """Return a copy sorted by a column: ascending, or descending if it is already sorted ascending by it."""
        return self.but(sort=f"-{column.key}" if self.sort == column.key else column.key)

    def query_string(self, user: User) -> str:
        """Return the query string of the address, without the "?", words encrypted for ``user``.

        "" where all values are the defaults.
        """
        pairs: list[tuple[str, str]] = [
            (name, value) for name, values in self.chosen.items() for value in values
        ]
        if self.words:
            pairs.append(("words", _encrypt_words(self.words, self.model, user)))
        plain = {
            "columns": ",".join(self.columns),
            "sort": self.sort,
            "size": "" if self.size == SIZES[0] else str(self.size),
            "pasted": self.pasted,
            "view": self.view,
            "page": "" if self.page == 1 else str(self.page),
        }
        return urlencode([*pairs, *((name, value) for name, value in plain.items() if value)])

    def address(self, user: User, page: str = "web:register") -> str:
        """Return the address of a page of the register with this query; ``page`` is the name of the URL pattern."""
        query = self.query_string(user)
        return reverse(page, args=[self.model.table_name()]) + (f"?{query}" if query else "")


def read_query(request: UserRequest, model: type[Record]) -> ListQuery:
    """Return the query of a register's list that the query string of a request has."""
    return ListQuery.parse(model, request.GET, request.user)


def _plain(model: type[Record], params: QueryDict) -> dict[str, Any]:
    columns = columns_of(model)
    names = (SCHOOL, *(f"{key}{part}" for key in columns for part in _PARTS))
    chosen = {
        name: tuple(value.strip() for value in params.getlist(name) if value.strip())
        for name in names
        if name in params
    }
    column_keys = params.get("columns", "").split(",")
    sort = params.get("sort", "")
    return {
        "chosen": {name: values[:_MOST_VALUES] for name, values in chosen.items() if values},
        "columns": tuple(dict.fromkeys(key for key in column_keys if key in columns)),
        "sort": sort if sort.removeprefix("-") in columns else "",
        "page": parse_number(params.get("page", "")) or 1,
        "size": size if (size := parse_number(params.get("size", ""))) in SIZES else SIZES[0],
        "pasted": params.get("pasted", "")[:LONGEST],
        "view": params.get("view", "")[:LONGEST],
    }


def _encrypt_words(words: Mapping[str, str], model: type[Record], user: User) -> str:
    return seal_text("words", [user.pk, model.table_name(), dict(words)])


def _decrypt_words(text: str, model: type[Record], user: User) -> dict[str, str]:
    """Return the words, by column, that were encrypted for this user and register; empty for anything else."""
    whose, register, words = unseal_text("words", text) or (None, None, {})
    return words if (whose, register) == (user.pk, model.table_name()) else {}
