"""Word files changed as somebody at a desk would."""

import io

import docx


def edited(content, change):
    """The bytes of a Word file after a change of it as opened."""
    opened = docx.Document(io.BytesIO(content))
    change(opened)
    saved = io.BytesIO()
    opened.save(saved)
    return saved.getvalue()
