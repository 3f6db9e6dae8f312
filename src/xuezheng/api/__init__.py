"""The read-only JSON interface for programs: figures, the rows behind them that the user may see, snapshots and the plan.

An operation is declared once (:mod:`~xuezheng.api.declare`): its address, its description in the OpenAPI
document, the page to try it and the checks that tests make of it all come from that declaration.
"""
