"""Headlines and the lists below them: 本年实施项目3个，投资362万元： then 1.…, 2.…, 3.…, each a paragraph of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.number_tokens import NumberToken, Role, alike, chinese_value, find_number_tokens
from xuezheng.proofing.rounding import plain, slack_of_sum

_ENDS = re.compile("(?:如下|包括|分别是|为|是)?：$")
_CLOSES = re.compile(r"\s*(?:以上|上述|合计|共计|总计)")
#: How an item of a list is numbered, and a list within it.
_NUMBERED = re.compile(
    r"\s*(?:(?P<arabic>[0-9]{1,2})(?:[.、．](?![0-9])|）)|（(?P<bracketed>[0-9]{1,2})）"
    "|(?P<chinese>[一二三四五六七八九十]{1,3})(?:、|是)|（(?P<inner>[一二三四五六七八九十]{1,3})）|(?P<circled>[①-⑳]))"
)
#: Measure words of what a list lists one by one.
_LISTED = {"个", "项", "条", "件", "所", "家", "处", "类", "起", "篇", "支"}
_FARTHEST = 14  # signs between the number and the colon
_LONGEST = 50  # items
_MOST_BETWEEN = 10
_BETWEEN = 2  # paragraphs that may follow an item before the next


def check_headlines(paragraphs: Sequence[str]) -> Iterator[Discrepancy]:
    """Yield a discrepancy for each headline whose count or amount differs from the list in the paragraphs below it.

    A headline is a paragraph that ends in ：, followed by paragraphs numbered from 1. A paragraph that sums up
    the list before it (以上三项共…) is checked as well.
    """
    for order, paragraph in enumerate(paragraphs):
        if _CLOSES.match(paragraph):
            yield from _closed(paragraphs, order)
        plain_text = alike(paragraph.rstrip())
        if not _ENDS.search(plain_text):
            continue
        items = _items(paragraphs[order + 1 : order + 1 + _LONGEST * (_BETWEEN + 1)])
        numbers = [
            number for number in find_number_tokens(paragraph) if number.exact and number.role is Role.LEVEL
        ]
        if len(items) < 2 or not numbers:
            continue
        yield from _count(paragraph, numbers, items, len(plain_text))
        yield from _sums(paragraph, numbers, items)


def _closed(paragraphs: Sequence[str], order: int) -> Iterator[Discrepancy]:
    """Check 以上三项共支出304万元 against the list of paragraphs that ends right before it."""
    first = order
    while first and _NUMBERED.match(alike(paragraphs[first - 1])):
        first -= 1
        if _order(_numbered(paragraphs[first])) == 1:
            break
    items = _items(paragraphs[first:order])
    numbers = [
        number
        for number in find_number_tokens(paragraphs[order])
        if number.exact and number.role is Role.LEVEL
    ]
    if len(items) > 1 and len(items) == order - first and numbers:
        yield from _sums(paragraphs[order], numbers, items)


def _numbered(paragraph: str) -> re.Match[str]:
    match = _NUMBERED.match(alike(paragraph))
    if match is None:
        raise ValueError(paragraph)
    return match


def _items(paragraphs: Sequence[str]) -> list[str]:
    """Return the items of the list that begins with the first paragraph, numbered from 1 in one style."""
    items: list[str] = []
    style, skipped = None, 0
    for place, paragraph in enumerate(paragraphs):
        if skipped == _BETWEEN and not _continues(
            paragraphs[place : place + _MOST_BETWEEN], style, len(items)
        ):
            break
        match = _NUMBERED.match(alike(paragraph))
        if match and match.lastgroup == (style or match.lastgroup) and _order(match) == len(items) + 1:
            style, skipped = match.lastgroup, 0
            items.append(paragraph)
        elif not items or skipped == _MOST_BETWEEN:
            break
        else:
            skipped += 1
    return items


def _continues(paragraphs: Sequence[str], style: str | None, length: int) -> bool:
    """Whether one of the next paragraphs is the next item of a list of so many: an item may list parts of its own."""
    matches = [_NUMBERED.match(alike(paragraph)) for paragraph in paragraphs]
    return any(match and match.lastgroup == style and _order(match) == length + 1 for match in matches)


def _order(match: re.Match[str]) -> int:
    digits = match["arabic"] or match["bracketed"]
    if digits:
        return int(digits)
    if match["circled"]:
        return ord(match["circled"]) - ord("①") + 1
    return int(chinese_value(match["chinese"] or match["inner"]) or 0)


def _count(
    headline: str, numbers: Sequence[NumberToken], items: Sequence[str], length: int
) -> Iterator[Discrepancy]:
    counted = [number for number in numbers if number.kind in _LISTED and length - number.end <= _FARTHEST]
    if len(counted) == 1 and counted[0].value != len(items) and counted[0].value <= _LONGEST:
        yield Discrepancy(
            Rule.SUM, Certainty.LIKELY, headline, (counted[0].text,),
            f"标题说{counted[0].text}，下面列出了{len(items)}项。",
        )  # fmt: skip


def _sums(headline: str, numbers: Sequence[NumberToken], items: Sequence[str]) -> Iterator[Discrepancy]:
    """Check amounts: where each item holds one number of a kind of money, they are the parts of that of the headline."""
    amounts = [number for number in numbers if number.kind == "元"]
    parts = [
        [number for number in find_number_tokens(item) if number.kind == "元" and number.role is Role.LEVEL]
        for item in items
    ]
    if len(amounts) != 1 or any(len(part) != 1 or not part[0].exact for part in parts):
        return
    [total], shown = amounts, [part[0] for part in parts]
    listed = sum((part.value for part in shown), Decimal(0))
    if abs(listed - total.value) > slack_of_sum(total, shown):
        yield Discrepancy(
            Rule.SUM, Certainty.LIKELY, headline, (total.text, *(part.text for part in shown)),
            f"各项之和是{plain(listed, total)}，文中写的是{total.text}。",
        )  # fmt: skip
