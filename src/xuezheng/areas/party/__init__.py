"""Party building in schools and bureau (党建), and the tasks of clean conduct (党风廉政)."""

from xuezheng.registry import Area

AREA = Area("党建", section="党建办", order=5)
