"""Chinese names in comparable form: without separators, rare and traditional characters replaced; and their pinyin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pyarrow as pa
import yaml

_FOLDER = Path(__file__).parent
# What stands between the parts of a name, or for nothing: spaces, every middle dot, hyphens, signs that are not seen.
_BETWEEN = re.compile(
    r"[\s\u00b7\u0387\u2022\u2027\u2219\u22c5\u30fb\uff65\u2024.．。,，'’`\-‐-―_\u200b-\u200f\ufeff]+"
)


def plain(name: str) -> str:
    """Return a name in comparable form.

    Separators and blanks are removed and variants of characters replaced: ``阿依努尔 • 吐尔洪`` equals ``阿依努尔吐尔洪``,
    張 equals 张. The result may be "".
    """
    return _composed(_BETWEEN.sub("", _composed(_composed(name).upper()))).translate(_folded())


def _composed(text: str) -> str:
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def sound(name: str) -> str:
    """Return the toneless pinyin of a name in the form of :func:`plain`, with a space after each syllable.

    The first one or two characters are read as a surname if they are one.
    """
    for length in (2, 1):
        if read := _surnames().get(name[:length]):
            return f"{read} {_read(name[length:])}"
    return _read(name)


def initials(text: str) -> str:
    """Return the first letter of the pinyin of each Chinese character: ``jdlk`` for 建档立卡.

    Other characters are kept as they are.
    """
    return "".join(_syllable(sign)[0] for sign in text)


def spellings(names: pa.ChunkedArray[pa.StringScalar]) -> pa.Table:
    """Return an Arrow table of the distinct names with their comparable forms.

    Its columns are ``name``, ``plain`` and ``sound`` (as the functions of these names return them), and
    ``first`` and ``further``: the sound of the first character and of the others.
    """
    distinct = names.unique().to_pylist()
    compared = [plain(name or "") for name in distinct]
    heard = [sound(name) for name in compared]
    columns: dict[str, Sequence[str | None]] = {
        "name": distinct,
        "plain": compared,
        "sound": heard,
        "first": [syllables.partition(" ")[0] for syllables in heard],
        "further": [syllables.partition(" ")[2] for syllables in heard],
    }
    return pa.table({title: pa.array(column, pa.string()) for title, column in columns.items()})


def _read(signs: str) -> str:
    return "".join(map(_syllable, signs))


@cache
def _syllable(sign: str) -> str:
    """The first toneless reading of a character, or a character without reading itself, and a space."""
    # Not at the top: its dictionaries take a third of a second, which every start of the web server would wait for.
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.contrib.tone_convert import to_normal

    readings = PINYIN_DICT.get(ord(sign))
    return f"{to_normal(readings.split(',')[0], v_to_u=False)} " if readings else f"{sign} "


@cache
def _folded() -> dict[int, str]:
    groups = yaml.safe_load((_FOLDER / "signs.yaml").read_text(encoding="utf-8"))
    return {ord(sign): group[-1] for kind in groups.values() for group in kind.split() for sign in group[:-1]}


@cache
def _surnames() -> dict[str, str]:
    surnames: dict[str, str] = yaml.safe_load((_FOLDER / "surnames.yaml").read_text(encoding="utf-8"))
    return surnames
