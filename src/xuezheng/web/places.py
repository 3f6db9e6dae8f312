"""The places of the system that the navigation leads to: those of every district, and those of the areas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse

from xuezheng.linkage.models import categories_of
from xuezheng.records.models import User
from xuezheng.web.pages import area_entries

_OF_ALL = {
    "home": "首页",
    "intake": "填报",
    "registers": "台账",
    "linkage": "比对",
    "figures": "指标",
    "reports": "报告",
    "plan": "计划",
    "accounts": "账号",
}


class Place(NamedTuple):
    """One place: its words, its icon, its address, and how the addresses begin that belong to it."""

    title: str
    icon: str
    address: str
    below: str

    def holds(self, path: str) -> bool:
        """Whether an address belongs to it; the home page is nobody's beginning."""
        return path == self.address if self.below == "/" else path.startswith(self.below)


def places(user: User) -> Iterator[Place]:
    """Yield the places that are open to a user."""
    limited = {"linkage": bool(categories_of(user)), "accounts": user.administers}
    for view, title in _OF_ALL.items():
        address = reverse(f"web:{view}")
        if limited.get(view, True):
            yield Place(title, view, address, address)
    for area, entry in area_entries(user):
        yield Place(entry.title, area, reverse(f"{area}:{entry.view}"), f"/{area}/")
