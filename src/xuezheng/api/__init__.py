"""What programs read: figures, the rows behind them by right, snapshots and the plan, as JSON; nothing can be written.

An operation is declared once (:mod:`~xuezheng.api.declare`): its address, its description in the OpenAPI document,
the page to try it and what tests ask of it all come from that declaration.
"""
