"""Files that somebody might hand in to do harm, or that are just broken: makers, not binaries.

``KINDS`` has each by its name. A maker returns the bytes of a file; what is large is made when it is asked for.
"""

from tests.intake.hostile.kinds import KINDS, READ, Kind

# Each module adds its kinds as it is imported.
from tests.intake.hostile import archives, cells, formats, legacy, parts  # noqa: F401  # isort: skip

__all__ = ["KINDS", "READ", "Kind"]
