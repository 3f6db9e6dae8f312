"""Drafts of the explanations required for an upload, stored encrypted in the upload's folder."""

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
    """The deviating numbers of one upload with the drafts of their explanations.

    ``folder`` is the upload's. ``findings`` has a dict per number, with ``key`` (:attr:`Finding.key`), the
    Chinese texts ``place``, ``subject``, ``title``, ``value``, ``check`` and ``told`` (what was expected),
    ``offered`` (an earlier explanation as a dict, or None), ``draft`` (as typed) and ``text`` (as it will be
    stored, "" if it is too short).
    """

    folder: Path
    findings: list[dict[str, Any]]

    @classmethod
    def read(cls, folder: Path) -> Drafts:
        """Return the drafts stored in an upload's folder.

        Without any, or if they cannot be decrypted, ``findings`` is empty.
        """
        try:
            return cls(folder, unseal_json((folder / _DRAFTS).read_bytes()))
        except (OSError, InvalidTag):
            return cls(folder, [])

    @classmethod
    def keep(cls, folder: Path, findings: Iterable[Finding]) -> None:
        """Store the deviating numbers that the latest preview found.

        Drafts already written for the same findings are kept.
        """
        known = {entry["key"]: entry["draft"] for entry in cls.read(folder).findings}
        drafts = cls(folder, [_new_entry(finding, known.get(finding.key, "")) for finding in findings])
        if drafts.findings or known:
            drafts._write()

    def write(self, texts: Mapping[str, str], taken: str = "") -> None:
        """Replace drafts and save all; a draft without an entry in ``texts`` stays.

        ``texts`` has drafts by the keys of findings. ``taken`` is the key of a finding whose offered earlier
        explanation becomes its draft; "" for none.
        """
        for entry in self.findings:
            offered = entry["offered"]["text"] if entry["offered"] and entry["key"] == taken else None
            entry["draft"] = (offered or texts.get(entry["key"], entry["draft"]))[:LONGEST]
            entry["text"] = written(entry["draft"])
        self._write()

    @property
    def unexplained(self) -> int:
        """The number of findings without an explanation that is long enough."""
        return sum(not entry["text"] for entry in self.findings)

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {entry["key"]: entry["text"] for entry in self.findings}

    def text_of(self, finding: Finding) -> str:
        """Return the explanation of a finding, as it will be stored; "" without one."""
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
