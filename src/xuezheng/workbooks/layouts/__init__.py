"""Layouts of other systems and departments: tables found on a sheet, the meaning of their columns, and mappings to templates."""
