"""The words for a county-level place: what people call a 区, a 县, a 市 or a 旗."""

import re

_WORDS = ("区", "县", "市", "旗")
_USUAL = "县"
_OF_HERE = re.compile(f"本[{''.join(_WORDS)}](?=信息)")


def county_word(name: str) -> str:
    """Return the word for a district by its name: 区 for 云岭区, 县 for 石林彝族自治县, 旗 for 鄂温克族自治旗; 县 for any other name."""
    return name[-1] if name.endswith(_WORDS) else _USUAL


def without_place(title: str) -> str:
    """Return a sheet's title with 本区, 本县 and the like replaced by 本地, so that titles of older templates and of other places compare equal."""
    return _OF_HERE.sub("本地", title)
