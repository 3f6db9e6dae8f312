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
    """A request that is refused; the text is a Chinese sentence with the remedy."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Query:
    """A query: by whom, with which parameters; ``note`` records in the access log the persons in the answer."""

    user: User
    params: Mapping[str, str]
    note: Callable[[str, set[int]], None]


@dataclass(frozen=True)
class Parameter:
    """A parameter: a part of the address where the path has it in braces, else of the query string."""

    name: str
    title: str
    example: str
    required: bool = False
    schema: Schema = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True)
class Operation:
    """One thing that programs may request. ``path`` is as in OpenAPI, below the interface's address."""

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
        """The address as Django's ``path`` takes it."""
        return re.sub(r"\{(\w+)\}", r"<str:\1>", self.path)

    def is_in_path(self, parameter: Parameter) -> bool:
        """Whether a parameter is a part of the address."""
        return f"{{{parameter.name}}}" in self.path


def text(title: str, *, format: str = "", nullable: bool = False) -> Schema:
    """A text; a day or moment by ``format``."""
    schema: Schema = {"type": ["string", "null"] if nullable else "string", "description": title}
    return schema | ({"format": format} if format else {})


def integer(title: str) -> Schema:
    """A whole number."""
    return {"type": "integer", "description": title}


def number(title: str) -> Schema:
    """A number, or none where there is no data."""
    return {"type": ["number", "null"], "description": title}


def texts(title: str) -> Schema:
    """Texts by name."""
    return {"type": "object", "description": title, "additionalProperties": {"type": "string"}}


def many(items: Schema, title: str = "") -> Schema:
    """A list."""
    return {"type": "array", "items": items, **({"description": title} if title else {})}


def thing(**properties: Schema) -> Schema:
    """An object that has all of its properties."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def anything(title: str) -> Schema:
    """An object whose properties are not described here."""
    return {"type": "object", "description": title}
