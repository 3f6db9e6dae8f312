"""What the pages keep of their own for each user: how a list is liked, and what is pinned to the home page."""

from xuezheng.web.models.pins import Pin, written
from xuezheng.web.models.views import ListHabit, ListView

__all__ = ["ListHabit", "ListView", "Pin", "written"]
