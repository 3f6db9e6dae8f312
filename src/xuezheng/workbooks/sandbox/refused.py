"""Shared by the readers of this folder: the refusal of a file, and the largest number of cells."""

#: Cells of a file.
CELLS = 6_000_000
AGAIN = "请用Excel或WPS打开原文件，另存为.xlsx"


class Refused(Exception):
    """The file is not read; the text is the Chinese reason."""
