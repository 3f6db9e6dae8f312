"""What was worked out of an uploaded workbook, and decided about it: kept encrypted beside the workbook until the upload is gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag

from xuezheng.core.atomic_files import write_whole
from xuezheng.core.encryption import seal_json, unseal_json
from xuezheng.intake.mappings.foreign import KnownLayout, MappingForm
from xuezheng.intake.roster_gaps import Departure, MissingPupil
from xuezheng.workbooks.problems import Problem, ProblemKind

#: The file of the workbook itself.
WORKBOOK = "workbook"
#: The files of what a preview works out.
MAPPINGS, LAYOUTS, MISSING, KINDS = "mappings", "layouts", "missing", "kinds"
_CHOICES, _DEPARTURES = "choices", "departures"


class UploadGone(Exception):
    """The upload was committed, cancelled or removed after a day; the text is a Chinese sentence."""

    def __init__(self) -> None:
        super().__init__("这份文件已经提交、取消，或因超过一天被清除。如未提交，请重新上传。")


class Notes:
    """The notes in the folder of an upload."""

    folder: Path

    def note(self, name: str, value: Any) -> None:
        """Store a value derived from the workbook, encrypted next to it under a file name, until the upload is gone."""
        if not (self.folder / WORKBOOK).exists():
            raise UploadGone
        write_whole(self.folder / name, seal_json(value))

    def noted(self, name: str) -> Any:
        """Return the value that :meth:`note` stored under a name; None if there is none."""
        try:
            return unseal_json((self.folder / name).read_bytes())
        except (OSError, InvalidTag):
            return None

    @property
    def problem_kinds(self) -> list[ProblemKind]:
        """The problems that the preview found, one entry for each kind with its number and examples, in the order of the first of each."""
        return [
            ProblemKind(**{**kind, "examples": [Problem(**example) for example in kind["examples"]]})
            for kind in self.noted(KINDS) or ()
        ]

    @property
    def mapping_forms(self) -> list[MappingForm]:
        """The tables of other layouts whose mapping has to be confirmed."""
        return [MappingForm(**form) for form in self.noted(MAPPINGS) or ()]

    @property
    def known_layouts(self) -> list[KnownLayout]:
        """The layouts that were read by a mapping confirmed before."""
        return [KnownLayout(**layout) for layout in self.noted(LAYOUTS) or ()]

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen for tables of other layouts, by fingerprint."""
        chosen: dict[str, str] = self.noted(_CHOICES) or {}
        return chosen

    def choose(self, fingerprint: str, template: str) -> None:
        """Choose what becomes of the tables of a layout (see :func:`~xuezheng.intake.mappings.foreign.foreign_tables`); the preview has to be made again."""
        self.note(_CHOICES, {**self.choices, fingerprint: template})

    @property
    def missing_pupils(self) -> list[MissingPupil]:
        """The pupils whom a roster lacks, and of whom nothing was decided."""
        return [MissingPupil(**pupil) for pupil in self.noted(MISSING) or ()]

    @property
    def departures(self) -> dict[int, Departure]:
        """How pupils left whom a roster lacks, by the pupil's key."""
        return {
            int(key): Departure(kind, date.fromisoformat(day), elsewhere)
            for key, (kind, day, elsewhere) in (self.noted(_DEPARTURES) or {}).items()
        }

    def depart(self, departures: Mapping[int, Departure]) -> None:
        """Decide how pupils left whom a roster lacks; the preview has to be made again."""
        known = {**self.departures, **departures}
        self.note(
            _DEPARTURES, {key: (each.kind, str(each.day), each.elsewhere) for key, each in known.items()}
        )

    def forget_departures(self) -> None:
        """Take back what was decided about missing pupils; the preview has to be made again."""
        self.note(_DEPARTURES, {})
