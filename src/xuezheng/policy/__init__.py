"""Policy: dated and cited values, as data."""

from xuezheng.policy.entries import Policy, PolicyEntry, PolicyError

__all__ = ["Policy", "PolicyEntry", "PolicyError"]
