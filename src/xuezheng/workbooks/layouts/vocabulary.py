"""The vocabulary of workbooks of other layouts: synonyms of headings and values, read from ``vocabulary.yaml``."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from xuezheng.workbooks import sheet_catalogue

_PATH = Path(__file__).with_name("vocabulary.yaml")
_ONE_FORM = str.maketrans("（）：＊／，％～", "():*/,%~")
_DATE_FORM = re.compile(r"\((?:[yY]{4}.*|格式.*|必填|选填|可不填|[RL]|OD|OS|如.*)\)")
_UNIT = re.compile(
    r"[(/](?:单位[:：])?(万元|元|千元|人|分|厘米|cm|kg|公斤|千克|秒|s|平方米|㎡|m2|亩|次|个|天|间|岁|份|所|毫升|ml|%|公里)\)?$"
)


class VocabularyError(ValueError):
    """``vocabulary.yaml`` is invalid; the exception's text is a Chinese sentence with the place."""


@dataclass(frozen=True)
class Vocabulary:
    """What headings and values in other layouts mean; headings are in the form of :func:`plain`.

    - ``meanings``: by heading, the headings of templates that it may stand for
    - ``unneeded``: headings that are never imported; ``others``: words for persons whom the row is not about
      (such as guardians); ``together``: phrases that name the row's person together with another
    - ``values``: by column title of a template, the words for its values
    - ``topics``: by template title, words in titles that speak for it; ``signs``: headings that speak for it
      although it has no such column
    - ``absent``: words for an empty cell; ``fills``: by template and column title, a fixed text for all rows
    - ``dated``: titles of columns that are filled with the date above the table; ``undated``: words of lines
      whose date does not count
    - ``single``: columns that usually have one text in all rows; ``common``: columns that any list of people
      may have
    """

    meanings: dict[str, frozenset[str]]
    unneeded: frozenset[str]
    others: tuple[str, ...]
    topics: dict[str, tuple[str, ...]]
    values: dict[str, dict[str, str]]
    together: tuple[str, ...] = ()
    absent: frozenset[str] = frozenset()
    fills: dict[str, dict[str, str]] = field(default_factory=dict)
    dated: frozenset[str] = frozenset()
    undated: tuple[str, ...] = ()
    signs: dict[str, frozenset[str]] = field(default_factory=dict)
    single: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()

    def knows(self, heading: str) -> bool:
        """Return whether a text, with or without a unit at its end, is a heading that the vocabulary has."""
        form = plain(heading)
        return any(f in self.meanings or f in self.unneeded for f in (form, without_unit(form)))

    def is_of_another(self, text: str) -> bool:
        """Return whether a heading or group names a person other than the one the row is about.

        Such a person is, for example, a guardian.
        """
        for words in self.together:
            text = text.replace(words, "")
        return any(word in text for word in self.others)


def plain(text: str) -> str:
    """Return a heading in comparable form.

    It is without blanks, line breaks, stars and notes on filling in, with half-width signs.
    """
    form = "".join(text.split()).translate(_ONE_FORM).strip("*★☆:")
    return _DATE_FORM.sub("", form)


def without_unit(form: str) -> str:
    """Return a heading in plain form without the unit at its end: 金额 for 金额(万元)."""
    return _UNIT.sub("", form)


def unit_of(text: str) -> str:
    """Return the unit at the end of a heading, such as ``万元``; "" if there is none."""
    match = _UNIT.search("".join(text.split()).translate(_ONE_FORM))
    return match[1] if match else ""


def without_parts(names: Collection[str]) -> list[str]:
    """Return the names that are not contained in another of them: of 云岭小学 and 云岭小学分校, the longer."""
    return [name for name in names if not any(name != longer and name in longer for longer in names)]


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary of this release; raises :class:`VocabularyError` if its file is invalid."""
    return parse(yaml.safe_load(_PATH.read_text("utf-8")))


def parse(content: Any) -> Vocabulary:
    """Return the vocabulary in the content of ``vocabulary.yaml``.

    Raises :class:`VocabularyError` if a part is missing or of a wrong type, or names a template or heading
    that does not exist.
    """
    shape = {
        "headings": dict, "unneeded": list, "others": list, "topics": dict, "values": dict, "together": list,
        "absent": list, "fills": dict, "dated": list, "undated": list, "signs": dict,
        "single": list, "common": list,
    }  # fmt: skip
    for name, kind in shape.items():
        if not isinstance(content, dict) or not isinstance(content.get(name), kind):
            raise VocabularyError(f"词表缺少“{name}”，或写法不对。")
    titles = {column.title for sheet in sheet_catalogue.sheets().values() for column in sheet.columns}
    if strange := content["headings"].keys() - titles:
        raise VocabularyError(f"词表的“{'、'.join(sorted(strange))}”不是任何模板的表头。")
    for name in ("topics", "signs", "fills"):
        if strange := content[name].keys() - sheet_catalogue.sheets().keys():
            raise VocabularyError(f"词表的“{'、'.join(sorted(strange))}”不是任何模板。")
    if strange := content["values"].keys() - titles:
        raise VocabularyError(f"词表“values”的“{'、'.join(sorted(strange))}”不是任何模板的表头。")
    meanings: dict[str, set[str]] = {plain(title): {title} for title in titles}
    for title in titles:
        meanings.setdefault(without_unit(plain(title)), set()).add(title)
    for title, names in content["headings"].items():
        for name in names:
            meanings.setdefault(plain(str(name)), set()).add(title)
    return Vocabulary(
        {name: frozenset(meant) for name, meant in meanings.items()},
        frozenset(plain(str(name)) for name in content["unneeded"]),
        tuple(map(str, content["others"])),
        {title: tuple(map(str, words)) for title, words in content["topics"].items()},
        {title: {str(k): str(v) for k, v in words.items()} for title, words in content["values"].items()},
        tuple(map(str, content["together"])),
        frozenset(map(str, content["absent"])),
        {title: dict(texts) for title, texts in content["fills"].items()},
        frozenset(map(str, content["dated"])),
        tuple(map(str, content["undated"])),
        {title: frozenset(map(plain, names)) for title, names in content["signs"].items()},
        frozenset(map(str, content["single"])),
        frozenset(map(str, content["common"])),
    )
