"""Policy as data: values that rules need, each with a first day, a source and a level (state to county).

A *matter* is something for which policy sets a value, such as the boarders' allowance (``aid.boarder``). A
*version* of a matter is its value from a day on. A *pack* is a collection of versions that one level of
government sets; the bureau adopts packs and adds versions of its own.
"""

from xuezheng.policy.declarations import PolicyError
from xuezheng.policy.entries import Policy, PolicyEntry

__all__ = ["Policy", "PolicyEntry", "PolicyError"]
