"""Releases: a report from draft to issue, with versions, reviews, the checklist and the frozen file."""


class ReleaseError(Exception):
    """A step that cannot be taken now; the text is a Chinese sentence with the remedy."""


class ReleaseForbidden(ReleaseError):
    """A step that the user may not take; the text is a Chinese sentence that names who may."""
