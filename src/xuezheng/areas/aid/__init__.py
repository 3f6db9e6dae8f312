"""Aid to pupils of poor families (学生资助)."""

from xuezheng.registry import Area

AREA = Area("学生资助", section="学生资助管理中心", order=20)
