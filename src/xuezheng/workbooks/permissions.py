"""Who may import what: sheets, and rows of them.

The office imports everything but what one section keeps to itself; a section the sheets of its own area, and of those
that all sections share its own rows; a school's clerk rows of the own school; a leader nothing.
"""

from __future__ import annotations

from django.db.models import QuerySet

from xuezheng.records.bulk import parts
from xuezheng.records.models import Record, User
from xuezheng.workbooks.sheet import Sheet, links


class Rights:
    """What one user may import; without a user, at the command line, everything."""

    def __init__(self, user: User | None) -> None:
        self.user = user

    def may_send(self, sheet: Sheet) -> bool:
        """Whether the user may import rows of a sheet at all."""
        user = self.user
        if user is None:
            return True
        if user.role == User.Role.SECTION and user.section and sheet.area == user.section:
            return True
        if sheet.model.confidential:
            return False
        if user.role == User.Role.SECTION:
            return bool(user.section) and _section_path(sheet.model) is not None
        if user.role == User.Role.CLERK:
            return bool(sheet.model.school_paths) and user.school_id is not None
        return user.sees_all

    def are_limited(self, sheet: Sheet) -> bool:
        """Whether the user may import only some rows of a sheet."""
        return self._own(sheet, sheet.model) is not None

    def foreign(self, sheet: Sheet, model: type[Record], keys: list[int]) -> set[int]:
        """Return those of the given records, which ``sheet`` adds or changes, that the user may not touch."""
        own = self._own(sheet, model)
        if own is None:
            return set()
        touchable: set[int] = set()
        for part in parts(keys):
            touchable |= set(own.filter(pk__in=part).values_list("pk", flat=True))
        return set(keys) - touchable

    def _own(self, sheet: Sheet, model: type[Record]) -> QuerySet | None:
        """The rows of a register that the user may touch; None for all."""
        user = self.user
        if user is None or user.sees_all:
            return None
        if user.role == User.Role.CLERK:
            return model.objects.of_school(user.school_id)
        path = _section_path(model)
        if sheet.area == user.section or path is None:
            return None
        return model.objects.filter(**{path: user.section})

    def whose(self) -> str:
        """Name in Chinese what the user may touch."""
        if self.user is not None and self.user.school is not None:
            return f"“{self.user.school}”"
        return "本科室"


def _section_path(model: type[Record]) -> str | None:
    """The look-up path to the section whose row it is, in a register of the engine that all sections fill."""
    if model._meta.app_label != "records":
        return None
    if "section" in {field.name for field in model._meta.fields}:
        return "section"
    linked = (f"{name}__section" for name, link in links(model).items() if _has_section(link.related_model))
    return next(linked, None)


def _has_section(model: type[Record]) -> bool:
    return "section" in {field.name for field in model._meta.fields}
