"""Layouts of other systems and departments: finding tables on a sheet, the meaning of their columns, and mappings to templates."""
