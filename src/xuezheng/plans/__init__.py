"""Plans: the items of a half-year, with targets stated in figures; their progress is never stored."""
