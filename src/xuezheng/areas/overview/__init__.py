"""The whole bureau, as its office reports on it: reports that draw on every area; no records of its own."""

from xuezheng.registry import Area

AREA = Area("全局", section="办公室", order=90)
