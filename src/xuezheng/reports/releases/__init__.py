"""Releases: a report on its way from draft to issue, with versions, reviews, a checklist and the issued file."""


class ReleaseError(Exception):
    """The step cannot be taken now; the message is a Chinese sentence with the remedy."""


class ReleaseForbidden(ReleaseError):
    """The user may not take the step; the message is a Chinese sentence that names who may."""
