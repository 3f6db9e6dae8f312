"""What every page's frame needs: icons and the navigation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import template
from django.core.paginator import Paginator
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from xuezheng import registry
from xuezheng.core import number_text as numbers_
from xuezheng.jobs.models import Job
from xuezheng.records.fields import ModelField
from xuezheng.records.models import User
from xuezheng.records.permissions import permits
from xuezheng.web.ui import display
from xuezheng.web.ui.field_help import explained
from xuezheng.web.ui.navigation import places

register = template.Library()


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
        "places": [(place, place.holds(path)) for place in places(user)],
        "user": user,
        "open_jobs": Job.objects.open().filter(asked_by=user).count(),
        "place_of_work": _place_of_work(user),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("web/why.html")
def why(field: ModelField) -> dict[str, Any]:
    """Draw the question mark beside a field's name that explains how it is filled."""
    return {"title": display.header(field), "lines": explained(field)}


def _place_of_work(user: User) -> str:
    area = registry.areas().get(user.section)
    return str(user.school or (area.section if area else user.get_role_display()))


@register.filter
def permitted(user: User, action: str) -> bool:
    """Whether an action of a matter is permitted to a user: ``user|permitted:"freeze snapshot"``."""
    return bool(permits(user, *action.split()))


@register.filter
def numbers(paginator: Paginator[Any], number: int) -> Iterator[int | str]:
    """The page numbers to offer around the present one."""
    return paginator.get_elided_page_range(number, on_each_side=2, on_ends=1)


@register.filter
def yuan(fen: int) -> str:
    """Whole fen as yuan with two places, as they are aligned in a column: 1,312.50."""
    return f"{numbers_.yuan(fen):,.2f}"
