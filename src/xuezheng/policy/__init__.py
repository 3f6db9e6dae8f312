"""Policy: dated and cited values, as data."""

from xuezheng.policy.entries import Policy, PolicyEntry, PolicyFault

__all__ = ["Policy", "PolicyEntry", "PolicyFault"]
