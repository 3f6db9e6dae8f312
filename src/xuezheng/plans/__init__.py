"""Plans: what a half-year is to bring, with targets stated in figures; how far it has come is never stored."""
