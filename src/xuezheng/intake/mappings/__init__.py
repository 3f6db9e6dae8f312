"""Workbooks of other layouts: their mappings to templates, confirmed by a person once and kept as versions."""
