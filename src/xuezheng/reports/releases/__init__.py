"""Releases: what becomes of a report between draft and issue: versions, reviews, the checklist, the frozen file."""


class ReleaseError(Exception):
    """A step that cannot be taken; the text is a Chinese sentence with the remedy."""


class ReleaseForbidden(ReleaseError):
    """A step that is another's to take; the text is a Chinese sentence that says whose."""
