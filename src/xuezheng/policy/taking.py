"""Adopting a pack: its changes are shown first; once adopted, its versions are in force."""

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
    """An entry whose versions would differ, before and after."""

    before: PolicyEntry
    after: PolicyEntry

    @property
    def gone(self) -> list[Version]:
        """The versions that would no longer be in force."""
        return [version for version in self.before.versions if version not in self.after.versions]

    @property
    def new(self) -> list[Version]:
        """The versions that would come into force."""
        return [version for version in self.after.versions if version not in self.before.versions]


def take(pack: Pack, user: User | None) -> TakenPack:
    """Adopt a pack; a bureau that has adopted none adopts its initial packs as well.

    Raises :class:`PolicyError` where the same content is in force already.
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
    """End an adopted pack, whose versions no longer apply; return the row that ends it.

    Raises :class:`PolicyError` for a pack that is not in force.
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
    """Adopt the given packs, else the initial ones, if none was adopted: so a later release changes nothing without a decision."""
    if kept.in_force():
        return
    with transaction.atomic():
        wait_in_line("policy")
        if not kept.in_force():
            for pack in packs or kept.beginning():
                _take(pack, None)


@read_once()
def changes(pack: Pack) -> list[Change]:
    """Return the entries that would differ if a pack were adopted."""
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
