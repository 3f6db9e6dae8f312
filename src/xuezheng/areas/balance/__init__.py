"""The evaluation of balanced compulsory education (义务教育优质均衡): conditions, verdict, plans to pass."""

from xuezheng.registry import Area

AREA = Area("优质均衡", section="基础教育股", order=15)
