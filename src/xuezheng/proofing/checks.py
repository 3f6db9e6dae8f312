"""The audit of a complete source: every passage, every table, and facts that are stated more than once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from xuezheng.proofing.coverage import Audit, CheckedNumber, Coverage, Status
from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.grids import Table
from xuezheng.proofing.number_tokens import NumberToken, Role, alike, find_number_tokens
from xuezheng.proofing.prose.averages import check_averages
from xuezheng.proofing.prose.changes import check_changes
from xuezheng.proofing.prose.headlines import check_headlines
from xuezheng.proofing.prose.passages import Level, passages
from xuezheng.proofing.prose.residuals import check_residuals
from xuezheng.proofing.prose.shares import check_shares
from xuezheng.proofing.prose.sums import check_sums
from xuezheng.proofing.reading import Source
from xuezheng.proofing.relations import Relation
from xuezheng.proofing.tables import check_table
from xuezheng.proofing.typing_errors import is_displaced, is_mistyped

#: Words that make two numbers of one thing two things: another time, another part, an aim.
_ANOTHER = re.compile(
    "去年|上年|上期|同期|截至|其中|目标|计划|拟|力争|达到|年底|新增|分别|春|秋|上半年|下半年|[0-9]{4}年|[一二三四五六七八九十0-9]月"
)
_LEAD = re.compile(
    "^(?:[一二三四五六七八九十]是|目前|现|共|全区|全县|全市|我区|累计|已|共有|现有|拥有|共计|全年|本期|合计|总共|为|对|有)+"
)
_TAIL = re.compile("(?:共|共计|达|达到|为|有|约|是|计|总计|合计|到|的)+$")
_MOST = 120  # numbers: a passage of more is no prose
_SHORTEST = 5  # signs: shorter names are given to more than one thing
_SHORTER = 4  # signs of what a number before its noun counts
_NEAR = Decimal("0.1")
_FAR = 3  # times: what is farther off is another thing of the same name
_TELLING = 3  # digits
#: What a whole area or year has: 全年共开展, 全县现有.
_OVERALL = re.compile("全年|全县|全市|全区|全系统|累计|总计|一共|共(?!同|享|建)")
#: 3864名教师中: a number before what it counts, told before.
_NAMED_AFTER = re.compile("^(?P<thing>[一-鿿]{2,8}?)(?:中，|中(?=[一-鿿]{0,4}[0-9])|全部|全员|均[^值]|都)")


def audit(source: Source) -> Audit:
    """Check the arithmetic of every sentence and table of a text, and facts that are stated more than once.

    Returns the discrepancies found and what was checked; it reads no register and no snapshot.
    """
    discrepancies: list[Discrepancy] = []
    numbers: list[CheckedNumber] = []
    compared = 0
    earlier: list[NumberToken] = []
    read: list[tuple[str, list[NumberToken]]] = []
    for order, paragraph in enumerate(source.paragraphs):
        for passage in passages(paragraph):
            tokens = find_number_tokens(passage.text)
            relations = list(check(passage.text, tokens, earlier))
            discrepancies += [
                relation.discrepancy.at(passage.text.strip())
                for relation in relations
                if relation.discrepancy
            ]
            compared += len({relation.places for relation in relations})
            numbers += [_checked(order, passage.start, token, relations) for token in tokens]
            read.append((passage.text, tokens))
            earlier += tokens
            del earlier[:-_MOST]
    discrepancies += _repeats(read)
    discrepancies += check_headlines(source.paragraphs)
    cells = agreeing = 0
    for title, grid in source.tables:
        table = Table(title or "表", grid)
        comparisons = list(check_table(table))
        discrepancies += [each.discrepancy for each in comparisons if each.discrepancy]
        compared += len({each.cells for each in comparisons})
        cells += len(table.numbers)
        agreeing += len({cell for each in comparisons for cell in each.cells})
    unchecked = sum(number.status is Status.UNCHECKED for number in numbers) + cells - agreeing
    coverage = Coverage(len(numbers) + cells, compared, unchecked, source.unread)
    return Audit(tuple(dict.fromkeys(discrepancies)), coverage, tuple(numbers))


def _checked(paragraph: int, offset: int, token: NumberToken, relations: Sequence[Relation]) -> CheckedNumber:
    own = [relation for relation in relations if token.start in relation.places]
    wrong = any(relation.discrepancy for relation in own)
    status = Status.WRONG if wrong else Status.AGREES if own else Status.UNCHECKED
    return CheckedNumber(paragraph, offset + token.start, offset + token.end, status)


def check(
    passage: str, numbers: Sequence[NumberToken], earlier: Sequence[NumberToken] = ()
) -> Iterator[Relation]:
    """Yield the arithmetic relations that a passage states between its numbers, whether or not they hold.

    A passage is a sentence, or several that belong together. The relations are sums and their parts, shares,
    averages, changes and remainders; one that does not hold has a discrepancy. ``numbers`` are the numbers of
    the passage in order, as :func:`~xuezheng.proofing.number_tokens.find_number_tokens` returns them;
    ``earlier`` are those of the text before it, which may be the totals of its shares.
    """
    if not numbers or (len(numbers) > _MOST and not earlier):
        return
    plain = alike(passage)
    yield from check_sums(passage, Level.parse(passage))
    shares = list(check_shares(plain, numbers, earlier))
    yield from shares
    yield from check_averages(plain, numbers)
    yield from check_changes(plain, numbers)
    pairs = {
        (part.start, total.start)
        for part, total, _ in (relation.numbers for relation in shares if len(relation.numbers) == 3)
        if part.kind == total.kind
    }
    yield from check_residuals(plain, numbers, earlier, pairs)


def _repeats(read: Sequence[tuple[str, Sequence[NumberToken]]]) -> Iterator[Discrepancy]:
    """Yield things stated with two numbers that are nearly alike: one of them was probably not updated.

    ``read`` are the passages with their numbers.
    """
    first: dict[tuple[str, str], tuple[NumberToken, str]] = {}
    reported = set()
    stated: set[tuple[str, Decimal]] = set()
    for text, numbers in read:
        passage = text.strip()
        for number in numbers:
            is_stated = (number.kind, number.value) in stated
            after = None if is_stated else _thing_after(number, first)
            thing = after or _thing(text, number)
            if thing is None:
                continue
            before, where = first.setdefault(thing, (number, passage))
            if not after and len(thing[0].rpartition("：")[2]) < _SHORTEST:
                continue
            if thing not in reported and where != passage and _differs(before, number):
                reported.add(thing)
                yield Discrepancy(
                    Rule.REPEAT, Certainty.CHECK, f"{where} …… {passage}", (before.text, number.text),
                    f"“{thing[0]}”前后说法不同：{before.text}，{number.text}。",
                )  # fmt: skip
        stated |= {(number.kind, number.value) for number in numbers}


def _thing(passage: str, number: NumberToken) -> tuple[str, str] | None:
    """Return the (name, kind of unit) that a number counts, without the words around the name; None where that is unclear."""
    if not number.exact or not number.unit or number.kind == "%" or number.role is not Role.LEVEL:
        return None
    if _ANOTHER.search(number.noun):
        return None
    name = _TAIL.sub("", _LEAD.sub("", number.noun))
    # 中央资金：支持产业发展1993万元 is another thing than 省级资金：支持产业发展1705万元.
    topic = passage[: number.start].rpartition("：")[0].rpartition("。")[2].strip()
    return (f"{topic}：{name}" if topic else name, number.kind) if len(name) >= _SHORTER else None


def _thing_after(number: NumberToken, things: Mapping[tuple[str, str], object]) -> tuple[str, str] | None:
    """Return the thing told before that a number in 3864名教师中 counts; None for another number."""
    match = _NAMED_AFTER.match(number.tail)
    if match is None or not number.exact or _ANOTHER.search(number.noun):
        return None
    named = [thing for thing in things if thing[1] == number.kind and thing[0].endswith(match["thing"])]
    return named[-1] if named else None


def _differs(first: NumberToken, second: NumberToken) -> bool:
    """Whether two numbers of one thing look as if one of them were wrong: nearly alike, mistyped, or both of all there is."""
    if _nearly(first, second):
        return True
    if first.value == second.value or not (first.value and second.value):
        return False
    is_typed = is_displaced(first, second.value) or is_mistyped(first, second.value, least=_TELLING)
    if is_typed and second.kind != "元":
        return True
    of_all = _OVERALL.search(first.noun) and (_OVERALL.search(second.noun) or _NAMED_AFTER.match(second.tail))
    ratio = first.value / second.value
    return bool(of_all) and second.kind != "元" and Decimal(1) / _FAR <= ratio <= _FAR


def _nearly(first: NumberToken, second: NumberToken) -> bool:
    off = abs(first.value - second.value)
    return max(first.slack, second.slack) < off <= max(first.value, second.value) * _NEAR
