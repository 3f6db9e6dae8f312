"""The steps of a draw: fix the list, enter the seed, confirm it as a second person, send back, revoke."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from xuezheng.areas.enrolment.models import Draw, DrawStep
from xuezheng.areas.enrolment.procedures.lists import hash_of
from xuezheng.areas.enrolment.procedures.programme import divide, draw
from xuezheng.records.models import ChainLink, User
from xuezheng.records.permissions import may

State: Any = Draw.State  # without types of its own, Django's choices look like tuples
_SEED = re.compile(r"[0-9]{3,60}")


class DrawRefused(Exception):
    """A step of a draw cannot be taken, and nothing was changed.

    The text is a Chinese sentence for the user.
    """


@transaction.atomic
def fix(draft: Draw, listing: str, user: User) -> Draw:
    """Store a new draw with its list; from then on list, number of places and rules cannot be changed.

    ``draft`` is an unsaved draw, ``listing`` its list as text with a line per child. Raises
    :class:`DrawRefused` if the user has no permission, or ``draft.seed_on`` is not after today. Returns the
    draw.
    """
    _refuse_strangers(user)
    if draft.seed_on <= timezone.localdate():
        raise DrawRefused("种子数要等名单固定以后的某一天才产生，“产生日期”须晚于今天。请改填以后的日期。")
    draft.listing, draft.list_hash, draft.count = listing, hash_of(listing), listing.count("\n")
    draft.state, draft.fixed_by = State.FIXED, user
    draft.save()
    _record(draft, "", user, draft.list_hash)
    return draft


@transaction.atomic
def enter_seed(pk: int, seed: str, user: User, today: date) -> None:
    """Enter the seed, a string of 3 to 60 digits, of the draw with the primary key ``pk``.

    Raises :class:`DrawRefused` if the user has no permission, ``today`` is before the day on which the seed
    is produced, ``seed`` has another form, or the draw is not in the state "fixed".
    """
    row = _get(pk)
    _refuse_strangers(user)
    if today < row.seed_on:
        raise DrawRefused(f"种子数在{row.seed_on}才产生，现在还不能录入。")
    _move(row, State.FIXED, State.SEEDED, user, f"种子数{_checked(seed)}", seed=seed, seeded_by=user)


@transaction.atomic
def confirm(pk: int, seed: str, user: User) -> None:
    """Enter the seed again, by another user than the first; if both are equal, the draw is carried out.

    Raises :class:`DrawRefused` if the user entered the seed the first time or has no permission, the seeds
    differ, or the draw is not in the state "seeded".
    """
    row = _get(pk)
    if not may(user, "confirm", "enrolment.draw", made_by=row.seeded_by_id):
        raise DrawRefused("须由另一个人再录一遍种子数，才能派位。")
    if _checked(seed) != row.seed:
        raise DrawRefused("两次录入的种子数不一致。请对照公布的号码核对；第一次录错的，请退回重录。")
    result = result_hash(result_of(row))
    _move(row, State.SEEDED, State.DRAWN, user, result, result_hash=result, confirmed_by=user)


@transaction.atomic
def send_back(pk: int, user: User) -> None:
    """Delete a seed that is not confirmed yet, so that it can be entered again.

    Raises :class:`DrawRefused` if the user has no permission or the draw is not in the state "seeded".
    """
    row = _get(pk)
    _refuse_strangers(user)
    _move(row, State.SEEDED, State.FIXED, user, f"退回种子数{row.seed}", seed="", seeded_by=None)


@transaction.atomic
def revoke(pk: int, reason: str, user: User) -> None:
    """Revoke a draw in any state, for a ``reason`` of at least 5 characters; list, seed and log are kept.

    Raises :class:`DrawRefused` if the user has no permission, the reason is too short or the draw is revoked
    already.
    """
    row = _get(pk)
    _refuse_strangers(user)
    if len(reason.strip()) < 5:
        raise DrawRefused("作废须写明原因，至少5个字。")
    if row.state == State.REVOKED:
        raise DrawRefused("这次派位已经作废。")
    _move(row, row.state, State.REVOKED, user, reason.strip()[:200])


def result_of(row: Draw) -> list[tuple[str, int]]:
    """Compute the result of a draw from its list, number of places or classes, and seed.

    Returns (registration number, value) in the order drawn: the value is the class, from 1, or for places 1
    (admitted) or 0 (waiting).
    """
    content = row.listing.encode()
    if row.kind == Draw.Kind.CLASSES:
        return divide(content, row.places, row.seed)
    return [(number, int(has_place)) for number, has_place in draw(content, row.places, row.seed)]


def lines_of(row: Draw, result: Sequence[tuple[str, int]]) -> list[tuple[str, str]]:
    """Return the lines of a result for people to read: (registration number, Chinese text), in the order drawn.

    The text is "录取" or "候补" for places, and for classes the number of the class, such as "1班".
    """
    if row.kind == Draw.Kind.CLASSES:
        return [(number, f"{place}班") for number, place in result]
    return [(number, "录取" if has_place else "候补") for number, has_place in result]


def result_hash(result: Sequence[tuple[str, int]]) -> str:
    """Return the SHA-256 of a result, in 64 hexadecimal digits."""
    return hash_of("".join(f"{number},{got}\n" for number, got in result))


def _refuse_strangers(user: User) -> None:
    if not may(user, "handle", "enrolment.draw"):
        raise DrawRefused("您的账号不能办理派位。请由基础教育科室或办公室办理。")


def _get(pk: int) -> Draw:
    row: Draw | None = Draw.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise DrawRefused("没有这次派位。请刷新页面再试。")
    return row


def _checked(seed: str) -> str:
    if not _SEED.fullmatch(seed):
        raise DrawRefused("种子数只填数字，按公布的次序连写，3至60位。请改正。")
    return seed


def _move(row: Draw, before: str, after: str, user: User, note: str, **further: Any) -> None:
    """Move a draw that is still in a state to another, and record the step."""
    if Draw.objects.filter(pk=row.pk, state=before).update(state=after, **further) != 1:
        raise DrawRefused(f"这次派位现为“{row.get_state_display()}”，不能办这一步。请刷新页面再看。")
    row.refresh_from_db()
    _record(row, before, user, note)


def _record(row: Draw, before: str, user: User, note: str) -> None:
    step = DrawStep.objects.create(draw=row, before=before, after=row.state, by=user, note=note)
    ChainLink.objects.append("enrolment.draw_step", [step.pk])
