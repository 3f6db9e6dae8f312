"""The area of school safety: drills, hazards, bullying, drowning, food and disease (学校安全)."""

from xuezheng.registry import Area

AREA = Area("学校安全", section="安全办", order=80)
