"""A report after it was written: refresh, verify and adopt it, and match the numbers of its text to figures."""
