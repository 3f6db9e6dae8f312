"""Parameters of addresses and forms, which may be anything."""


def parse_number(text: str | None) -> int:
    """Return the number in a parameter, such as the key of a record; 0 for anything but one to nine digits."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0
