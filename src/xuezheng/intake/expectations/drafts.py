"""Drafts of the explanations of an upload: encrypted, next to the workbook that waits for a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag

from xuezheng.core.atomic_files import write_whole
from xuezheng.core.encryption import seal_json, unseal_json
from xuezheng.intake.expectations.findings import LONGEST, Finding, written

_DRAFTS = "explanations"


@dataclass
class Drafts:
    """The numbers of one upload that have to be explained; each has ``draft``, as typed, and ``text``, as it will be kept."""

    folder: Path
    findings: list[dict[str, Any]]

    @classmethod
    def read(cls, folder: Path) -> Drafts:
        """Read the drafts in an upload's folder; without any numbers to be explained they are empty."""
        try:
            return cls(folder, unseal_json((folder / _DRAFTS).read_bytes()))
        except (OSError, InvalidTag):
            return cls(folder, [])

    @classmethod
    def keep(cls, folder: Path, findings: Iterable[Finding]) -> None:
        """Store the numbers that have to be explained now, with the drafts already written on the same findings."""
        known = {entry["key"]: entry["draft"] for entry in cls.read(folder).findings}
        drafts = cls(folder, [_new_entry(finding, known.get(finding.key, "")) for finding in findings])
        if drafts.findings or known:
            drafts._write()

    def write(self, texts: Mapping[str, str], taken: str = "") -> None:
        """Replace drafts and save; drafts without an entry in ``texts`` stay.

        ``texts`` are by the keys of findings; ``taken`` is the key of a finding whose offered earlier explanation is used instead.
        """
        for entry in self.findings:
            offered = entry["offered"]["text"] if entry["offered"] and entry["key"] == taken else None
            entry["draft"] = (offered or texts.get(entry["key"], entry["draft"]))[:LONGEST]
            entry["text"] = written(entry["draft"])
        self._write()

    @property
    def unexplained(self) -> int:
        """The number of findings that nobody has explained yet."""
        return sum(not entry["text"] for entry in self.findings)

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {entry["key"]: entry["text"] for entry in self.findings}

    def text_of(self, finding: Finding) -> str:
        """Return the explanation of a finding; "" without one."""
        return self._texts.get(finding.key, "")

    def _write(self) -> None:
        write_whole(self.folder / _DRAFTS, seal_json(self.findings))


def _new_entry(finding: Finding, draft: str) -> dict[str, Any]:
    return {
        "key": finding.key,
        "place": finding.place.place,
        "subject": finding.subject,
        "title": finding.place.title,
        "value": finding.deviation.value,
        "check": finding.deviation.check,
        "told": finding.deviation.expected,
        "offered": finding.offered and asdict(finding.offered),
        "draft": draft,
        "text": written(draft),
    }
