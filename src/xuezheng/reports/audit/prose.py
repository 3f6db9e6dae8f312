"""The rules held against a sentence: parts and whole, shares, amounts by head, changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from xuezheng.reports.audit.mentions import Mention, mentions
from xuezheng.reports.audit.slips import Certainty, Rule, Slip

_BRACKET = re.compile(r"[（(]([^（）()]*)[）)]")
#: Brackets that open so do not tell all parts of what stands before them.
_PARTIAL = re.compile(
    r"\s*(?:其中|含|包括|包含|不含|如|另|比|较|同比|环比|占|平均|人均|生均|每|截至|原|以|约|下降|增长|目标|已|不少于|不超过|现为)"
)
_TOTAL_WORDS = re.compile(
    "(?:共计|合计|总计|总共|一共|累计|共|总数|总额|总投入|总量)[^，。；：、（）]{0,14}$"
)
_RESPECTIVELY = re.compile("分别(?:为|是|有|达|占|达到|完成|增长)?")
_A_HEAD = re.compile(
    "(?:每生|每人|人均|生均|每名|每位|每户|每所|每校|户均|校均|标准(?:为|是)?|每人次|每餐|每张|每套|每间)[^，。；：、（）]{0,12}$"
)
_TIMES = (1, 2, 3, 4, 5, 6, 9, 10, 12)  # terms, months
_RISE, _FALL = "增加|增长|提高|上升|提升|扩大|新增|增", "减少|下降|降低|缩小|降"
_FROM_TO = re.compile(rf"(?:由|从)[^，。；]{{0,24}}?(?P<verb>{_RISE}|{_FALL})(?:到|至|为|成)")
_DIFFERENCE = re.compile(rf"(?P<verb>{_RISE}|{_FALL})(?:了|幅度?为?|率为?)?(?:约|近)?$")
_LAST_YEAR = re.compile("(?:去年|上年|上一年|上年度|上期|上学期|前一年)(?:同期)?[^，。；：]{0,12}$")
_NEAR_MISS = Decimal("0.1")
_HALF_POINT = Decimal("0.5")


@dataclass(frozen=True)
class Sentence:
    """A sentence, its numbers, and where its brackets are."""

    text: str
    numbers: tuple[Mention, ...]

    @classmethod
    def of(cls, text: str) -> Sentence:
        """Read a sentence."""
        return cls(text, tuple(mentions(text)))

    def between(self, start: int, end: int) -> list[Mention]:
        """The numbers that stand between two places."""
        return [number for number in self.numbers if start <= number.start and number.end <= end]

    def outside_brackets(self) -> list[Mention]:
        """The numbers that stand in no bracket."""
        inside = [found.span() for found in _BRACKET.finditer(self.text)]
        return [
            number for number in self.numbers if not any(start <= number.start < end for start, end in inside)
        ]


def check(text: str) -> Iterator[Slip]:
    """Hold every rule against one sentence."""
    sentence = Sentence.of(text)
    if len(sentence.numbers) < 2:
        return
    yield from _first_of_each([*_brackets(sentence), *_among(sentence), *_listed(sentence)])
    yield from _shares(sentence)
    yield from _standards(sentence)
    yield from _changes(sentence)


def _first_of_each(slips: Iterable[Slip]) -> Iterator[Slip]:
    """One whole is told to differ from its parts once."""
    told = set()
    for slip in slips:
        if slip.numbers[0] not in told:
            told.add(slip.numbers[0])
            yield slip


def _brackets(sentence: Sentence) -> Iterator[Slip]:
    """350人（高中26人，…）: what stands in a bracket makes up what stands just before it."""
    for found in _BRACKET.finditer(sentence.text):
        inner = sentence.between(found.start(1), found.end(1))
        partial = _PARTIAL.match(found.group(1)) is not None
        for whole in _wholes_before(sentence, found.start()):
            parts = [number for number in inner if number.kind == whole.kind]
            if partial and not found.group(1).lstrip().startswith(("其中", "含", "包括", "包含")):
                continue
            yield from _compare(sentence, whole, parts, exhaustive=not partial)


def _wholes_before(sentence: Sentence, place: int) -> Iterator[Mention]:
    """The numbers, of a kind each, that stand right before a place: 26人3.9万元（."""
    kinds = set()
    for number in reversed(sentence.between(0, place)):
        if (
            not re.fullmatch(r"[、，和]?[\u4e00-\u9fff]{0,6}", sentence.text[number.end : place])
            or number.kind in kinds
        ):
            return
        kinds.add(number.kind)
        yield number
        place = number.start


def _among(sentence: Sentence) -> Iterator[Slip]:
    """共350人，其中高中26人，…: those named after 其中 are no more than what stands before."""
    outside = sentence.outside_brackets()
    for found in re.finditer("其中", sentence.text):
        if any(start <= found.start() < end for start, end in _spans(sentence)):
            continue
        end = sentence.text.find("其中", found.end())
        end = len(sentence.text) if end < 0 else end
        stop = re.search("；", sentence.text[found.end() : end])
        before = [number for number in outside if number.end <= found.start()]
        after = [number for number in outside if found.end() <= number.start < end]
        kinds = dict.fromkeys(number.kind for number in after)
        for kind in kinds:
            whole = next((number for number in reversed(before) if number.kind == kind), None)
            parts = [number for number in after if number.kind == kind]
            if whole and kind != "%":
                yield from _compare(sentence, whole, parts, exhaustive=False, listed=stop is None)


def _spans(sentence: Sentence) -> list[tuple[int, int]]:
    return [found.span() for found in _BRACKET.finditer(sentence.text)]


def _listed(sentence: Sentence) -> Iterator[Slip]:
    """A、B、C分别为…, or 共…, with its parts before or after it in the sentence."""
    outside = sentence.outside_brackets()
    if "其中" in sentence.text:
        return
    for found in _RESPECTIVELY.finditer(sentence.text):
        after = [number for number in outside if number.start >= found.end()]
        before = [number for number in outside if number.end <= found.start()]
        if len(after) >= 2 and before and before[-1].kind == after[0].kind != "%":
            run = _run(sentence, after)
            yield from _compare(sentence, before[-1], run, exhaustive=False, near=_NEAR_MISS)
    for place, number in enumerate(outside):
        if number.kind == "%" or not _TOTAL_WORDS.search(number.noun):
            continue
        for others in (outside[place + 1 :], outside[:place]):
            parts = [
                other for other in others if other.kind == number.kind and not _TOTAL_WORDS.search(other.noun)
            ]
            if len(parts) >= 2:
                yield from _compare(sentence, number, parts, exhaustive=False, near=_NEAR_MISS)


def _run(sentence: Sentence, numbers: Sequence[Mention]) -> list[Mention]:
    """The numbers of a list: those that only 、，和 separate."""
    run = [numbers[0]]
    for number in numbers[1:]:
        if not re.fullmatch("[、，和及与,\\s]*", sentence.text[run[-1].end : number.start]):
            break
        run.append(number)
    return run


def _compare(
    sentence: Sentence,
    whole: Mention,
    parts: Sequence[Mention],
    *,
    exhaustive: bool,
    listed: bool = True,
    near: Decimal = _NEAR_MISS,
) -> Iterator[Slip]:
    """Hold a whole against its parts; parts that are not said to be all of it may be less."""
    if not parts or not whole.exact or not all(part.exact for part in parts) or not whole.value:
        return
    total = sum((part.value for part in parts), Decimal(0))
    slack = _slack(whole, parts)
    off = total - whole.value
    if abs(off) <= slack:
        return
    told = (whole.text, *(part.text for part in parts))
    share = abs(off) / whole.value
    if len(parts) == 1:
        if off > 0 and not exhaustive and share < 20:
            yield Slip(
                Rule.SUM, Certainty.LIKELY, sentence.text, told,
                f"其中的{parts[0].text}多于总数{whole.text}。",
            )  # fmt: skip
        return
    if exhaustive and share <= Decimal("0.5"):
        certainty = Certainty.CERTAIN
    elif share <= near or (off > 0 and share <= 1 and listed):
        certainty = Certainty.LIKELY
    else:
        return
    yield Slip(
        Rule.SUM, certainty, sentence.text, told,
        f"各部分之和是{plain(total, whole)}，与总数{whole.text}{'多' if off > 0 else '少'}{plain(abs(off), whole)}，应核对。".replace("与总数", "比总数"),
    )  # fmt: skip


def _slack(whole: Mention, parts: Sequence[Mention]) -> Decimal:
    """How far parts may be from their whole because either was rounded; whole numbers are not."""
    quanta = [part.quantum for part in parts]
    if whole.quantum > min(quanta):
        return whole.quantum / 2
    if whole.quantum < min(quanta):
        return max(quanta) * len(parts) / 2
    told_with_places = whole.kind == "%" or "." in whole.text
    return whole.quantum * len(parts) / 2 if told_with_places and len(set(quanta)) == 1 else Decimal(0)


def plain(value: Decimal, like: Mention) -> str:
    """Write a value in the unit and magnitude in which another number is told."""
    for magnitude, power in (("亿", 10**8), ("万", 10**4)):
        if magnitude in like.text:
            return f"{(value / power).normalize():f}{magnitude}{like.unit}"
    return f"{value.normalize():f}{like.unit}"


def rounded(value: Decimal, quantum: Decimal) -> Decimal:
    """Round as a number with that last digit is told."""
    return (value / quantum).quantize(Decimal(1), ROUND_HALF_UP) * quantum


def _shares(sentence: Sentence) -> Iterator[Slip]:
    """120人，占应交流427人的28.1%; 应检427人，实检120人，受检率28.1%."""
    outside = sentence.outside_brackets()
    for share in sentence.numbers:
        if share.kind != "%" or not share.exact or share.unit == "个百分点":
            continue
        earlier = outside if share in outside else sentence.numbers
        before = [
            number for number in earlier if number.end <= share.start and number.kind != "%" and number.exact
        ]
        if not before:
            continue
        clause = sentence.text[: share.start]
        of = clause.rfind("占")
        if of >= 0 and not re.search("[。；]", clause[of:]):
            yield from _share_of(sentence, share, before, of)
        elif re.search("(?:率|比例|比重|覆盖面)(?:为|达到|达|是|约)?$", share.noun):
            yield from _rate(sentence, share, before)


def _share_of(sentence: Sentence, share: Mention, before: list[Mention], of: int) -> Iterator[Slip]:
    parts = [number for number in before if number.end <= of]
    wholes = [number for number in before if number.start >= of]
    if not parts:
        return
    part = parts[-1]
    if wholes:
        [whole] = wholes[-1:]
        if whole.kind == part.kind and whole.value:
            yield from _quotient(sentence, part, whole, share, Certainty.CERTAIN)
        return
    candidates = [number for number in parts[:-1] if number.kind == part.kind and number.value > part.value]
    if len(candidates) == 1 and not re.search("占[^，。；]{2,}的$", sentence.text[of : share.start]):
        yield from _quotient(sentence, part, candidates[0], share, Certainty.LIKELY)


def _rate(sentence: Sentence, share: Mention, before: list[Mention]) -> Iterator[Slip]:
    if len(before) < 2 or before[-1].kind != before[-2].kind:
        return
    small, large = sorted(before[-2:], key=lambda number: number.value)
    if not large.value or abs(small.value / large.value * 100 - share.value) > 15:
        return
    if any(number.kind == "%" for number in sentence.between(before[-1].end, share.start)):
        return
    yield from _quotient(sentence, small, large, share, Certainty.LIKELY)


def _quotient(
    sentence: Sentence, part: Mention, whole: Mention, share: Mention, certainty: Certainty
) -> Iterator[Slip]:
    exact = part.value / whole.value * 100
    # Cut off or rounded: both are usual.
    if abs(exact - share.value) < share.quantum:
        return
    yield Slip(
        Rule.SHARE, certainty, sentence.text, (part.text, whole.text, share.text),
        f"{part.text}占{whole.text}的{rounded(exact, min(share.quantum, Decimal('0.1')))}%，文中写的是{share.text}。",
    )  # fmt: skip


def _standards(sentence: Sentence) -> Iterator[Slip]:
    """每生500元，资助68人，3.4万元: heads times the amount a head is the amount."""
    for segment in re.split("；", sentence.text):
        numbers = Sentence.of(segment).numbers
        rates = [number for number in numbers if number.kind == "元" and _A_HEAD.search(number.noun)]
        amounts = [number for number in numbers if number.kind == "元" and number not in rates]
        heads = [
            number for number in numbers if number.kind in ("人", "人次", "户", "所", "份", "套", "间", "张")
        ]
        if len(rates) != 1 or len(amounts) != 1 or len(heads) != 1:
            continue
        rate, amount, head = rates[0], amounts[0], heads[0]
        if not (rate.exact and amount.exact and head.exact) or not rate.value or not head.value:
            continue
        products = [head.value * rate.value * times for times in _TIMES]
        slack = amount.quantum / 2
        if rate.quantum < 1 or "均" in rate.noun:
            slack = max(slack, head.value * rate.quantum)
        if any(abs(product - amount.value) <= slack for product in products):
            continue
        expected = min(products, key=lambda product: abs(product - amount.value))
        if abs(expected - amount.value) / expected > Decimal("0.3"):
            continue
        yield Slip(
            Rule.STANDARD, Certainty.CERTAIN, segment, (head.text, rate.text, amount.text),
            f"{head.text}×{rate.text}应为{plain(expected, amount)}，文中写的是{amount.text}。",
        )  # fmt: skip


def _changes(sentence: Sentence) -> Iterator[Slip]:
    """由100所增加到120所，增加20所 / 增长20%; 今年120人，去年100人，增长20%."""
    numbers = sentence.numbers
    for found in _FROM_TO.finditer(sentence.text):
        first = next(iter(sentence.between(found.start(), found.end())), None)
        second = next((number for number in numbers if number.start >= found.end() - 1), None)
        if first is None or second is None or first.kind != second.kind or not (first.exact and second.exact):
            continue
        rises = re.fullmatch(_RISE, found["verb"]) is not None
        if (second.value > first.value) != rises and second.value != first.value:
            yield Slip(
                Rule.CHANGE, Certainty.CERTAIN, sentence.text, (first.text, second.text),
                f"从{first.text}到{second.text}是{'减少' if rises else '增加'}，文中写的是“{found['verb']}”。",
            )  # fmt: skip
            continue
        yield from _difference(sentence, first, second)
    for number in numbers:
        if _LAST_YEAR.search(number.noun) and number.exact and number.kind != "%":
            present = [
                other
                for other in numbers
                if other.end <= number.start and other.kind == number.kind and other.exact
            ]
            if present and not _DIFFERENCE.search(number.noun):
                yield from _difference(sentence, number, present[-1])


def _difference(sentence: Sentence, first: Mention, second: Mention) -> Iterator[Slip]:
    """Hold the difference or the rate that follows against the two numbers."""
    after = max(first.end, second.end)
    for number in sentence.numbers:
        told = _DIFFERENCE.search(number.noun)
        if number.start < after or not told or not number.exact or not first.value:
            continue
        change = abs(second.value - first.value)
        if number.kind == "%" and first.kind != "%":
            expected, slack = change / first.value * 100, number.quantum
        elif number.unit == "个百分点" or number.kind == first.kind:
            expected, slack = (
                change,
                max(first.quantum, second.quantum) if first.quantum < 1 or first.quantum > 1 else Decimal(0),
            )
        else:
            continue
        if abs(expected - number.value) <= slack or abs(expected - number.value) > 10 * max(
            expected, number.value
        ):
            return
        yield Slip(
            Rule.CHANGE, Certainty.CERTAIN, sentence.text, (first.text, second.text, number.text),
            f"{first.text}与{second.text}相差{rounded(expected, min(number.quantum, Decimal('0.1')) if number.kind == '%' else number.quantum)}{number.unit if number.kind != first.kind else first.unit}，文中写的是{number.text}。",
        )  # fmt: skip
        return
