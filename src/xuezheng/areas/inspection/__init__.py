"""The area of inspection and evaluation of schools, kindergartens and training institutions (教育督导)."""

from xuezheng.registry import Area

AREA = Area("教育督导", section="督导室", order=75)
