"""Assessments: requirements that an area judges from a whole snapshot, and figures that count them.

A figure selects rows of one register. Whether a county meets a method of evaluation follows from many registers and
figures at once; an area declares the function that judges it, and reports, targets and the effect of an import use
the numbers of requirements met, not met and unreported as they use any figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

import pyarrow as pa

from xuezheng.core.periods import Period
from xuezheng.figures.answers import Absence, Answer, Better, Citation, Dimension, Rows
from xuezheng.figures.citations import cite_policies
from xuezheng.figures.slices import FigureError, check_dimensions
from xuezheng.records.models import Record
from xuezheng.registry import Declaration
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.snapshot import SnapshotColumn

PART = "part"
#: The columns of requirements as rows; the last three identify the figure that shows the rows behind each.
_COLUMNS = {
    "title": "要求",
    PART: "类别",
    "note": "说明",
    "figure": "来源指标",
    "period": "来源时期",
    "slice": "来源范围",
}


class Status(Enum):
    """Whether a requirement is met, not met, or unreported, which is neither; or not applicable to the county."""

    MET = "达到"
    NOT_MET = "没有达到"
    UNREPORTED = "没有报告"
    NOT_APPLICABLE = "不适用"


class Conclusion(Enum):
    """The conclusion on all requirements: passed, failed, or undecided because something was not reported."""

    PASSES = "通过"
    FAILS = "不通过"
    UNDECIDED = "不能判定"


def conclude(statuses: Iterable[Status]) -> Conclusion:
    """Return the conclusion: failed if anything is not met, passed only if everything was reported and is met."""
    statuses = set(statuses)
    if Status.NOT_MET in statuses:
        return Conclusion.FAILS
    return Conclusion.UNDECIDED if Status.UNREPORTED in statuses or not statuses else Conclusion.PASSES


class NotAssessed(Exception):
    """Nothing can be judged for a period; the text is a Chinese sentence with the reason and the remedy."""


@dataclass(frozen=True)
class Requirement:
    """A requirement as it was judged.

    ``part`` is a member of the assessment's parts, ``title`` its Chinese name, ``note`` its value and the reason
    in Chinese, "" if there is nothing to add. ``figure``, ``period`` (its key) and ``slice`` identify the figure
    whose page shows the rows behind it; ``figure`` is "" without one.
    """

    part: str
    title: str
    status: Status
    note: str = ""
    figure: str = ""
    period: str = ""
    slice: Mapping[str, str] = field(default_factory=dict)


class Assessment(Declaration):
    """The requirements of a method of evaluation, judged by the function ``judge`` from a snapshot for a year.

    ``label`` is the Chinese name, ``parts`` names the parts by their codes, ``policies`` are the keys of the
    policy entries by which it is judged, and ``registers`` the registers that are filled in for it, without
    which a snapshot is too old. ``matter`` is what a user must have permission to see to see single requirements. ``judge`` raises
    :class:`NotAssessed` where there are no data.
    """

    def __init__(
        self,
        label: str,
        judge: Callable[[Snapshot, int], Sequence[Requirement]],
        *,
        parts: Mapping[str, str],
        policies: Sequence[str],
        registers: Sequence[type[Record]],
        matter: str,
    ) -> None:
        self.label = label
        self.parts = dict(parts)
        self.policies = tuple(policies)
        self.registers = tuple(registers)
        self.matter = matter
        self._judge = judge

    def requirements(self, snapshot: Snapshot, period: Period) -> Sequence[Requirement]:
        """Return the requirements as judged for the year in which a period ends.

        Raises :class:`NotAssessed`, also for a snapshot older than a register or than the period.
        """
        if register := self.unfrozen(snapshot):
            raise NotAssessed(
                f"快照{snapshot.id}生成时还没有“{register._meta.verbose_name}”这张台账，不能判定。"
            )
        if period.start > snapshot.day:
            raise NotAssessed(f"快照{snapshot.id}生成时{period.label}还没有开始。")
        return self._judge(snapshot, period.until(snapshot.day).end.year)

    def unfrozen(self, snapshot: Snapshot) -> type[Record] | None:
        """Return the first of the registers that a snapshot is older than; None if it has them all."""
        return next(
            (register for register in self.registers if not snapshot.has(register.table_name())), None
        )

    def citations(self, snapshot: Snapshot, period: Period) -> tuple[Citation, ...]:
        """Return the policy entries by which the requirements are judged, with their values in the period."""
        columns = {
            name: column
            for register in self.registers
            if snapshot.has(register.table_name())
            for name, column in snapshot.columns(register.table_name()).items()
        }
        return cite_policies(snapshot, self.policies, period, columns)


class RequirementCount(Declaration):
    """The number of requirements of an assessment with a status, as a figure that may be divided by their part.

    It has the attributes and methods of :class:`~xuezheng.figures.figure.Figure` that do not need a register.
    """

    unit = "项"
    by = (PART,)
    is_money = False

    def __init__(
        self,
        label: str,
        assessment: Assessment,
        status: Status,
        definition: str,
    ) -> None:
        self.label = label
        self.assessment = assessment
        self.status = status
        self.definition = definition
        self.better: Better = "higher" if status is Status.MET else "lower"

    def dimensions(self, snapshot: Snapshot) -> dict[str, Dimension]:
        """Return the only dimension, the parts of the assessment."""
        return {PART: Dimension(PART, "类别", self.assessment.parts)}

    def at(self, snapshot: Snapshot, period: Period, **slice_: str) -> Answer:
        """Return the answer for a period and a slice; raises :class:`FigureError` for an unknown dimension or part."""
        check_dimensions(self, slice_)
        part = slice_.get(PART)
        if part is not None and part not in self.assessment.parts:
            raise FigureError(
                f"“{self.label}”的{PART}没有“{part}”。可用：{'、'.join(self.assessment.parts)}。"
            )
        absence = Absence.NOT_FROZEN if self.assessment.unfrozen(snapshot) else None
        try:
            value: int | None = len(self.counted(snapshot, period, part))
        except NotAssessed:
            value, absence = None, absence or Absence.NO_DATA
        return Answer(
            self.key,
            self.label,
            self.unit,
            period,
            dict(slice_),
            self.assessment.parts[part] if part else "",
            value,
            absence,
            value or 0,
            0,
            self.definition,
            snapshot.id,
            lambda: self.assessment.citations(snapshot, period),
        )

    def per(self, snapshot: Snapshot, period: Period, dimension: str, **slice_: str) -> list[Answer]:
        """Return the answer for each part in which a requirement counts, in the declared order."""
        return [
            answer
            for answer in self.breakdown(snapshot, period, (dimension,), **slice_)
            if dimension in answer.slice
        ]

    def breakdown(self, snapshot: Snapshot, period: Period, by: Sequence[str], **slice_: str) -> list[Answer]:
        """Return the answer for the whole and, if ``by`` names the parts, for each part in which one counts."""
        check_dimensions(self, by)
        answers = [self.at(snapshot, period, **slice_)]
        if by and answers[0].value:
            present = Counter(each.part for each in self.counted(snapshot, period, slice_.get(PART)))
            answers += [
                self.at(snapshot, period, **{PART: part}) for part in self.assessment.parts if part in present
            ]
        return answers

    def counted(self, snapshot: Snapshot, period: Period, part: str | None = None) -> list[Requirement]:
        """Return the requirements that count, those of one ``part`` only if it is given; raises :class:`NotAssessed`."""
        return [
            each
            for each in self.assessment.requirements(snapshot, period)
            if each.status is self.status and part in (None, each.part)
        ]

    def rows(self, snapshot: Snapshot, period: Period, **slice_: str) -> Rows:
        """Return the requirements that count as rows of no register, with the figure that shows the rows behind each."""
        check_dimensions(self, slice_)
        try:
            counted = self.counted(snapshot, period, slice_.get(PART))
        except NotAssessed:
            counted = []
        lines = [
            {
                "title": each.title,
                PART: each.part,
                "note": each.note,
                "figure": each.figure,
                "period": each.period,
                "slice": ",".join(f"{name}={value}" for name, value in each.slice.items()),
            }
            for each in counted
        ]
        columns = {
            name: SnapshotColumn(
                name, "string", label, self.assessment.parts if name == PART else {}, False, "", (), ()
            )
            for name, label in _COLUMNS.items()
        }
        table = pa.Table.from_pylist(lines, pa.schema([(name, pa.string()) for name in columns]))
        return Rows(table, None, columns, self.assessment.matter)
