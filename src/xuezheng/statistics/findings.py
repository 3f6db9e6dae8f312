"""What has to be explained of a table: rules that do not hold, and large changes since the year before.

An explanation is kept with the numbers that it explains. It applies again whenever the table is computed with
the same numbers, and is void once they differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from xuezheng.policy.current import entry
from xuezheng.records.models import TableExplanation, User
from xuezheng.records.models.evidence import LONGEST
from xuezheng.snapshots import Snapshot
from xuezheng.statistics.cells import FilledTable, Place, counting_day, fill, first_known_day
from xuezheng.statistics.checks import Check, check_filled


class ExplanationRefused(Exception):
    """The explanation was not kept; the text is a Chinese sentence with the reason."""


@dataclass(frozen=True)
class Change:
    """The numbers of a cell a year ago and now."""

    before: int
    now: int

    @property
    def difference(self) -> int:
        """By how much the number has grown."""
        return self.now - self.before

    def is_large(self, share: float, least: int) -> bool:
        """Return whether the number changed by at least ``share`` percent and at least ``least``."""
        return abs(self.difference) >= max(least, 1) and abs(self.difference) * 100 >= share * self.before


@dataclass(frozen=True)
class Finding:
    """One thing to explain: a Chinese sentence ``text``, and what was written about it.

    ``subject`` identifies it in every year and school, ``numbers`` are those to be explained. ``is_hard`` says
    that no explanation is accepted: the numbers must be put right. ``explanation`` is the one in force, and
    ``void`` the latest one of other numbers; each is None if there is none.
    """

    subject: str
    numbers: str
    text: str
    is_hard: bool
    explanation: TableExplanation | None = None
    void: TableExplanation | None = None


def fill_year_before(filled: FilledTable, snapshot: Snapshot) -> FilledTable | None:
    """Compute the table of the year before, for the same school and from the same snapshot.

    Returns None if the registers are kept only from a later day on.
    """
    day, known = counting_day(filled.day.year - 1), first_known_day()
    if known is None or day < known:
        return None
    return fill(filled.table, snapshot, day, filled.school)


def changes(filled: FilledTable, before: FilledTable | None) -> dict[Place, Change]:
    """Return the numbers of each cell that has one in both years, by place."""
    earlier = before.numbers if before else {}
    return {
        place: Change(earlier[place], number) for place, number in filled.numbers.items() if place in earlier
    }


def limits(day: date) -> tuple[float, int] | None:
    """Return from how many percent and how many persons on a change is large, both as of a day.

    Returns None if either is not set, as after an upgrade whose values nobody has taken yet.
    """
    share, least = (entry(f"policy.table_change_{name}").value(day) for name in ("share", "least"))
    return None if share is None or least is None else (share, least)


def findings(filled: FilledTable, checks: Sequence[Check], changed: Mapping[Place, Change]) -> list[Finding]:
    """Return what has to be explained of a table, with the explanations kept: rules first, then large changes."""
    large = limits(filled.day)
    open_findings = [
        Finding(
            f"{each.rule.scope} {each.place} {each.rule}",
            f"{each.left}/{each.right}",
            str(each),
            each.rule.hard,
        )
        for each in checks
        if each.holds is False
    ]
    open_findings += [
        Finding(
            f"change {'.'.join(place)}",
            f"{change.before}/{change.now}",
            f"{'，'.join(filled.table.titles_of(*place))}：上年{change.before}，本年{change.now}，"
            f"相差{change.difference:+d}",
            False,
        )
        for place, change in changed.items()
        if large is not None and change.is_large(*large)
    ]
    explanations: dict[str, list[TableExplanation]] = {}
    for explanation in TableExplanation.objects.of_table(
        filled.table.code, filled.day.year, filled.school
    ).select_related("made_by"):
        explanations.setdefault(explanation.subject, []).append(explanation)
    return [_explained(finding, explanations.get(finding.subject, [])) for finding in open_findings]


def _explained(finding: Finding, explanations: Sequence[TableExplanation]) -> Finding:
    """Return the finding with the latest explanation of its numbers or, without one, the latest of others as void."""
    if not explanations:
        return finding
    current = [each for each in explanations if each.numbers == finding.numbers]
    return replace(finding, explanation=current[-1]) if current else replace(finding, void=explanations[-1])


@dataclass(frozen=True)
class Examination:
    """A table examined: that of the year ``before`` (None without one), the changes since, the rules, and what has to be explained."""

    before: FilledTable | None
    changes: Mapping[Place, Change]
    checks: Sequence[Check]
    findings: Sequence[Finding]


def examine(filled: FilledTable, snapshot: Snapshot) -> Examination:
    """Compare a table with the year before, evaluate its rules, and return what has to be explained."""
    before = fill_year_before(filled, snapshot)
    changed, checks = changes(filled, before), check_filled(filled, snapshot)
    return Examination(before, changed, checks, findings(filled, checks, changed))


def explain(
    filled: FilledTable, known: Sequence[Finding], subject: str, numbers: str, text: str, user: User
) -> TableExplanation:
    """Keep a user's explanation of one of the findings of a table.

    ``numbers`` are those that the user saw. Raises :class:`ExplanationRefused` if the finding is gone, has
    other numbers or must be put right, or if the text is empty or too long.
    """
    finding = next((each for each in known if (each.subject, each.numbers) == (subject, numbers)), None)
    if finding is None:
        raise ExplanationRefused("这一项的数已经变了。请看本页现在的数，再写说明。")
    if finding.is_hard:
        raise ExplanationRefused("这条关系必须相符，不能用说明代替。请改正台账。")
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise ExplanationRefused(f"请写出原因，不超过{LONGEST}字。")
    return TableExplanation.objects.create(
        table=filled.table.code,
        year=filled.day.year,
        school=filled.school,
        subject=subject,
        numbers=numbers,
        text=text,
        made_by=user,
    )
