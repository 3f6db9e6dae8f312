"""The pages where workbooks come in: uploads, imports, their impact, collections."""
