"""Releases: a report on its way from draft to issue, with versions, reviews, a checklist and the issued file."""


class ReleaseError(Exception):
    """A step of a release that cannot be taken now; the message is a Chinese sentence with the remedy."""


class ReleaseForbidden(ReleaseError):
    """A step of a release that the user may not take; the message is a Chinese sentence that names who may."""
