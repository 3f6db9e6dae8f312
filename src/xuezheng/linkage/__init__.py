"""Matches the rows of outside lists (poverty register, minimum living allowance, …) to persons in the registers."""
