"""Definitions shared by the scripts of this folder."""

#: The largest number of cells that a file may have.
CELLS = 6_000_000
#: The author of the comments that mark problems in a sender's workbook.
AUTHOR = "学政"
AGAIN = "请用Excel或WPS打开原文件，另存为.xlsx"


class Refused(Exception):
    """The file is not read; the exception's text is the Chinese reason."""
