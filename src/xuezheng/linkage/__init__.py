"""Matches the rows of outside lists (外部名单) of other departments to persons in the registers.

Such lists are the poverty register (建档立卡), minimum living allowance (低保) and others.
"""
