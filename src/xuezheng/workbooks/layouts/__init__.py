"""Layouts of other systems: finding tables on a sheet, the meaning of columns, mappings to templates."""
