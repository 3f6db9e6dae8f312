"""The area of teaching and its results (教学研究)."""

from xuezheng.registry import Area

AREA = Area("教学研究", section="教研室", order=40)
