"""Collections: what a section requests of schools, as a workbook that comes back as an import."""
