"""Staff of schools and bureau (教师人事)."""

from xuezheng.registry import Area

AREA = Area("教师人事", section="人事股", order=30)
