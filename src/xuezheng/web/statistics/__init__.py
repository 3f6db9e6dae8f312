"""Pages of the yearly statistical tables."""
