"""Changes by hand instead of by an Excel file: one field of many records, and the deletion of one record."""
