"""Workbooks of other layouts: mappings of their columns to templates, confirmed by a user once and stored as versions."""
