"""The area of party building in schools and the bureau (党建), and of tasks of clean conduct (党风廉政)."""

from xuezheng.registry import Area

AREA = Area("党建", section="党建办", order=5)
