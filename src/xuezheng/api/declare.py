"""The classes with which operations of the JSON interface are declared, and functions for their JSON Schemas."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from xuezheng.records.models import ApiToken, User

Scope = ApiToken.Scope
Schema = dict[str, Any]


class Refused(Exception):
    """The request is refused: ``status`` is the HTTP status, the message a Chinese sentence with the remedy."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Query:
    """A request for an operation: the user, and the parameters as texts by name.

    Parameters that are missing or empty have no key. An operation whose answer contains data of persons must
    call ``note(title, keys)``, which records in the access log that the user read the data of the persons
    with these primary keys; ``title`` is Chinese.
    """

    user: User
    params: Mapping[str, str]
    note: Callable[[str, set[int]], None]


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation: a part of the address where the path has its name in braces, else of the query string.

    ``title`` is its Chinese description; ``schema`` is its JSON Schema, by default that of a text.
    """

    name: str
    title: str
    example: str
    required: bool = False
    schema: Schema = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True)
class Operation:
    """An operation that programs may request.

    ``name`` identifies it, ``path`` is as in OpenAPI (``figures/{key}/``), relative to the base address of
    the interface; ``title`` and ``description`` are Chinese. ``scope`` is the ``ApiToken.Scope`` that a token
    needs, ``schema`` the JSON Schema of the answer, and ``answer`` computes the answer, a JSON-serializable
    value that may contain ``Decimal`` and ``date``.
    """

    name: str
    path: str
    title: str
    description: str
    scope: Any
    parameters: tuple[Parameter, ...]
    schema: Schema
    answer: Callable[[Query], Any]

    @property
    def route(self) -> str:
        """The path as Django's ``path()`` takes it, for example ``figures/<str:key>``."""
        return re.sub(r"\{(\w+)\}", r"<str:\1>", self.path)

    def is_in_path(self, parameter: Parameter) -> bool:
        """Whether a parameter is a part of the path rather than of the query string."""
        return f"{{{parameter.name}}}" in self.path


def text(title: str, *, format: str = "", nullable: bool = False) -> Schema:
    """Return the JSON Schema of a text with the Chinese description ``title``.

    ``format`` is "date" or "date-time" for a day or time, else ""; with ``nullable`` the value may be null.
    """
    schema: Schema = {"type": ["string", "null"] if nullable else "string", "description": title}
    return schema | ({"format": format} if format else {})


def integer(title: str) -> Schema:
    """Return the JSON Schema of an integer with the Chinese description ``title``."""
    return {"type": "integer", "description": title}


def number(title: str) -> Schema:
    """Return the JSON Schema of a number that is null where there is no data.

    ``title`` is its Chinese description.
    """
    return {"type": ["number", "null"], "description": title}


def texts(title: str) -> Schema:
    """Return the JSON Schema of an object that may have any keys and whose values are all texts.

    ``title`` is its Chinese description.
    """
    return {"type": "object", "description": title, "additionalProperties": {"type": "string"}}


def many(items: Schema, title: str = "") -> Schema:
    """Return the JSON Schema of a list whose elements have the schema ``items``.

    ``title`` is its Chinese description.
    """
    return {"type": "array", "items": items, **({"description": title} if title else {})}


def thing(**properties: Schema) -> Schema:
    """Return the JSON Schema of an object with the given properties, all of them required.

    Each keyword argument is the name of a property with its JSON Schema.
    """
    return {"type": "object", "properties": properties, "required": list(properties)}


def anything(title: str) -> Schema:
    """Return the JSON Schema of an object whose properties are not described.

    ``title`` is its Chinese description.
    """
    return {"type": "object", "description": title}
