"""What a preview found in an uploaded workbook, and what the user decided about it.

It is stored encrypted next to the workbook. The files are removed together with the upload.
"""

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
#: The names under which a preview stores the forms of mappings, the known layouts, missing pupils, and kinds of problems.
MAPPINGS, LAYOUTS, MISSING, KINDS = "mappings", "layouts", "missing", "kinds"
_CHOICES, _DEPARTURES = "choices", "departures"


class UploadGone(Exception):
    """The upload was committed, cancelled or removed after a day.

    The exception's text is a Chinese sentence.
    """

    def __init__(self) -> None:
        super().__init__("这份文件已经提交、取消，或因超过一天被清除。如未提交，请重新上传。")


class Notes:
    """Encrypted values in the folder of an upload: what its preview found, and what the user decided.

    Base class of :class:`~xuezheng.intake.uploads.Upload`, which sets ``folder``.
    """

    folder: Path

    def note(self, name: str, value: Any) -> None:
        """Store a JSON-serialisable value under a file name in the upload's folder, encrypted.

        Raises :class:`UploadGone` if the upload is gone.
        """
        if not (self.folder / WORKBOOK).exists():
            raise UploadGone
        write_whole(self.folder / name, seal_json(value))

    def noted(self, name: str) -> Any:
        """Return the value that :meth:`note` stored under a name.

        Returns None if there is none or it cannot be decrypted.
        """
        try:
            return unseal_json((self.folder / name).read_bytes())
        except (OSError, InvalidTag):
            return None

    @property
    def problem_kinds(self) -> list[ProblemKind]:
        """The problems that the preview found, grouped by kind, in the order in which the kinds first occur."""
        return [
            ProblemKind(**{**kind, "examples": [Problem(**example) for example in kind["examples"]]})
            for kind in self.noted(KINDS) or ()
        ]

    @property
    def mapping_forms(self) -> list[MappingForm]:
        """The forms by which the user has to confirm the mapping of tables of other layouts, one per layout."""
        return [MappingForm(**form) for form in self.noted(MAPPINGS) or ()]

    @property
    def known_layouts(self) -> list[KnownLayout]:
        """The layouts of tables that were read without a question, by a mapping confirmed before or shipped."""
        return [KnownLayout(**layout) for layout in self.noted(LAYOUTS) or ()]

    @property
    def choices(self) -> dict[str, str]:
        """What the user chose for tables of other layouts, by fingerprint of their headings.

        The values are those that :meth:`choose` stored.
        """
        chosen: dict[str, str] = self.noted(_CHOICES) or {}
        return chosen

    def choose(self, fingerprint: str, template: str) -> None:
        """Store what becomes of the tables whose headings have a ``fingerprint``.

        ``template`` is the title of a template, or a constant of :mod:`~xuezheng.intake.mappings.foreign`:
        ``LEFT_OUT`` (do not import) or ``AGAIN`` (confirm the known mapping once more). The preview must be
        made again.
        """
        self.note(_CHOICES, {**self.choices, fingerprint: template})

    @property
    def missing_pupils(self) -> list[MissingPupil]:
        """The pupils missing from a roster of whom the user has not stated that they left."""
        return [MissingPupil(**pupil) for pupil in self.noted(MISSING) or ()]

    @property
    def departures(self) -> dict[int, Departure]:
        """How pupils missing from a roster left, as the user decided, by the primary key of the pupil."""
        return {
            int(key): Departure(kind, date.fromisoformat(day), elsewhere)
            for key, (kind, day, elsewhere) in (self.noted(_DEPARTURES) or {}).items()
        }

    def depart(self, departures: Mapping[int, Departure]) -> None:
        """Store how pupils missing from a roster left, in addition to earlier decisions.

        The preview must be made again.
        """
        known = {**self.departures, **departures}
        self.note(
            _DEPARTURES, {key: (each.kind, str(each.day), each.elsewhere) for key, each in known.items()}
        )

    def forget_departures(self) -> None:
        """Discard all decisions about missing pupils; the preview must be made again."""
        self.note(_DEPARTURES, {})
