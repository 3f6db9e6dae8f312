"""The section's rule columns, for classes."""

import ibis

from xuezheng.policy import Policy
from xuezheng.records.models import ClassGroup, Pupil
from xuezheng.rules import column, locality

SIZES = {"usual": "正常班额", "oversize": "大班额", "very_large": "超大班额"}


@column(ClassGroup, choices=SIZES)
def size(group: ibis.Table, policy: Policy) -> ibis.Value:
    """班额：按冻结日施行的标准，分为正常班额、大班额和超大班额。"""
    return ibis.cases(
        (group.pupils >= policy.very_large_class.on(policy.day), "very_large"),
        (group.pupils >= policy.oversize_class.on(policy.day), "oversize"),
        else_="usual",
    )


HOUSEHOLDS = {"district": "本{county}", "province": "省内{county}外", "outside": "省外"}


@column(Pupil, choices=HOUSEHOLDS, null=True)
def household(pupil: ibis.Table, policy: Policy) -> ibis.Value:
    """户籍地：户籍区划代码六位与本地相同为本{county}，前两位相同为省内{county}外，其余为省外；未填的不判断。"""
    return locality(pupil.household_division, policy.district)
