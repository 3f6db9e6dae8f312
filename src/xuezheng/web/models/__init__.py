"""The models of the pages: how each user arranges lists, and the figures pinned to the home page."""

from xuezheng.web.models.pins import Pin, written
from xuezheng.web.models.views import ListHabit, ListView

__all__ = ["ListHabit", "ListView", "Pin", "written"]
