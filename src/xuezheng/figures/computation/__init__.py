"""Computation of figures from frozen tables, with one query for many, and storage of the answers."""
