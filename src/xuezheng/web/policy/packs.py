"""The policy packs: the list of those shipped and adopted, and the changes that adopting one would make."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng.core.periods import Period, PeriodError
from xuezheng.policy import kept, taking
from xuezheng.policy.arrears import arrears_of_taking
from xuezheng.policy.declarations import PolicyError
from xuezheng.policy.entries import PolicyEntry, Version
from xuezheng.policy.models import TakenPack
from xuezheng.policy.packs import Level, Pack, shipped
from xuezheng.records.permissions import permits, require
from xuezheng.web import jobs
from xuezheng.web.answers import scenario_form
from xuezheng.web.answers.policy_text import in_words
from xuezheng.web.policy.standards import reporting_day
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice


class PackRow(NamedTuple):
    """A policy pack shipped with this release, and whether the bureau uses it.

    ``level`` is its level of government in Chinese, ``taken`` the adopted edition (None if not adopted), and
    ``differs`` whether the adopted edition differs from the shipped one.
    """

    pack: Pack
    level: str
    taken: TakenPack | None
    differs: bool


class ChangeCard(NamedTuple):
    """An entry of policy that adopting a pack would change.

    ``entry`` is the entry as it would be then. ``gone`` are the versions that would be removed and ``new``
    those that would be added, each with its value as Chinese text.
    """

    entry: PolicyEntry
    gone: list[tuple[Version, str]]
    new: list[tuple[Version, str]]


@require_GET
def packs(request: UserRequest) -> HttpResponse:
    """List the packs shipped with this release, and those that the bureau has adopted."""
    require(request.user, "see", "standard")
    in_force = {pack.code: pack for pack in kept.in_force()}
    rows = [_row(pack, in_force.get(pack.code)) for pack in shipped().values()]
    foreign = [pack for code, pack in in_force.items() if code not in shipped()]
    history = TakenPack.objects.defer("content").select_related("taken_by").order_by("-pk")[:50]
    context = {"rows": rows, "foreign": foreign, "history": history, "begins": not in_force}
    return render(request, "web/packs.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def pack(request: UserRequest, code: str) -> HttpResponse:
    """Show the changes that adopting the policy pack ``code`` would make; a POST carries out a ``step``.

    "try" computes the effect on figures, "take" adopts the pack, and "withdraw" ends its use. Raises
    ``Http404`` for an unknown pack, ``PermissionDenied`` for a POST by a user who may not adopt packs.
    """
    require(request.user, "see", "standard")
    chosen = shipped().get(code)
    if chosen is None:
        raise Http404("没有这个政策包。")
    in_force = next((taken for taken in kept.in_force() if taken.code == code), None)
    if request.method == "POST":
        require(request.user, "take", "pack")
        return _carry_out(request, chosen)
    changes = taking.changes(chosen)
    context: dict[str, Any] = {
        "pack": chosen,
        "level": Level(chosen.level).label,
        "taken": in_force,
        "cards": [_card(change) for change in changes],
        "arrears": arrears_of_taking(chosen, changes),
        "may_take": bool(permits(request.user, "take", "pack")),
        "choice": period_choice.choice(request, reporting_day()),
        "entries": len(chosen.versions),
        "unchecked": sum(
            not version.verified for versions in chosen.versions.values() for version in versions
        ),
    }
    return render(request, "web/pack.html", context)


def _carry_out(request: UserRequest, chosen: Pack) -> HttpResponse:
    try:
        match request.POST.get("step"):
            case "try":
                return _try(request, chosen)
            case "take":
                taking.take(chosen, request.user)
                messages.success(
                    request,
                    f"已采用“{chosen.title}”（{chosen.edition}）。下一次生成快照起按它计算，以前的快照不变。",
                )
            case "withdraw":
                taking.withdraw(chosen.code, request.user)
                messages.success(
                    request, f"已停用“{chosen.title}”。下一次生成快照起不再按它计算，以前的快照不变。"
                )
            case _:
                raise Http404("没有这一步。")
    except (PolicyError, PeriodError) as problem:
        messages.error(request, str(problem))
    return redirect("web:pack", chosen.code)


def _try(request: UserRequest, chosen: Pack) -> HttpResponse:
    period = Period.parse(request.POST.get("period", ""))
    changes = {
        change.before.key: scenario_form.scenario_of(change.after, change.gone, change.new)
        for change in taking.changes(chosen)
    }
    if not changes:
        raise PolicyError("与现行的标准相同，没有什么可试算。")
    return jobs.tried(request, period, changes)


def _row(pack: Pack, taken: TakenPack | None) -> PackRow:
    return PackRow(pack, Level(pack.level).label, taken, taken is not None and not kept.holds(taken, pack))


def _card(change: taking.Change) -> ChangeCard:
    return ChangeCard(
        change.after,
        [(version, _written(change.before, version)) for version in change.gone],
        [(version, _written(change.after, version)) for version in change.new],
    )


def _written(entry: PolicyEntry, version: Version) -> str:
    return "不再另定标准" if version.value is None else in_words(entry, version.value)
