"""What every page's frame needs: icons and the navigation."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import template
from django.core.paginator import Paginator
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from xuezheng import registry
from xuezheng.figures import numbers as numbers_
from xuezheng.jobs.models import Job
from xuezheng.linkage.models import categories_of
from xuezheng.records.models import User
from xuezheng.web.pages import area_entries

register = template.Library()


class Place(NamedTuple):
    """One entry of the navigation; ``view`` is also the first part of the addresses below it."""

    title: str
    view: str


PLACES = (
    Place("首页", "home"),
    Place("填报", "intake"),
    Place("台账", "registers"),
    Place("比对", "linkage"),
    Place("指标", "figures"),
    Place("报告", "reports"),
    Place("计划", "plan"),
)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one icon of ``icons.svg``, for decoration only."""
    sprite = static("xuezheng/icons.svg")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name)


@register.inclusion_tag("web/navigation.html", takes_context=True)
def navigation(context: dict[str, Any]) -> dict[str, Any]:
    """Show the places of the system, the present one marked."""
    path = context["request"].path
    user = context["request"].user
    return {
        "places": [
            (title, icon, address, path == address if icon == "home" else path.startswith(below))
            for title, icon, address, below in _places(user)
        ],
        "user": user,
        "open_jobs": Job.objects.open().filter(asked_by=user).count(),
        "place_of_work": _place_of_work(user),
        "csrf_token": context.get("csrf_token"),
    }


def _places(user: User) -> Iterator[tuple[str, str, str, str]]:
    """Yield words, icon, address, and how the addresses begin that belong to it, of each place that is open to a user."""
    for title, view in PLACES:
        address = reverse(f"web:{view}")
        if view != "linkage" or categories_of(user):
            yield title, view, address, address
    for area, entry in area_entries(user):
        yield entry.title, area, reverse(f"{area}:{entry.view}"), f"/{area}/"


def _place_of_work(user: User) -> str:
    area = registry.areas().get(user.section)
    return str(user.school or (area.section if area else user.get_role_display()))


@register.filter
def numbers(paginator: Paginator, number: int) -> Iterator[int | str]:
    """The page numbers to offer around the present one."""
    return paginator.get_elided_page_range(number, on_each_side=2, on_ends=1)


@register.filter
def yuan(fen: int) -> str:
    """Whole fen as yuan with two places, as they stand under each other in a column: 1,312.50."""
    return f"{numbers_.yuan(fen):,.2f}"
