"""What the readers of this folder have in common: how a file is refused, and how much one may hold."""

#: Cells of a file.
CELLS = 6_000_000
AGAIN = "请用Excel或WPS打开原文件，另存为.xlsx"


class Refused(Exception):
    """The file is not read; the text is the reason."""
