"""The area of pupils' health: nutrition, eyesight, fitness, counselling (体卫健康)."""

from xuezheng.registry import Area

AREA = Area("体卫健康", section="体卫艺股", order=50)
