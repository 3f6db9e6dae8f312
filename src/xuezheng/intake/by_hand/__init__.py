"""Changes made by hand rather than by a workbook: one field of many records at once, and the deletion of one record."""
