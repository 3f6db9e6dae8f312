"""The word for a county-level place (区, 县, 市 or 旗), taken from its name or replaced in titles."""

import re

_WORDS = ("区", "县", "市", "旗")
_USUAL = "县"
_OF_HERE = re.compile(f"本[{''.join(_WORDS)}](?=信息)")


def county_word(name: str) -> str:
    """Return the last character of a district's name if it is 区, 县, 市 or 旗, else 县.

    For example 区 for 云岭区, 县 for 石林彝族自治县, 旗 for 鄂温克族自治旗.
    """
    return name[-1] if name.endswith(_WORDS) else _USUAL


def without_place(title: str) -> str:
    """Return a sheet's title with 本区, 本县, 本市 or 本旗 before 信息 replaced by 本地.

    So titles from older templates and from other districts compare equal; any other title is returned
    unchanged.
    """
    return _OF_HERE.sub("本地", title)
