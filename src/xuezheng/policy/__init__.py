"""Policy: dated and cited values by level, as data."""

from xuezheng.policy.declarations import PolicyError
from xuezheng.policy.entries import Policy, PolicyEntry

__all__ = ["Policy", "PolicyEntry", "PolicyError"]
