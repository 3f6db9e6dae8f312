"""Plans: the items of a half-year, with targets stated in figures.

Their progress is computed and never stored.
"""
