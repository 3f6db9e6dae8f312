"""The whole bureau, reported by its office: reports with figures of every area; no models of its own."""

from xuezheng.registry import Area

AREA = Area("全局", section="办公室", order=90)
