"""The area of pupils' activities outside lessons: contests, study tours, labour, exchanges (德育体艺)."""

from xuezheng.registry import Area

AREA = Area("德育体艺", section="基础教育股", order=60)
