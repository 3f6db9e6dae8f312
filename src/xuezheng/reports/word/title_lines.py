"""Breaking the title of an official document into lines, between words, in the shape of a trapezium or a rhombus."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

FULL = 20  # characters of 二号 to a line of text
_MOST_LINES = 4
# Words of titles whose number of characters is odd; most others have two or four, so that a break after an even
# number of characters is likely to fall between words.
_ODD_WORDS = tuple(
    re.findall(
        r"\w+",
        "教育局 幼儿园 中小学 运动会 委员会 办公室 工作组 示范校 责任制 小学生 中学生 高中生 贫困生 寄宿生 助学金 "
        "教科书 学杂费 负责人 一览表 统计表 情况表",
    )
)
_JOINERS = "的和与及、暨"
_PHRASES = ("关于", "做好", "开展", "报送", "商请", "印发", "转发", "召开")
# 2019年上半年, 5号, 《…》, （…） and words in Latin letters are never divided.
_UNBREAKABLE = re.compile(
    r"《[^》]*》|（[^）]*）|“[^”]*”|〔?[0-9][0-9.,%—-]*〕?(?:年(?:[上下]半年|[春秋]季学期|度)?|学年|月|日|号)*|[A-Za-z]+"
)


def width(text: str) -> float:
    """Return the width of a text in full-width characters; an ASCII character counts half."""
    return sum(0.5 if sign.isascii() else 1.0 for sign in text)


def breaks(title: str, names: Iterable[str] = (), full: float = FULL) -> tuple[int, ...]:
    """Return the offsets at which a title is broken, each the beginning of a further line.

    An empty tuple for one line. ``names`` are never divided. A title that fits one line of ``full``
    full-width characters stays on one line.
    """
    if width(title) <= full:
        return ()
    places = _places(title, [name for name in names if name])
    fewest = -int(-width(title) // full)
    for count in range(fewest, _MOST_LINES + 1):
        breakings = [
            (
                _cost([title[a:b] for a, b in itertools.pairwise((0, *chosen, len(title)))], chosen, places),
                chosen,
            )
            for chosen in itertools.combinations(sorted(places), count - 1)
            if all(width(title[a:b]) <= full for a, b in itertools.pairwise((0, *chosen, len(title))))
        ]
        if breakings:
            return min(breakings)[1]
    return ()


def _cost(lines: list[str], chosen: tuple[int, ...], places: dict[int, float]) -> float:
    """Return the penalty of a division into lines: for breaks within words, and for lines not in a trapezium or rhombus."""
    widths = [width(line) for line in lines]
    steps = [after - before for before, after in itertools.pairwise(widths)]
    shaped = all(step > 0 for step in steps) or all(step < 0 for step in steps) or _bulging(steps)
    spread = max(widths) - min(widths)
    return sum(places[place] for place in chosen) + (0 if shaped else 6) + abs(spread - 4) * 0.5


def _bulging(steps: list[float]) -> bool:
    """Whether lines grow longer and then shorter, given the differences of their widths."""
    signs = [step > 0 for step in steps]
    return 0 not in steps and signs == sorted(signs, reverse=True)


def _places(title: str, names: list[str]) -> dict[int, float]:
    """Return each offset where the title may be broken, with its penalty."""
    places: dict[int, float] = {}
    for start, end in _runs(title, names):
        if start:
            places[start] = _against(title, start)
        places |= {
            place: _against(title, place) + (3 if (place - start) % 2 == 0 else 9)
            for place in range(start + 1, end)
            if not _is_unbreakable(title[start:end], names)
        }
    return places


def _runs(title: str, names: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) ranges of a title: the stretches that are never divided, and those between."""
    unbroken = "|".join(
        re.escape(word) for word in sorted([*names, *_PHRASES, *_ODD_WORDS], key=len, reverse=True)
    )
    start = 0
    for match in re.finditer(f"{_UNBREAKABLE.pattern}|{unbroken}|[{_JOINERS}]", title):
        if start < match.start():
            yield start, match.start()
        yield match.span()
        start = match.end()
    if start < len(title):
        yield start, len(title)


def _is_unbreakable(run: str, names: list[str]) -> bool:
    return run in (*names, *_PHRASES, *_ODD_WORDS) or bool(_UNBREAKABLE.fullmatch(run))


def _against(title: str, place: int) -> float:
    """Return the penalty of a line that begins at an offset."""
    after, before = title[place:], title[:place]
    if after[0] in _JOINERS + "）》”" or before.endswith(("（", "《", "“", *_PHRASES)):
        return 20
    return 0 if after.startswith("关于") or before[-1] in _JOINERS else 1.5
