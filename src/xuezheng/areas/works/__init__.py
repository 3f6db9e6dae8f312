"""The area of building works and equipment of schools (项目建设)."""

from xuezheng.registry import Area

AREA = Area("项目建设", section="项目办", order=70)
