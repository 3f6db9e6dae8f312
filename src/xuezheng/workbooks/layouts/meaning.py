"""How well a column of another layout agrees with a column of a template, by heading and cells."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from xuezheng.records.identifiers import id_number_in
from xuezheng.workbooks.layouts.conversions import Row, candidates, convert, readable
from xuezheng.workbooks.layouts.references import References
from xuezheng.workbooks.layouts.tables import Heading
from xuezheng.workbooks.layouts.vocabulary import Vocabulary, plain, unit_of, vocabulary, without_unit
from xuezheng.workbooks.sheet import Column

SAMPLES = 30
#: The lowest score with which a column of a table and one of a template count as a pair.
LEAST = 0.45
_ALIKE = 0.8
_RATE = "标准"
_NAME = re.compile(r"[\u3400-\u9fff○〇·•\s]{2,12}")
_ID_KINDS = ("id", "disability", "student")
_KINDS = (
    ("id", re.compile(r"[0-9]{17}[0-9Xx]")),
    ("student", re.compile(r"[GJL][0-9]{17}[0-9Xx]")),
    ("disability", re.compile(r"[0-9]{17}[0-9Xx][0-9A-Z]{2,3}")),
    ("phone", re.compile(r"1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}")),
    ("account", re.compile(r"[0-9]{16,19}")),
    (
        "date",
        re.compile(
            r"(19|20)[0-9]{2}([-/.年][0-9]{1,2}([-/.月][0-9]{1,2}日?)?月?|[01][0-9]([0-3][0-9])?)( 00:00:00)?"
        ),
    ),
    ("number", re.compile(r"[-+]?[0-9][0-9,]*(\.[0-9]+)?%?")),
    ("sex", re.compile(r"男|女|男性|女性")),
    ("name", _NAME),
)


@dataclass(frozen=True)
class Pair:
    """A column of a table and a column of a template that agree.

    ``score`` (0 to 1) says how well; ``conversion`` is the conversion of the cells.
    """

    heading: Heading
    column: Column
    score: float
    conversion: str


def kind_of(samples: Sequence[str]) -> str:
    """Return what kind of content at least 60% of some cells have, such as ``id``, ``date``, ``number`` or ``name``.

    Further kinds are ``student`` and ``disability`` (numbers of pupils and of disability cards), ``phone``,
    ``account`` and ``sex``. It is ``text`` if there is none, "" without samples.
    """
    if not samples:
        return ""
    kinds: Counter[str] = Counter()
    for text in samples:
        form = "".join(text.split()).strip("'")
        kinds[next((kind for kind, pattern in _KINDS if pattern.fullmatch(form)), "text")] += 1
    kind, number = kinds.most_common(1)[0]
    return kind if number * 10 >= len(samples) * 6 else "text"


def samples_of(texts: Sequence[str], absent: frozenset[str]) -> list[str]:
    """Return the first 30 distinct texts that are neither blank nor in ``absent``, the words for "none"."""
    filled = dict.fromkeys(text.strip() for text in texts if text.strip() and text.strip() not in absent)
    return list(filled)[:SAMPLES]


def pair(
    heading: Heading,
    column: Column,
    samples: Sequence[str],
    kind: str,
    unit: str,
    words: Vocabulary,
    known: References,
) -> Pair | None:
    """Return how well a column of a table agrees with a column of a template, by its heading and cells.

    Returns None if it does not. ``samples`` are cells of the column, ``kind`` is what they are
    (:func:`kind_of`); ``unit`` is the unit of amounts stated above the table, or ""; ``words`` is the
    vocabulary, ``known`` are the names in the registers.
    """
    meaning = _meaning(heading, column, words)
    if not meaning and kind == "id" and column.path.endswith("person.id_number"):
        blocked = words.is_of_another(heading.full) or words.knows(heading.text)
        meaning = 0.0 if blocked else 0.55
    if not meaning or _contradicts(column, kind):
        return None
    share, conversion = best_conversion(heading, column, samples, unit, known)
    if share < 0.3:
        return None
    score = meaning * (0.5 + 0.5 * share)
    return Pair(heading, column, score, conversion) if score >= LEAST else None


def _meaning(heading: Heading, column: Column, words: Vocabulary) -> float:
    full = plain("".join((*heading.groups, heading.text)))
    last = plain("".join((*heading.groups[-1:], heading.text)))
    for form in dict.fromkeys((full, last, without_unit(full), without_unit(last))):
        if heading.groups and column.title in words.meanings.get(form, ()):
            return 1.0 if form == plain(column.title) else 0.97
    leaf = plain(heading.text)
    of_another = words.is_of_another("".join(heading.groups))
    about_person = column.path.startswith("person.") or column.path in (
        "name",
        "id_number",
        "sex",
        "birth_date",
    )
    about_person = about_person or column.path.endswith(("school.code", "school_name", "post"))
    if of_another and about_person:
        return 0.0
    if leaf == plain(column.title):
        return 1.0
    for form in (leaf, without_unit(leaf)):
        meant = words.meanings.get(form, frozenset())
        if column.title in meant:
            # A rate stands for the amount only where no amount stands beside it.
            return 0.85 if _RATE in leaf and _RATE not in column.title else 0.95 if form == leaf else 0.9
        if meant or form in words.unneeded:
            return 0.0
    if words.is_of_another(heading.full) and about_person:
        return 0.0
    return _likenesses(leaf).get(column.title, 0.0)


@cache
def _likenesses(leaf: str) -> dict[str, float]:
    """The likeness of a heading that nobody knows to the headings of templates, by those."""
    form = without_unit(leaf)
    best: dict[str, float] = {}
    if len(form) < 3:
        return best
    for name, meant in vocabulary().meanings.items():
        if len(name) < 3:
            continue
        likeness = 0.75 if form.endswith(name) or form.startswith(name) else 0.0
        matcher = difflib.SequenceMatcher(None, form, name)
        if matcher.real_quick_ratio() >= _ALIKE and (ratio := matcher.ratio()) >= _ALIKE:
            likeness = max(likeness, ratio * 0.8)
        for title in meant if likeness else ():
            best[title] = max(best.get(title, 0.0), likeness)
    return best


def _contradicts(column: Column, kind: str) -> bool:
    """Whether cells of a kind cannot be those of a template's column, whatever its heading."""
    if not kind:
        return False
    title, last = column.title, column.path.rpartition(".")[2]
    if last in ("name", "holder", "guardian") and (
        column.path.startswith("person.") or "姓名" in title or title in ("户名", "监护人")
    ):
        return kind not in ("name", "text")
    if last == "id_number" and title == "身份证件号":
        return kind not in ("id", "text", "account", "number")
    if last == "sex":
        return kind in ("date", "name", *_ID_KINDS)
    if title == "学籍号":
        return kind in ("phone", "date", "name")
    if type(column.field).__name__ == "DateField":
        return kind not in ("date", "number", "text")
    if column.secret:
        return False
    return kind in _ID_KINDS and title != "证件号（原样）"


