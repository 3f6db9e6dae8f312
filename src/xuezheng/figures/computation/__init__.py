"""Computation of figures from frozen tables: calculations, answering many questions with one query, and storing answers."""
