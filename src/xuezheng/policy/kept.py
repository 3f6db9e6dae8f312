"""The versions of policy that the database holds, as lines of levels: taken packs, then what the bureau decided itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from xuezheng.policy.entries import Version, from_json, to_json
from xuezheng.policy.models import LocalVersion, TakenPack
from xuezheng.policy.packs import Pack, for_division, shipped
from xuezheng.records.models import District

#: Whose a version is that the bureau decided itself.
BUREAU = "本局"


Line = Mapping[str, tuple[Version, ...]]


def lines() -> tuple[Line, ...]:
    """Return the dated values by key of each level, the lowest first."""
    return (*_pack_lines().values(), _own_line())


def lines_with(pack: Pack) -> tuple[Line, ...]:
    """Return the dated values as they would be if a pack were taken."""
    packs = {**_pack_lines(), (int(pack.level), pack.code): pack.versions}
    return (*(packs[place] for place in sorted(packs)), _own_line())


def _pack_lines() -> dict[tuple[int, str], Line]:
    """The dated values of each pack by level and code: those taken, or those with which a bureau begins."""
    if taken := in_force():
        return {(pack.level, pack.code): _content(pack.pk, pack.taken_at) for pack in taken}
    return {(int(pack.level), pack.code): pack.versions for pack in beginning()}


def _own_line() -> Line:
    own: dict[str, tuple[Version, ...]] = {}
    for version in LocalVersion.objects.filter(state=LocalVersion.State.APPROVED).order_by("key", "first"):
        own[version.key] = (*own.get(version.key, ()), as_version(version))
    return own


def in_force() -> list[TakenPack]:
    """Return the taken packs that are in force, without their contents, the lowest level first."""
    latest = {pack.code: pack for pack in TakenPack.objects.defer("content").order_by("pk")}
    return sorted(
        (pack for pack in latest.values() if not pack.withdrawn), key=lambda pack: (pack.level, pack.code)
    )


def beginning() -> list[Pack]:
    """Return the packs with which a bureau begins that has taken none: those of the release that hold for its division."""
    division = District.objects.values_list("code", flat=True).first() or ""
    return [shipped()[code] for code in for_division(division)]


@lru_cache(maxsize=32)
def _content(key: int, taken_at: datetime) -> Line:
    """The dated values of a pack that was taken: a row never changes, so its key and its time tell it from any other."""
    return read_content(TakenPack.objects.get(pk=key, taken_at=taken_at).content)


def write_content(pack: Pack) -> dict[str, Any]:
    """Return the dated values of a pack as JSON."""
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
    """Return dated values as :func:`write_content` wrote them."""
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
    """Return a version of the bureau's own as entries know it."""
    return Version(local.first, from_json(local.value), local.source, "A", local.published_on, BUREAU)
