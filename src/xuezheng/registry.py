"""Finds the areas' declarations. The folder is the registration: nothing is listed anywhere else.

A declaration is a module-level value in the right file of an area's folder: figures in ``figures.py``, sheets in ``workbook.py``, rule columns in
``rules.py``, projections in ``projections.py``. Kinds of background jobs (``jobs.py``), rows that are written once (``chained.py``) and checks of the
doctor (``doctor.py``) are declared by areas and by the packages of the engine alike.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import os
import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TypeVar

import xuezheng

AREAS = "xuezheng.areas"

Declared = TypeVar("Declared", bound="Declaration")


@dataclass(frozen=True)
class Area:
    """An area: its Chinese ``title``, the ``section`` (股室) responsible for it, and its ``order`` in lists, small numbers first."""

    title: str
    section: str
    order: int = 50


class Declaration:
    """A declaration in one of an area's files; ``area`` and ``name`` are set when it is found."""

    area: str = ""
    name: str = ""

    @property
    def key(self) -> str:
        """The declaration's path, ``<area>.<name>``."""
        return f"{self.area}.{self.name}"


class Unknown(LookupError):
    """A key without a declaration; the text is a Chinese sentence that suggests similar keys."""

    def __init__(self, kind: str, key: str, known: Iterable[str]) -> None:
        known = list(known)
        near = difflib.get_close_matches(key, known, n=3, cutoff=0.5) or known[:3]
        super().__init__(f"没有{kind}“{key}”。相近的有：{'、'.join(near) or '（无）'}。")


def _package() -> ModuleType:
    package = importlib.import_module(AREAS)
    further = os.environ.get("XUEZHENG_AREAS_PATH")
    if further and further not in package.__path__:
        package.__path__.append(further)
    return package


@cache
def areas() -> dict[str, Area]:
    """Return every area by name (the name of its folder), in order of its place in lists."""
    found = {
        module.name: importlib.import_module(f"{AREAS}.{module.name}").AREA
        for module in pkgutil.iter_modules(_package().__path__)
        if module.ispkg
    }
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def area_packages() -> list[str]:
    """Return the areas' packages, for Django's list of installed apps."""
    return [f"{AREAS}.{name}" for name in areas()]


def folder(area: str) -> Path:
    """Return the folder of an area."""
    return Path(importlib.import_module(f"{AREAS}.{area}").__path__[0])


def modules(file: str) -> dict[str, ModuleType]:
    """Import ``file`` (such as ``pages``) of every area that has one; keys are the areas' names."""
    names = {area: f"{AREAS}.{area}.{file}" for area in areas()}
    return {
        area: importlib.import_module(name) for area, name in names.items() if importlib.util.find_spec(name)
    }


def declared(file: str, kind: type[Declared]) -> list[Declared]:
    """Return the declarations of a type, subclasses included, in a file of the areas such as ``figures``, in order."""
    return [value for value in _values(file) if isinstance(value, kind)]


def find_declared(file: str, key: str, kind: str) -> Declaration:
    """Return the areas' declaration with a key in a file; raises :class:`Unknown`, in which ``kind`` is its Chinese name."""
    known = _by_key(file)
    try:
        return known[key]
    except KeyError:
        raise Unknown(kind, key, known) from None


@cache
def _by_key(file: str) -> dict[str, Declaration]:
    return {value.key: value for value in _values(file)}


@cache
def _values(file: str) -> list[Declaration]:
    values = []
    for area, module in modules(file).items():
        for name, value in vars(module).items():
            if isinstance(value, Declaration):
                value.area, value.name = area, name
                values.append(value)
    return values


def declared_anywhere(file: str, kind: type[Declared]) -> list[Declared]:
    """Return the values of a type that packages of the engine, and then areas, declare in a file such as ``jobs``."""
    packages = [package.name for package in pkgutil.iter_modules(xuezheng.__path__) if package.ispkg]
    names = [
        name
        for name in (f"xuezheng.{package}.{file}" for package in packages)
        if importlib.util.find_spec(name)
    ]
    files = (*map(importlib.import_module, names), *modules(file).values())
    return [value for module in files for value in vars(module).values() if isinstance(value, kind)]
