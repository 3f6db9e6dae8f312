"""Account changes that one administrator may not make alone: one user requests, a second user confirms or refuses.

The second user is an active administrator, leader or security officer (with ``settings.SEPARATED_ROLES`` a
security officer only), but not one whose own account was last created, linked, changed or reset at the
requester's request: an administrator cannot create an account that then confirms for the same administrator.

As long as no other account could ever have confirmed, the bureau is being set up: the only administrator acts
without confirmation, and each such act is recorded as made alone. Accounts made in this way may confirm for
their maker only as long as no other confirmer has ever existed. Locking the confirming accounts does not
start the setup again: an administrator without a second person then uses the command line on the server,
which is recorded too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from axes.utils import reset
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from xuezheng.records.models import (
    AccountChange,
    AccountRequest,
    ExternalIdentity,
    School,
    SecondFactor,
    User,
)
from xuezheng.records.permissions import permits, permitted_roles

REQUEST_DAYS = 3
LINK_HOURS = 24
ALONE = "（首次设立，未经第二人确认）"
Kind = AccountRequest.Kind
Role = User.Role


class RequestRefused(Exception):
    """A request that cannot be made, confirmed or used.

    The exception's text is a Chinese sentence with the remedy.
    """


def find_confirmers(requester: User, account: User) -> QuerySet[User]:
    """Return the active accounts that may confirm, as the second person, a requested change of ``account``.

    ``requester`` is the user who requests it. The result may be empty. It includes neither the requester nor
    the account, only roles permitted to confirm account requests, and only owners who have set a password.
    Accounts whose latest approved request (other than unlocking) was made by the requester are left out; if
    then no account is left, not even a locked one, those among them that were made alone during the setup are
    returned.
    """
    last = AccountRequest.objects.filter(account=OuterRef("pk"), approved=True).exclude(kind=Kind.UNLOCK)
    last = last.order_by("-pk")
    candidates = (
        _owned_accounts()
        .exclude(pk=requester.pk)
        .annotate(
            last_requester=Subquery(last.values("requested_by")[:1]), alone=Subquery(last.values("alone")[:1])
        )
    )
    # Those that are locked count here: who locks all candidates must not be left with his own creatures.
    independent = candidates.filter(Q(last_requester=None) | ~Q(last_requester=requester.pk))
    eligible = independent if independent.exists() else candidates.filter(alone=True)
    return eligible.filter(is_active=True).exclude(pk=account.pk)


def is_first_setup(requester: User) -> bool:
    """Return whether no account other than the requester's could ever confirm a request.

    That is so while no other account of a confirming role has a password set; locked accounts count.
    """
    return not _owned_accounts().exclude(pk=requester.pk).exists()


def _owned_accounts() -> QuerySet[User]:
    """The accounts of confirming roles whose owners have set a password, including locked accounts."""
    accounts: QuerySet[User] = User.objects.filter(role__in=permitted_roles("confirm", "account_request"))
    return accounts.exclude(password="").exclude(password__startswith="!")  # noqa: S106 - no password


def needs_confirmation(kind: Any, account: User) -> bool:
    """Return whether a change of an account needs the confirmation of a second person.

    ``kind`` is an :class:`AccountRequest.Kind`. A second person is not needed to create or unlock the account
    of a school's clerk, which sees one school and approves nothing, nor for a link to an account that has no
    password and has never logged in. In all other cases one is needed.
    """
    if kind in (Kind.CREATE, Kind.UNLOCK):
        return account.role != Role.CLERK
    return kind != Kind.LINK or account.has_usable_password() or account.last_login is not None


def submit(kind: Any, account: User, requester: User, values: Mapping[str, Any] | None = None) -> bool:
    """Apply a change to an account if ``requester`` may make it alone, else create a request.

    A request is decided by a second person. ``kind`` is an :class:`AccountRequest.Kind`; ``values`` are its
    details, as described at :class:`AccountRequest`. Returns True if the change was applied, False if a
    request was created. Raises :class:`RequestRefused` if a request of the same kind is already open for the
    account, or if an applied change is impossible (its school is gone, the account has changed, or the
    platform's login belongs to another account).
    """
    values = dict(values or {})
    if not needs_confirmation(kind, account):
        _apply(kind, account, requester, values, "")
        return True
    now = timezone.now()
    if is_first_setup(requester):
        _apply(kind, account, requester, values, ALONE)
        AccountRequest.objects.create(
            account=account, kind=kind, values=values, requested_by=requester, expires_at=now, decided_at=now, used_at=now,
            approved=True, alone=True,
        )  # fmt: skip
        return True
    AccountRequest.objects.filter(account=account, kind=kind, decided_at=None, expires_at__lte=now).update(
        decided_at=now, approved=False
    )
    try:
        with transaction.atomic():
            AccountRequest.objects.create(
                account=account, kind=kind, values=values, requested_by=requester, expires_at=now + timedelta(days=REQUEST_DAYS)
            )  # fmt: skip
            _note(account, requester, f"申请{kind.label}{_describe(values)}，待第二人确认")
    except IntegrityError:
        raise RequestRefused(f"{account}已有一项“{kind.label}”待确认。请等它办完，或先撤回。") from None
    return False


def may_decide(request: AccountRequest, user: User) -> bool:
    """Return whether a user may confirm or refuse a request for a change of an account.

    Those may whom :func:`find_confirmers` returns. Nobody may if the request has no requester, or if the
    requester is no longer permitted to administer accounts.
    """
    requester = request.requested_by
    return bool(
        requester
        and permits(requester, "keep", "account")
        and find_confirmers(requester, request.account).filter(pk=user.pk).exists()
    )


def decide(request: AccountRequest, user: User, *, approved: bool) -> None:
    """Confirm (``approved``) or refuse an open request as ``user``; a confirmed change is applied at once.

    The requester may only refuse, which withdraws the request. Of two simultaneous decisions only one counts.
    Raises :class:`RequestRefused`, with nothing changed, if the user may not decide, if the request is
    decided or expired, or if the account has changed since the request was made.
    """
    withdrawn = not approved and request.requested_by_id == user.pk
    if not withdrawn and not may_decide(request, user):
        raise RequestRefused("这项申请须由另一个人确认：不能是申请人、本人，也不能是由申请人经手的账号。")
    with transaction.atomic():
        values = {"decided_by": user, "decided_at": timezone.now(), "approved": approved}
        if not AccountRequest.objects.open().filter(pk=request.pk).update(**values):
            raise RequestRefused("这项申请已由别人决定，或已过期。没有改动；需要的请重新申请。")
        kind, by = Kind(request.kind), request.requested_by
        if approved:
            _apply(kind, request.account, user, request.values, f"（由{by}申请，{user}确认）")
        else:
            words = "撤回申请" if withdrawn else f"不同意{by}的申请"
            _note(request.account, user, f"{words}：{kind.label}")


def usable_link(account: User, requester: User) -> AccountRequest | None:
    """Return the request that permits ``requester`` to be shown a one-time link to ``account`` now, or None.

    It is an unused request of kind ``LINK`` by this requester that was approved less than 24 hours ago.
    """
    since = timezone.now() - timedelta(hours=LINK_HOURS)
    return AccountRequest.objects.filter(
        account=account, kind=Kind.LINK, requested_by=requester, approved=True, used_at=None, decided_at__gt=since
    ).first()  # fmt: skip


def use_link(request: AccountRequest) -> None:
    """Record that the link of a request is shown; raises :class:`RequestRefused` if it was already shown."""
    if not AccountRequest.objects.filter(pk=request.pk, used_at=None).update(used_at=timezone.now()):
        raise RequestRefused("这个链接已经显示过。请重新申请。")


def record_on_server(account: User, kind: Any, what: str) -> None:
    """Record a change of an account that was made on the server's command line, where no user is known.

    ``kind`` is an :class:`AccountRequest.Kind`; ``what`` describes the change in Chinese (at most 200
    characters). The record is an approved request and an :class:`AccountChange`, both without a user.
    """
    now = timezone.now()
    with transaction.atomic():
        AccountRequest.objects.create(
            account=account, kind=kind, expires_at=now, decided_at=now, used_at=now, approved=True
        )
        AccountChange.objects.create(account=account, what=what)


def describe_account(role: str, section: str, school: str) -> str:
    """Return the Chinese label of a role with the school, or else the section, in full-width brackets.

    Without either, only the label is returned. ``role`` is a value of :class:`User.Role`; raises
    ``ValueError`` for any other.
    """
    place = school or section
    return f"{Role(role).label}（{place}）" if place else str(Role(role).label)


def values_of(user: User) -> dict[str, Any]:
    """Return the rights of an account as :attr:`AccountRequest.values` keeps them.

    The dict has ``role`` (its value), ``section`` ("" without one) and ``school`` (the primary key or None).
    """
    return {"role": user.role, "section": user.section, "school": user.school_id}


def _apply(kind: Any, account: User, user: User, values: Mapping[str, Any], note: str) -> None:
    words = _EFFECTS[kind](account, values)
    if words:
        _note(account, user, f"{words}{note}")


def _create(account: User, values: Mapping[str, Any]) -> str:
    User.objects.filter(pk=account.pk).update(is_active=True)
    account.is_active = True
    return f"建立账号：{values.get('text', account.get_role_display())}"


def _allow_link(account: User, values: Mapping[str, Any]) -> str:
    return "准许发一次性链接" if needs_confirmation(Kind.LINK, account) else ""


def _change(account: User, values: Mapping[str, Any]) -> str:
    before, after = values["before"], values["after"]
    if after["school"] and not School.objects.filter(pk=after["school"]).exists():
        raise RequestRefused("申请里的学校已经不在。没有改动；请重新申请。")
    columns = {"role": "role", "section": "section", "school": "school_id"}
    matching = {columns[name]: value for name, value in before.items()}
    changed = User.objects.filter(pk=account.pk, **matching).update(
        **{columns[name]: value for name, value in after.items()}
    )
    if not changed:
        raise RequestRefused(f"{account}在申请以后改过，与申请时不同。没有改动；请重新申请。")
    return f"改变权限{_describe(values)}"


def _unlock(account: User, values: Mapping[str, Any]) -> str:
    User.objects.filter(pk=account.pk).update(is_active=True)
    reset(username=account.get_username())
    return "启用"


def _clear_second_factor(account: User, values: Mapping[str, Any]) -> str:
    SecondFactor.objects.filter(user=account).delete()
    account.end_sessions()
    return "清除两步验证，并结束会话"


def _map_identity(account: User, values: Mapping[str, Any]) -> str:
    issuer, subject = values["issuer"], values["subject"]
    mapped, new = ExternalIdentity.objects.get_or_create(
        issuer=issuer, subject=subject, defaults={"user": account}
    )
    if not new and mapped.user_id != account.pk:
        raise RequestRefused(f"这个统一认证标识已关联到账号“{mapped.user}”。请先在那里解除。")
    return "关联统一认证账号"


_EFFECTS: dict[Any, Callable[[User, Mapping[str, Any]], str]] = {
    Kind.CREATE: _create,
    Kind.LINK: _allow_link,
    Kind.CHANGE: _change,
    Kind.UNLOCK: _unlock,
    Kind.SECOND_FACTOR: _clear_second_factor,
    Kind.IDENTITY: _map_identity,
}


def _describe(values: Mapping[str, Any]) -> str:
    return f"：{values['text']}" if "text" in values else ""


def _note(account: User, user: User, what: str) -> None:
    AccountChange.objects.create(account=account, by=user, what=what[:200])
