"""Enrolment (学籍招生): schools, classes, pupils, admission, school zones, forecasts, and examinations."""

from xuezheng.registry import Area

AREA = Area("学籍招生", section="基础教育股", order=10)
