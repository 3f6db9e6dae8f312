"""Matches the rows of outside lists (poverty register, minimum living allowance …) to people in the registers."""
