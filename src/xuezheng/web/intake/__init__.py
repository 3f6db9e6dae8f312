"""The pages for incoming workbooks: uploads, imports, their impact, collections."""
