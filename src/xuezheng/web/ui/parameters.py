"""The reading of query and form parameters, whose texts may be anything."""


def parse_number(text: str | None) -> int:
    """Return the number that a parameter has, such as a primary key.

    0 for anything but one to nine ASCII digits.
    """
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0
