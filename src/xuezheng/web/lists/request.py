"""What a list is asked for, as it stands in the address of its page.

What is chosen (choices, days, amounts, columns, order) stands there plainly, so that an address can be kept. What is typed as
words may be a child's name, and an address is kept in histories and logs: so words stand there sealed, for one user only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from xuezheng.core.encryption import seal_text, unseal_text
from xuezheng.records.models import Record, User
from xuezheng.web.lists.columns import Column, columns_of

#: How many rows a page may show.
SIZES = (30, 50, 100, 200)
#: The key of the words that may stand anywhere in a row.
ANYWHERE = "q"
#: The school of a register with schools, whichever way leads there.
SCHOOL = "in_school"
#: What an address tells beside the conditions of columns.
RESERVED = ("words", "columns", "sort", "page", "size", "pasted", "view", ANYWHERE, SCHOOL)
_PARTS = ("", ".from", ".to", ".missing")
LONGEST = 60
_MOST_VALUES = 100


@dataclass(frozen=True)
class Asked:
    """What is asked of a register's list: nothing but texts, which may be anything that somebody typed.

    ``chosen`` are the parameters of conditions (``<column>``, ``<column>.from``, ``.to``, ``.missing``) with their values,
    ``words`` what is typed, by column; ``unread`` whether the address has words that were not sealed for this reader.
    ``columns`` are keys, none for those that the reader is used to.
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
    def of(cls, model: type[Record], told: QueryDict, user: User) -> Self:
        """Read an address."""
        sealed = told.get("words", "")
        words = _unsealed(sealed, model, user)
        return cls(model, words=words, unread=bool(sealed) and not words, **_plain(model, told))

    @classmethod
    def posted(cls, model: type[Record], told: QueryDict) -> Self:
        """Read the form above the list, in which words stand as they were typed."""
        words = {
            key: told[f"words.{key}"] for key in (ANYWHERE, *columns_of(model)) if f"words.{key}" in told
        }
        cleaned = {key: " ".join(text.split())[:LONGEST] for key, text in words.items()}
        return cls(model, words={key: text for key, text in cleaned.items() if text}, **_plain(model, told))

    def values(self, parameter: str) -> tuple[str, ...]:
        """The values of a parameter of a condition."""
        return self.chosen.get(parameter, ())

    def value(self, parameter: str) -> str:
        """The only value of a parameter, "" without one."""
        return next(iter(self.values(parameter)), "")

    def but(self, **changes: Any) -> Self:
        """The same with something else, from the first page on."""
        return replace(self, **{"page": 1, "unread": False, **changes})

    def without(self, keys: Iterable[str]) -> Self:
        """The same without the conditions of some columns."""
        gone = {f"{key}{part}" for key in keys for part in _PARTS}
        chosen = {name: values for name, values in self.chosen.items() if name not in gone}
        return self.but(chosen=chosen, words={key: it for key, it in self.words.items() if key not in gone})

    def sorted_by(self, column: Column) -> Self:
        """The same sorted by a column, the other way round if it is so already."""
        return self.but(sort=f"-{column.key}" if self.sort == column.key else column.key)

    def query(self, user: User) -> str:
        """What stands after the ? of its address; "" for a list of which nothing is asked."""
        told: list[tuple[str, str]] = [(name, it) for name, values in self.chosen.items() for it in values]
        if self.words:
            told.append(("words", _sealed(self.words, self.model, user)))
        plain = {
            "columns": ",".join(self.columns),
            "sort": self.sort,
            "size": "" if self.size == SIZES[0] else str(self.size),
            "pasted": self.pasted,
            "view": self.view,
            "page": "" if self.page == 1 else str(self.page),
        }
        return urlencode([*told, *((name, it) for name, it in plain.items() if it)])

    def address(self, user: User, page: str = "web:register") -> str:
        """The address of a page of the register that tells all this."""
        query = self.query(user)
        return reverse(page, args=[self.model.table_name()]) + (f"?{query}" if query else "")


def asked_of(request: HttpRequest, model: type[Record]) -> Asked:
    """What the address of a request asks for."""
    return Asked.of(model, request.GET, request.user)


def _plain(model: type[Record], told: QueryDict) -> dict[str, Any]:
    columns = columns_of(model)
    names = (SCHOOL, *(f"{key}{part}" for key in columns for part in _PARTS))
    found = {
        name: tuple(it.strip() for it in told.getlist(name) if it.strip()) for name in names if name in told
    }
    wanted = told.get("columns", "").split(",")
    sort = told.get("sort", "")
    return {
        "chosen": {name: values[:_MOST_VALUES] for name, values in found.items() if values},
        "columns": tuple(dict.fromkeys(key for key in wanted if key in columns)),
        "sort": sort if sort.removeprefix("-") in columns else "",
        "page": whole(told.get("page", "")) or 1,
        "size": size if (size := whole(told.get("size", ""))) in SIZES else SIZES[0],
        "pasted": told.get("pasted", "")[:LONGEST],
        "view": told.get("view", "")[:LONGEST],
    }


def whole(text: str) -> int:
    """The number that a parameter tells; 0 of anything else."""
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _sealed(words: Mapping[str, str], model: type[Record], user: User) -> str:
    return seal_text("words", [user.pk, model.table_name(), dict(words)])


def _unsealed(text: str, model: type[Record], user: User) -> dict[str, str]:
    """The words that were sealed for this user and register; none of anything else."""
    whose, register, words = unseal_text("words", text) or (None, None, {})
    return words if (whose, register) == (user.pk, model.table_name()) else {}