def source_unit(heading: Heading, unit: str) -> str:
    """Return the unit of the amounts in a column: 元, 万元 or another unit, "" if none is stated.

    ``unit`` is the unit stated above the table, or "". 万元 stated there counts before the unit in the heading,
    any other unit after it.
    """
    # A title in 万元 over a heading in yuan, too: a person has to see the conversion before any amount is read.
    return unit if unit == "万元" else unit_of(heading.full) or unit


def best_conversion(
    heading: Heading, column: Column, samples: Sequence[str], unit: str, known: References
) -> tuple[float, str]:
    """Return (share, conversion): the conversion by which a column of a template reads most of the samples.

    ``share`` is the share of the samples that it reads (0 to 1), ``conversion`` a key of
    :data:`~xuezheng.workbooks.layouts.conversions.CONVERSIONS`. Without samples the share is 1, and the
    conversion is the first that :func:`candidates` offers. ``unit`` is the unit stated above the table, or
    "".
    """
    options = list(candidates(column, source_unit(heading, unit)))
    if not samples:
        return 1.0, options[0]
    best, chosen = -1.0, ""
    for option in options:
        row = Row({}, known)
        texts = [convert(option, column, text, row) for text in samples]
        if option == "birth":  # the other half is read from the ID number of the row
            read = [
                readable(column, new) or kind_of([old]) == "date"
                for old, new in zip(samples, texts, strict=True)
            ]
        else:
            read = [readable(column, text) for text in texts]
        share = sum(read) / len(read)
        if share > best + 0.001:
            best, chosen = share, option
    if (
        options[0] == ""
        and column.secret
        and kind_of(samples) == "id"
        and any(id_number_in(s.strip()) for s in samples)
    ):
        best = max(best, 0.9)
    if column.path.endswith(("school.code", "household_division")) and best < 0.3:
        # Without registers, a name still is what stands for the code.
        names = sum(bool(_NAME.fullmatch(text)) or not text.isdigit() for text in samples) / len(samples)
        best, chosen = (0.5 * names, options[-1]) if column.path.endswith("school.code") else (0.0, "")
    if (
        column.title == "学校标识码"
        and chosen == ""
        and best > 0.99
        and all(not s.isdigit() for s in samples)
    ):
        chosen = "school"
    return best, chosen
