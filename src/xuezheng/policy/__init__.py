"""Policy as data: values with a first day, a source and a level (state to county)."""

from xuezheng.policy.declarations import PolicyError
from xuezheng.policy.entries import Policy, PolicyEntry

__all__ = ["Policy", "PolicyEntry", "PolicyError"]
