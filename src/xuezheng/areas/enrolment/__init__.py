"""Enrolment: schools, classes, pupils and their examinations (学籍招生)."""

from xuezheng.registry import Area

AREA = Area("学籍招生", section="基础教育股", order=10)
