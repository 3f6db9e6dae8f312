"""Template tags and filters for icons, the navigation, help on fields, permissions and amounts."""

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
from xuezheng.web.ui import display, values
from xuezheng.web.ui.field_help import explained
from xuezheng.web.ui.navigation import places
from xuezheng.web.ui.todos import waiting

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return the SVG element for the icon ``name`` of ``icons.svg``; it is hidden from screen readers."""
    sprite = static("xuezheng/icons.svg")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name)


@register.inclusion_tag("web/navigation.html", takes_context=True)
def navigation(context: dict[str, Any]) -> dict[str, Any]:
    """Return the template context of the navigation.

    It has the ``places`` open to the user, each with whether it is the current one, the user and the user's
    section or school, and the numbers of to-dos and of open jobs.
    """
    path = context["request"].path
    user = context["request"].user
    return {
        "places": [(place, place.holds(path)) for place in places(user)],
        "user": user,
        "waiting": waiting(user),
        "open_jobs": Job.objects.open().filter(asked_by=user).count(),
        "place_of_work": _place_of_work(user),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("web/why.html")
def why(field: ModelField) -> dict[str, Any]:
    """Return the template context of the question mark beside a field's name: its title and how it is filled."""
    return {"title": display.header(field), "lines": explained(field)}


def _place_of_work(user: User) -> str:
    area = registry.areas().get(user.section)
    return str(user.school or (area.section if area else user.get_role_display()))


@register.filter
def permitted(user: User, action: str) -> bool:
    """Whether the permissions allow ``user`` an action on a subject: ``user|permitted:"freeze snapshot"``."""
    return bool(permits(user, *action.split()))


@register.filter
def numbers(paginator: Paginator[Any], number: int) -> Iterator[int | str]:
    """Yield the page numbers to offer around page ``number`` of a paginator, and "…" for gaps between them."""
    return paginator.get_elided_page_range(number, on_each_side=2, on_ends=1)


register.filter(values.shown)
register.filter(values.exact)
register.filter(numbers_.separated)


@register.filter
def yuan(fen: int) -> str:
    """Return an amount in fen as yuan with two decimals, to be aligned in a column: 1,312.50."""
    return f"{numbers_.yuan(fen):,.2f}"
