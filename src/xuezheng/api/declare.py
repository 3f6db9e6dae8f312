"""How an operation of the interface for programs is declared."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from xuezheng.records.models import ApiToken, User

Scope = ApiToken.Scope
Schema = dict[str, Any]


class Refused(Exception):
    """A request that is refused: ``status`` is the HTTP status, the text a Chinese sentence with the remedy."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Query:
    """A query of an operation: its user and its parameters by name.

    ``note(title, keys)`` writes to the access log that the answer contains the persons with these keys.
    """

    user: User
    params: Mapping[str, str]
    note: Callable[[str, set[int]], None]


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation: a part of the address where the path has its name in braces, else of the query string.

    ``title`` is its Chinese description; ``schema`` is a JSON Schema.
    """

    name: str
    title: str
    example: str
    required: bool = False
    schema: Schema = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True)
class Operation:
    """An operation that programs may request.

    ``path`` is as in OpenAPI, below the interface's address; ``scope`` is the scope that a token needs; ``schema`` is the JSON Schema
    of the answer; ``answer`` computes the answer, a value that can be written as JSON.
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
        """The path in the form that Django's ``path()`` takes, as ``figures/<str:key>``."""
        return re.sub(r"\{(\w+)\}", r"<str:\1>", self.path)

    def is_in_path(self, parameter: Parameter) -> bool:
        """Whether a parameter is a part of the path rather than of the query string."""
        return f"{{{parameter.name}}}" in self.path


def text(title: str, *, format: str = "", nullable: bool = False) -> Schema:
    """Return the JSON Schema of a text; ``format`` is "date" or "date-time" for a text that is a date or a time."""
    schema: Schema = {"type": ["string", "null"] if nullable else "string", "description": title}
    return schema | ({"format": format} if format else {})


def integer(title: str) -> Schema:
    """Return the JSON Schema of an integer."""
    return {"type": "integer", "description": title}


def number(title: str) -> Schema:
    """Return the JSON Schema of a number that is null where there is no data."""
    return {"type": ["number", "null"], "description": title}


def texts(title: str) -> Schema:
    """Return the JSON Schema of an object whose values are all texts."""
    return {"type": "object", "description": title, "additionalProperties": {"type": "string"}}


def many(items: Schema, title: str = "") -> Schema:
    """Return the JSON Schema of a list of ``items``."""
    return {"type": "array", "items": items, **({"description": title} if title else {})}


def thing(**properties: Schema) -> Schema:
    """Return the JSON Schema of an object with these properties, all of them required."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def anything(title: str) -> Schema:
    """Return the JSON Schema of an object whose properties are not described."""
    return {"type": "object", "description": title}
