"""Kindergartens, and the evaluation of the county's universal and affordable preschool education (学前教育普及普惠)."""

from xuezheng.registry import Area

AREA = Area("学前教育", section="基础教育股", order=16)
