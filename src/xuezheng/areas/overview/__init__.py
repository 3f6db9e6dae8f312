"""The area of the bureau's office, which reports on all areas; it has no models of its own."""

from xuezheng.registry import Area

AREA = Area("全局", section="办公室", order=90)
