"""The versions of policy in the database, by level: first those of adopted packs, then the bureau's own.

In this module a *line* is the versions of one level: a mapping from the key of a matter to its versions
(:data:`xuezheng.policy.packs.Line`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection, models

from xuezheng.core.database_url import is_missing
from xuezheng.policy.declarations import all_code_lists
from xuezheng.policy.entries import Check, Version, from_json, to_json
from xuezheng.policy.models import LocalVersion, SourceCheck, TakenPack
from xuezheng.policy.packs import Line, Pack, for_division, formerly_in_the_program, shipped
from xuezheng.records.models import District

#: Stands for the code of the pack in versions of policy that the bureau set itself.
BUREAU = "本局"
_tables_present: set[str] = set()


def lines() -> tuple[Line, ...]:
    """Return the versions of policy in force, level by level, the lowest level first; the last is the bureau's own.

    Each item maps the keys of matters (``aid.boarder``) to their versions in order of days. If no pack was
    adopted, the packs that apply to the district by default are used. A database of a release that had its
    policy in program code, not upgraded yet, is read with the packs that the upgrade will adopt.
    """
    if not _is_present(TakenPack):
        return tuple(pack.versions for pack in formerly_in_the_program())
    return _with_checks(_with_lists(_pack_lines()))


def _is_present(model: type[models.Model]) -> bool:
    """Return whether the database has a model's table; one not upgraded yet may not. Once it has, it is not looked at again."""
    table = model._meta.db_table
    if is_missing(connection):
        return False
    if table not in _tables_present and table in connection.introspection.table_names():
        _tables_present.add(table)
    return table in _tables_present


def lines_with(pack: Pack) -> tuple[Line, ...]:
    """Return the versions in force of each level, as they would be if ``pack`` were adopted; nothing is stored.

    A level is a pack in use (of the country, the province, the city, the county) or the bureau's own
    settings; each is a dict of versions by the key of the policy entry, the lowest level first.
    """
    packs = {**_pack_lines(), (int(pack.level), pack.code): pack.versions}
    return _with_checks(_with_lists({place: packs[place] for place in sorted(packs)}))


def _with_lists(packs: Mapping[tuple[int, str], Line]) -> tuple[Line, ...]:
    """Return the lines of packs and of the bureau; below them, code lists of this release of which no adopted pack has a code.

    A bureau that adopted its packs when a list was part of the program so goes on reading the list, until it adopts a pack that has it.
    """
    levels = (*packs.values(), _own_line())
    given = {key.rpartition(".")[0] for line in packs.values() for key in line}
    missing = frozenset(all_code_lists().keys() - given)
    return (*_lists_of(missing, tuple(pack.code for pack in beginning())), *levels) if missing else levels


@lru_cache(maxsize=32)
def _lists_of(keys: frozenset[str], packs: tuple[str, ...]) -> tuple[Line, ...]:
    """The codes of some lists in packs of this release, the lowest level first."""
    return tuple(
        {
            key: versions
            for key, versions in shipped()[pack].versions.items()
            if key.rpartition(".")[0] in keys
        }
        for pack in packs
    )


def _with_checks(lines_: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines with the recorded checks of their versions."""
    checks = latest_checks() if _is_present(SourceCheck) else {}
    keys = {key for key, *_ in checks}

    def checked(key: str, version: Version) -> Version:
        check = checks.get((key, version.pack, version.first))
        if check is None or check.content != content_of(version):
            return version
        return replace(version, check=Check(str(check.checked_by), check.checked_on, check.document))

    return tuple(
        {
            key: tuple(checked(key, version) for version in versions) if key in keys else versions
            for key, versions in line.items()
        }
        if keys & line.keys()
        else line
        for line in lines_
    )


def latest_checks() -> dict[tuple[str, str, date], SourceCheck]:
    """Return the source checks that are in force: the latest of each version of policy, unless it is withdrawn.

    The keys are (matter key, pack code, first day of the version).
    """
    latest = {
        (check.key, check.pack, check.first): check
        for check in SourceCheck.objects.select_related("checked_by").order_by("pk")
    }
    return {place: check for place, check in latest.items() if not check.withdrawn}


def content_of(version: Version) -> dict[str, Any]:
    """Return the part of a version that a source check confirms, JSON-serialisable: a dict of ``value`` and ``source``."""
    return {"value": to_json(version.value), "source": version.source}


def _pack_lines() -> dict[tuple[int, str], Line]:
    """The versions of each pack by level and code: the adopted packs, or the initial ones where none was adopted."""
    if taken := in_force():
        return {(pack.level, pack.code): _content(pack.pk, pack.taken_at) for pack in taken}
    return {(int(pack.level), pack.code): pack.versions for pack in beginning()}


def _own_line() -> Line:
    own: dict[str, tuple[Version, ...]] = {}
    for version in LocalVersion.objects.filter(state=LocalVersion.State.APPROVED).order_by("key", "first"):
        own[version.key] = (*own.get(version.key, ()), as_version(version))
    return own


def in_force() -> list[TakenPack]:
    """Return the rows of the adopted policy packs that are in force, the lowest level first; ``content`` is deferred.

    Of several rows of a pack the latest counts; a pack that was put out of force is left out.
    """
    latest = {pack.code: pack for pack in TakenPack.objects.defer("content").order_by("pk")}
    return sorted(
        (pack for pack in latest.values() if not pack.withdrawn), key=lambda pack: (pack.level, pack.code)
    )


def beginning() -> list[Pack]:
    """Return the policy packs that apply to a bureau that has adopted none, the lowest level first.

    They are those of this release that apply to its district, without county packs.
    """
    division = District.objects.values_list("code", flat=True).first() or ""
    return [shipped()[code] for code in for_division(division)]


@lru_cache(maxsize=32)
def _content(key: int, taken_at: datetime) -> Line:
    """The versions of an adopted pack; cached, since a row never changes, and its key and time identify it."""
    return read_content(TakenPack.objects.get(pk=key, taken_at=taken_at).content)


def holds(taken: TakenPack, pack: Pack) -> bool:
    """Return whether the content of an adopted pack (a row) equals that of ``pack``, a pack of this release."""
    return bool(taken.content == write_content(pack))


def write_content(pack: Pack) -> dict[str, Any]:
    """Return the versions of a pack in JSON-serialisable form, as :attr:`TakenPack.content` stores them.

    It is a dict from the key of a matter to a list of dicts, one for each version in order of days, with
    ``first``, ``value``, ``source``, ``grade``, ``published_on`` (ISO text or None) and ``pack``.
    """
    return {
        key: [
            {
                "first": str(version.first),
                "value": to_json(version.value),
                "source": version.source,
                "grade": version.grade,
                "published_on": str(version.published_on) if version.published_on else None,
                "pack": pack.code,
            }
            for version in versions
        ]
        for key, versions in pack.versions.items()
    }


def read_content(content: Mapping[str, Any]) -> dict[str, tuple[Version, ...]]:
    """Return the versions in the content of an adopted pack, by the key of their matter.

    ``content`` is a dict that :func:`write_content` returned.
    """
    return {
        key: tuple(
            Version(
                date.fromisoformat(written["first"]),
                from_json(written["value"]),
                written["source"],
                written["grade"],
                date.fromisoformat(written["published_on"]) if written["published_on"] else None,
                written["pack"],
            )
            for written in versions
        )
        for key, versions in content.items()
    }


def as_version(local: LocalVersion) -> Version:
    """Return a row of the bureau's own versions as a :class:`Version` of grade A and pack 本局."""
    return Version(local.first, from_json(local.value), local.source, "A", local.published_on, BUREAU)
