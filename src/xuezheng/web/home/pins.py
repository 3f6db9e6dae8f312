"""The figures that users pin to their own home pages: pinning, unpinning, and their order."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from xuezheng.core.periods import Period, PeriodError
from xuezheng.figures import FigureError, catalogue, is_reported, read_slice
from xuezheng.records.models import User
from xuezheng.records.switches import unused
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.answers.tiles import Tile, tile
from xuezheng.web.models import Pin, written
from xuezheng.web.models.pins import LONGEST_PART
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice

_PART = "part_"


class Pinned(NamedTuple):
    """A figure pinned to the home page, with its card."""

    pin: Pin
    tile: Tile


@require_POST
def pins(request: UserRequest) -> HttpResponse:
    """Pin a figure to the user's home page, unpin it, or move a pin, as the POST parameter ``step`` says.

    ``step`` is "down" to unpin the figure or "earlier" to move the pin with the key ``pin`` one place
    forward; any other value pins the figure. ``figure`` is the figure's key; parameters ``part_<dimension>``
    have the members of its slice.
    """
    step, user = request.POST.get("step"), request.user
    if step == "earlier":
        _earlier(user, request.POST.get("pin", ""))
        return redirect("web:home")
    key = request.POST.get("figure", "")
    try:
        slice = read_slice(
            (name.removeprefix(_PART), value)
            for name, values in request.POST.lists()
            for value in values
            if name.startswith(_PART)
        )
    except FigureError as error:
        messages.error(request, str(error))
        return redirect("web:home")
    if step == "down":
        Pin.objects.visible_to(user).filter(figure=key, part=written(slice)).delete()
        messages.success(request, "已从首页取下。")
    known = step != "up" or _pin(request, key, slice)
    if "home" in request.POST or not known or key not in catalogue.figures():
        return redirect("web:home")
    return redirect(figure_address(key, _period(request), slice))


def is_pinned(user: User, key: str, slice: dict[str, str]) -> bool:
    """Whether the user has pinned the figure with this slice (member by dimension)."""
    return Pin.objects.visible_to(user).filter(figure=key, part=written(slice)).exists()


def pinned(user: User, snapshot: Snapshot) -> list[Pinned]:
    """Return the pins of ``user`` in their order, each with the card of its figure.

    The values are those of the half-year reported on at the day of ``snapshot`` (see
    :func:`xuezheng.web.ui.period_choice.half_year`). Figures of areas or registers that the bureau has
    switched off are left out.
    """
    period = Period.parse(period_choice.half_year(snapshot.day))
    switched_off, figures = unused(), catalogue.figures()
    return [
        Pinned(pin, tile(pin.figure, period, pin.slice))
        for pin in Pin.objects.visible_to(user)
        if pin.figure not in figures or is_reported(figures[pin.figure], switched_off)
    ]


def _pin(request: UserRequest, key: str, slice: dict[str, str]) -> bool:
    """Pin a figure and report the result as a message; False where there is no such figure, True also where the page is full."""
    figure, part = catalogue.figures().get(key), written(slice)
    if figure is None or set(slice) - set(figure.by) or len(part) > LONGEST_PART:
        messages.error(request, "没有这个指标，没有固定。请从指标页上固定。")
        return False
    mine = Pin.objects.visible_to(request.user)
    if mine.count() >= Pin.MOST:
        messages.error(request, f"首页最多固定{Pin.MOST}个指标。请先取下一个。")
        return True
    last = mine.order_by("-order").values_list("order", flat=True).first() or 0
    Pin.objects.get_or_create(user=request.user, figure=key, part=part, defaults={"order": last + 1})
    messages.success(request, "已固定到首页。")
    return True


@transaction.atomic
def _earlier(user: User, number: str) -> None:
    """Move the user's pin with the key ``number`` one place forward; any other number changes nothing."""
    mine = list(Pin.objects.visible_to(user).select_for_update())
    place = next((place for place, pin in enumerate(mine) if str(pin.pk) == number), 0)
    if place:
        mine[place - 1], mine[place] = mine[place], mine[place - 1]
    for order, pin in enumerate(mine, 1):
        pin.order = order
    Pin.objects.bulk_update(mine, ["order"])


def _period(request: UserRequest) -> str:
    """Return the key of the period of the page from which the figure was pinned, by default of the half-year reported on."""
    try:
        return Period.parse(request.POST.get("period", "")).key
    except PeriodError:
        return period_choice.half_year(Snapshot.latest().day)
