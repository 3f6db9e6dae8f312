"""The result of importing or previewing a workbook."""

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
    """The numbers of a sheet's rows by outcome; ``submitted = added + changed + unchanged + rejected``.

    ``sheet`` is the title of the template. Rows with an unconfirmed reading count as rejected.
    """

    sheet: str
    submitted: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0

    def count(self, kinds: list[str]) -> None:
        """Set the counts from the kinds of all rows, one of ``added``, ``changed``, ``unchanged`` and ``rejected`` for each row."""
        for kind, number in Counter(kinds).items():
            setattr(self, kind, number)

    def __str__(self) -> str:
        return (
            f"{self.sheet}：提交{self.submitted} = 新增{self.added} + 修改{self.changed}"
            f" + 未变{self.unchanged} + 退回{self.rejected}"
        )


@dataclass
class Outcome:
    """The result of an import, or of a preview: the result that the import would have.

    ``batch`` is the batch that was saved, ``earlier`` a batch with the same content that is not undone, both
    None without one. ``problems`` are errors, and cells of which a user has not yet confirmed how they are
    read. ``previews`` has the preview of each sheet; ``outdated`` says that the import was not made because
    its effect would differ from the preview. ``findings`` are the deviating numbers, ``unexplained`` those of
    them without an explanation. ``missing`` are the pupils missing from a roster of whom nobody has stated
    that they left. ``mappings`` are the layouts whose mapping a user has to confirm first, ``layouts`` those
    that were read by a known mapping.
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
        """Set ``unexplained`` to the findings for which ``explain`` returns no explanation, or one of fewer than five characters."""
        self.unexplained = [finding for finding in self.findings if not written(explain(finding))]

    @property
    def saved(self) -> bool:
        """Whether the registers were changed and a batch was stored."""
        return self.batch is not None

    @property
    def refused(self) -> bool:
        """Whether something must be corrected, confirmed or explained first, so that an import saves nothing.

        That is so for errors, unconfirmed readings of cells or mappings of tables, and unexplained numbers.
        """
        return bool(self.problems or self.unexplained or self.mappings)

    @property
    def has_only_readings(self) -> bool:
        """Whether there are problems, and none is an error: a user may confirm how each cell is read."""
        return bool(self.problems) and all(problem.reading is not None for problem in self.problems)

    def sentence(self) -> str:
        """Return the result as one Chinese sentence for the user."""
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
