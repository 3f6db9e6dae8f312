"""Money for education: budget, expenditure, funds of schools, supervision of accounts (计划财务)."""

from xuezheng.registry import Area

AREA = Area("计划财务", section="计财股", order=15)
