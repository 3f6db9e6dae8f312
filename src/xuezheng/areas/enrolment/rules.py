"""What the section works out for each class."""

import ibis

from xuezheng.records.models import ClassGroup
from xuezheng.rules import Policy, column

SIZES = {"usual": "正常班额", "oversize": "大班额", "very_large": "超大班额"}


@column(ClassGroup, choices=SIZES)
def size(group: ibis.Table, policy: Policy) -> ibis.Value:
    """班额：按冻结日施行的标准，分为正常班额、大班额和超大班额。"""
    return ibis.cases(
        (group.pupils >= policy.very_large_class.on(policy.day), "very_large"),
        (group.pupils >= policy.oversize_class.on(policy.day), "oversize"),
        else_="usual",
    )
