"""Balanced development of compulsory education (义务教育优质均衡)."""

from xuezheng.registry import Area

AREA = Area("优质均衡", section="基础教育股", order=15)
