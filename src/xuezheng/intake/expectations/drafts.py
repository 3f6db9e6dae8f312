"""Explanations while they are written: sealed beside the workbook that waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag

from xuezheng.core.atomic_files import write_whole
from xuezheng.core.encryption import seal_told, unseal_told
from xuezheng.intake.expectations.findings import LONGEST, Finding, written

_DRAFTS = "explanations"


@dataclass
class Drafts:
    """The numbers of one upload that have to be explained; each has ``draft``, as typed, and ``text``, as it will be kept."""

    folder: Path
    findings: list[dict[str, Any]]

    @classmethod
    def read(cls, folder: Path) -> Drafts:
        """Read what lies in an upload's folder; nothing where nothing has to be explained."""
        try:
            return cls(folder, unseal_told((folder / _DRAFTS).read_bytes()))
        except (OSError, InvalidTag):
            return cls(folder, [])

    @classmethod
    def keep(cls, folder: Path, found: Iterable[Finding]) -> None:
        """Keep what has to be explained now, with what was already written on the same."""
        known = {it["key"]: it["draft"] for it in cls.read(folder).findings}
        drafts = cls(folder, [_told(it, known.get(it.key, "")) for it in found])
        if drafts.findings or known:
            drafts._write()

    def write(self, texts: Mapping[str, str], taken: str = "") -> None:
        """Put texts, by the keys of findings, in the place of those before; ``taken`` takes over what is offered."""
        for it in self.findings:
            offered = it["offered"]["text"] if it["offered"] and it["key"] == taken else None
            it["draft"] = (offered or texts.get(it["key"], it["draft"]))[:LONGEST]
            it["text"] = written(it["draft"])
        self._write()

    @property
    def unexplained(self) -> int:
        """How many numbers nobody has explained yet."""
        return sum(not it["text"] for it in self.findings)

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {it["key"]: it["text"] for it in self.findings}

    def of(self, finding: Finding) -> str:
        """What is written on a number."""
        return self._texts.get(finding.key, "")

    def _write(self) -> None:
        write_whole(self.folder / _DRAFTS, seal_told(self.findings))


def _told(it: Finding, draft: str) -> dict[str, Any]:
    return {
        "key": it.key,
        "place": it.place.place,
        "subject": it.subject,
        "title": it.place.title,
        "value": it.deviation.value,
        "check": it.deviation.check,
        "told": it.deviation.told,
        "offered": it.offered and asdict(it.offered),
        "draft": draft,
        "text": written(draft),
    }
