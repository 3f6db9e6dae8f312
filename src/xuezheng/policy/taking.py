"""Adoption of policy packs: :func:`changes` shows what a pack would change, :func:`take` puts its versions in force."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction

from xuezheng.policy import kept
from xuezheng.policy.codes import code_entries, forget
from xuezheng.policy.current import entries, read_once, reading
from xuezheng.policy.declarations import PolicyError, all_code_lists, declaring, matter
from xuezheng.policy.entries import PolicyEntry, Version
from xuezheng.policy.models import TakenPack
from xuezheng.policy.packs import Pack
from xuezheng.records.bulk import wait_in_line
from xuezheng.records.models import User


@dataclass(frozen=True)
class Change:
    """A policy entry, or a code, whose versions would differ if a pack were adopted: the entry before and after.

    For a code that the pack adds or removes, ``before`` or ``after`` has no versions.
    """

    before: PolicyEntry
    after: PolicyEntry

    @property
    def gone(self) -> list[Version]:
        """The versions that would no longer be in force, in order of days."""
        return [version for version in self.before.versions if version not in self.after.versions]

    @property
    def new(self) -> list[Version]:
        """The versions that would come into force, in order of days."""
        return [version for version in self.after.versions if version not in self.before.versions]


def take(pack: Pack, user: User | None) -> TakenPack:
    """Adopt a policy pack, so that its values are in force, and return the row that records this.

    A bureau that has adopted none adopts the default packs of its district as well. ``user`` is None for an
    upgrade. Raises :class:`PolicyError` if the same content is already in force.
    """
    with transaction.atomic():
        wait_in_line("policy")
        if not kept.in_force():
            for beginning in kept.beginning():
                if beginning.code != pack.code:
                    _take(beginning, user)
        taken = TakenPack.objects.filter(code=pack.code).last()
        if taken and not taken.withdrawn and kept.holds(taken, pack):
            raise PolicyError(f"政策包“{pack.title}”（{pack.edition}）已经采用，没有变化。")
        return _take(pack, user)


def withdraw(code: str, user: User | None) -> TakenPack:
    """Put an adopted policy pack out of force and return the new row that records this.

    ``code`` is the code of the pack. Raises :class:`PolicyError` if no pack with this code is in force.
    """
    with transaction.atomic():
        wait_in_line("policy")
        taken = TakenPack.objects.filter(code=code).last()
        if taken is None or taken.withdrawn:
            raise PolicyError(f"没有采用政策包“{code}”。")
        ended = TakenPack.objects.create(
            code=code,
            title=taken.title,
            level=taken.level,
            edition=taken.edition,
            content={},
            withdrawn=True,
            taken_by=user,
        )
    forget()
    return ended


def _take(pack: Pack, user: User | None) -> TakenPack:
    forget()
    return TakenPack.objects.create(
        code=pack.code, title=pack.title, level=pack.level, edition=pack.edition,
        content=kept.write_content(pack), taken_by=user,
    )  # fmt: skip


def pin_beginning(packs: Collection[Pack] = ()) -> None:
    """Adopt ``packs`` or, if none are given, the default packs of the district; does nothing if any pack is adopted.

    Called when a snapshot is made, so that the packs of a later release change nothing until somebody adopts
    them.
    """
    if kept.in_force():
        return
    with transaction.atomic():
        wait_in_line("policy")
        if not kept.in_force():
            for pack in packs or kept.beginning():
                _take(pack, None)


@read_once()
def changes(pack: Pack) -> list[Change]:
    """Return the policy entries and codes whose versions would differ if ``pack`` were adopted."""
    return list(_differences(kept.lines_with(pack)))


def _differences(lines: tuple[Mapping[str, tuple[Version, ...]], ...]) -> Iterator[Change]:
    for area in declaring():
        before = entries(area)
        with reading(lines):
            after = entries(area)
        for name, entry in before.items():
            if entry.versions != after[name].versions:
                yield Change(entry, after[name])
    for key in all_code_lists():
        known = code_entries(key)
        with reading(lines):
            later = code_entries(key)
        for code in {**known, **later}:
            nothing = PolicyEntry.of(matter(f"{key}.{code}"), ())
            change = Change(known.get(code, nothing), later.get(code, nothing))
            if change.before.versions != change.after.versions:
                yield change
