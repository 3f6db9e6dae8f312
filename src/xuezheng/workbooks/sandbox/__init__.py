"""Scripts that open files of others, each in a process of its own that may be lost: they know nothing of the registers.

``limited.py`` is started for each and runs one of the others under its limits. They import as little as can be, since
they start for every file.
"""
