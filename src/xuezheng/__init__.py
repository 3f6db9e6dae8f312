"""Xuezheng (学政): the working system of a district education bureau."""

__version__ = "0.2.0"
