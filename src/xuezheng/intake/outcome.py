"""The outcome of importing or previewing a workbook."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.utils.timezone import localtime

from xuezheng.intake.expectations.findings import Explain, Finding, written
from xuezheng.intake.mappings.foreign import KnownLayout, MappingForm
from xuezheng.intake.preview import SheetPreview
from xuezheng.intake.roster_gaps import MissingPupil
from xuezheng.records.models import Batch
from xuezheng.workbooks.problems import Problem


@dataclass
class SheetCounts:
    """The counts of a sheet's rows by outcome; ``submitted = added + changed + unchanged + rejected``."""

    sheet: str
    submitted: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0

    def count(self, kinds: list[str]) -> None:
        """Set the counts from the kind of each row, such as ``added``."""
        for kind, number in Counter(kinds).items():
            setattr(self, kind, number)

    def __str__(self) -> str:
        return (
            f"{self.sheet}：提交{self.submitted} = 新增{self.added} + 修改{self.changed}"
            f" + 未变{self.unchanged} + 退回{self.rejected}"
        )


@dataclass
class Outcome:
    """The outcome of an import, or the one it would have had without problems.

    ``earlier`` is an earlier import of the same contents. ``previews`` has each sheet's rows for a preview; ``outdated`` means that an import was
    given up since its effect would differ from the preview. ``findings`` are the numbers that have to be explained, ``unexplained`` the findings
    without an explanation; ``missing`` the pupils whom a roster lacks and of whom nothing was decided; ``mappings`` the layouts whose mapping a person has to confirm first,
    ``layouts`` those that were read by a mapping confirmed before.
    """

    file_name: str
    sheets: list[SheetCounts] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    batch: Batch | None = None
    earlier: Batch | None = None
    previews: list[SheetPreview] = field(default_factory=list)
    outdated: bool = False
    findings: list[Finding] = field(default_factory=list)
    unexplained: list[Finding] = field(default_factory=list)
    missing: list[MissingPupil] = field(default_factory=list)
    mappings: list[MappingForm] = field(default_factory=list)
    layouts: list[KnownLayout] = field(default_factory=list)

    def leave_unexplained(self, explain: Explain) -> None:
        """Set ``unexplained`` to the findings for which ``explain`` returns no explanation."""
        self.unexplained = [finding for finding in self.findings if not written(explain(finding))]

    @property
    def saved(self) -> bool:
        """Whether the registers were changed."""
        return self.batch is not None

    @property
    def refused(self) -> bool:
        """Whether nothing was saved because of errors, unconfirmed readings or mappings, or unexplained numbers."""
        return bool(self.problems or self.unexplained or self.mappings)

    @property
    def has_only_readings(self) -> bool:
        """Whether there are problems, and all of them are readings that a person may confirm."""
        return bool(self.problems) and all(problem.reading is not None for problem in self.problems)

    def sentence(self) -> str:
        """Return the outcome as one Chinese sentence."""
        if self.refused:
            errors = sum(problem.reading is None for problem in self.problems)
            readings = len(self.problems) - errors
            parts = [f"{errors}处错误"] if errors else []
            parts += [f"{readings}处须确认"] if readings else []
            parts += [f"{len(self.unexplained)}处须说明"] if self.unexplained else []
            parts += [f"{len(self.mappings)}种表须确认各列的对应关系"] if self.mappings else []
            return f"“{self.file_name}”未导入：有{'、'.join(parts)}，台账没有任何改动。"
        if self.saved:
            return f"“{self.file_name}”已导入（批次{self.batch.pk}）。" if self.batch else ""
        imported_before = (
            f"（此文件已于{localtime(self.earlier.made_at):%Y-%m-%d}导入，批次{self.earlier.pk}）"
            if self.earlier
            else ""
        )
        return f"“{self.file_name}”与台账完全一致，没有任何变化{imported_before}。"
