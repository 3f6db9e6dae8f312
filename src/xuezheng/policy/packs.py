"""Policy packs: the policy values of one level with dates and sources, shipped with a release in ``xuezheng/packs``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.db import models

from xuezheng import __version__
from xuezheng.policy.declarations import (
    CodeMatter,
    Matter,
    PolicyError,
    declaring,
    declaring_folder,
    load_yaml,
    matter,
    read_day,
)
from xuezheng.policy.entries import Version

START = "start"
#: The packs whose values were part of the program before there were packs: an upgrade adopts them.
_FORMER = (START, "national", "anhui", "huizhou-2019")
#: The versions of policy that one level (such as the province) sets: by the key of their matter (``aid.boarder``).
Line = Mapping[str, tuple[Version, ...]]
FOLDER = Path(__file__).parents[1] / "packs"
_GRADES = ("A", "B", "C", "D")


class Level(models.IntegerChoices):
    """The level of government that sets a pack's values.

    Of two values in force on the same day the higher level's applies.
    """

    START = 0, "起步设置"
    NATIONAL = 1, "国家"
    PROVINCE = 2, "省"
    CITY = 3, "市"
    COUNTY = 4, "县（区）"


@dataclass(frozen=True)
class Pack:
    """A policy pack: the policy values that one level of government sets, as a release ships them.

    ``versions`` maps the key of each matter (``aid.boarder``) to its versions in order of days. ``division``
    is the beginning of the division codes to which the pack applies, "" for all; ``edition`` is a text shown
    to users.
    """

    code: str
    title: str
    level: Level
    division: str
    edition: str
    versions: Line


@cache
def shipped() -> dict[str, Pack]:
    """Return the packs of this release by code, from the lowest level to the highest.

    Raises :class:`PolicyError` if one is invalid.
    """
    packs = [read_pack(folder) for folder in FOLDER.iterdir() if (folder / "pack.yaml").exists()]
    return {
        pack.code: pack for pack in (start_pack(), *sorted(packs, key=lambda pack: (pack.level, pack.code)))
    }


def formerly_in_the_program() -> list[Pack]:
    """Return the packs of this release whose values were part of the program code before packs existed.

    They are in order of level, the lowest first. An upgrade from such a release adopts them.
    """
    return [shipped()[code] for code in _FORMER]


def start_pack() -> Pack:
    """Return a pack of level ``START`` with the initial values in the areas' ``start.yaml``.

    They are values of matters that no document prescribes, and that a bureau may replace by its own.
    """
    files = {area: declaring_folder(area) / "start.yaml" for area in declaring()}
    present = [(area, path) for area, path in files.items() if path.exists()]
    level = _level(START, START)
    return Pack(START, level.label, level, "", __version__, _read_files(present, START))


def read_pack(folder: Path) -> Pack:
    """Read a pack from its folder; raises :class:`PolicyError` if a file is invalid.

    The folder has ``pack.yaml`` (title, level, edition, perhaps division), a YAML file of values for each
    area, named after it, and in the subfolder ``codes`` the same for codes of code lists.
    """
    about = load_yaml((folder / "pack.yaml").read_text("utf-8"), f"政策包{folder.name}的pack.yaml")
    if missing := {"title", "level", "edition"} - about.keys():
        raise PolicyError(f"政策包{folder.name}的pack.yaml缺少：{'、'.join(sorted(missing))}。")
    paths = [*sorted(folder.glob("*.yaml")), *sorted(folder.glob("codes/*.yaml"))]
    files = [(path.stem, path) for path in paths if path.name != "pack.yaml"]
    return Pack(
        folder.name,
        about["title"],
        _level(folder.name, about["level"]),
        str(about.get("division", "")),
        str(about["edition"]),
        _read_files(files, folder.name),
    )


def _read_files(files: Iterable[tuple[str, Path]], pack: str) -> dict[str, tuple[Version, ...]]:
    versions: dict[str, tuple[Version, ...]] = {}
    for area, path in files:
        content = load_yaml(path.read_text("utf-8"), f"政策包{pack}的{path.name}")
        for place, (name, written) in enumerate(content.items()):
            known = matter(f"{area}.{name}")
            if known.key in versions:
                raise PolicyError(f"政策包{pack}里，“{known.key}”写在了两个文件中。")
            read = read_versions(known, written, pack)
            versions[known.key] = (
                tuple(_placed(version, place) for version in read) if isinstance(known, CodeMatter) else read
            )
    return versions


def _placed(version: Version, place: int) -> Version:
    """Note the place of a code in its file: databases do not keep the order of names."""
    return version if version.value is None else replace(version, value={"place": place, **version.value})


def read_versions(known: Matter, content: Any, pack: str) -> tuple[Version, ...]:
    """Return the versions of one matter, in order of days, from the list in a pack's file.

    ``content`` is a list of dicts with ``from``, ``value``, ``source``, ``grade`` and perhaps ``published``;
    ``pack`` is the pack's code. Raises :class:`PolicyError` if the list is empty, an item is invalid, or the
    days are not ascending.
    """
    if not isinstance(content, list) or not content:
        raise PolicyError(f"政策“{known.key}”应写作若干“- from: 施行时间”，至少一项。")
    versions = tuple(_version(known, written, pack) for written in content)
    days = [version.first for version in versions]
    if days != sorted(set(days)):
        raise PolicyError(f"政策“{known.key}”的施行日期应由早到晚，不重复。")
    return versions


def _version(known: Matter, written: Any, pack: str) -> Version:
    if not isinstance(written, Mapping):
        raise PolicyError(f"政策“{known.key}”应写作若干“- from: 施行时间”。")
    if missing := {"from", "value", "source", "grade"} - written.keys():
        raise PolicyError(f"政策“{known.key}”缺少：{'、'.join(sorted(missing))}。")
    if unknown := written.keys() - {"from", "value", "source", "grade", "published"}:
        raise PolicyError(f"政策“{known.key}”里无法识别：{'、'.join(sorted(map(str, unknown)))}。")
    published = written.get("published")
    if published is not None and type(published) is not date:
        raise PolicyError(f"政策“{known.key}”的发布日期“{published}”应写作2019-09-01。")
    if written["grade"] not in _GRADES:
        raise PolicyError(f"政策“{known.key}”的grade应为A、B、C、D之一。")
    value = None if written["value"] is None else known.check(written["value"])
    return Version(
        read_day(known.key, written["from"]), value, str(written["source"]), written["grade"], published, pack
    )


def _level(code: str, name: Any) -> Level:
    try:
        return Level(dict(zip(Level.names, Level.values, strict=True))[str(name).upper()])
    except KeyError:
        raise PolicyError(f"政策包{code}的level应为national、province、city、county之一。") from None


def for_division(division: str) -> list[str]:
    """Return the codes of the shipped packs that apply to a division code by default, the lowest level first.

    They are those below county level whose area includes the division.
    """
    return [
        pack.code
        for pack in shipped().values()
        if pack.level < Level.COUNTY and division.startswith(pack.division)
    ]


def merge(levels: Iterable[Iterable[Version]]) -> tuple[Version, ...]:
    """Merge the versions of one matter at several levels into one sequence in order of days.

    ``levels`` are given from the lowest to the highest. On each day the highest level that has a value
    applies. A version with the value None ends its level's value; a merged version has the value None where
    no level has a value.
    """
    lines = [sorted(versions, key=lambda version: version.first) for versions in levels]
    merged: list[Version] = []
    for day in sorted({version.first for line in lines for version in line}):
        current = next(filter(None, (_on(line, day) for line in reversed(lines))), None)
        if current is None:
            if merged and merged[-1].value is not None:
                merged.append(Version(day, None, "", "A"))
        elif not merged or merged[-1].starting(current.first) != current:
            merged.append(current.starting(day))
    return tuple(merged)


def _on(line: list[Version], day: date) -> Version | None:
    """The version of one level in force on a day; None where there is none or it has no value."""
    latest = next((version for version in reversed(line) if version.first <= day), None)
    return None if latest is None or latest.value is None else latest
