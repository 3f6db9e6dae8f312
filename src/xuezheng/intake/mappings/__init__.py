"""Workbooks of other layouts: mappings to templates, confirmed once and stored as versions."""
