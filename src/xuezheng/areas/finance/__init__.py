"""The area of money for education: budget, expenditure, funds of schools, checks of accounts (计划财务)."""

from xuezheng.registry import Area

AREA = Area("计划财务", section="计财股", order=15)
