"""The rights of a user to import: which sheets, and which rows of them.

The scope is that of the action ``import`` in the permission table. For a section it includes the sheets of
its own area and, in sheets shared by all sections, its own rows; for a school's clerk the rows of the clerk's
school.
"""

from __future__ import annotations

from typing import TypeVar, cast

from django.db.models import QuerySet

from xuezheng.records.bulk import parts
from xuezheng.records.models import Record, User, linked_register
from xuezheng.records.permissions import Scope, permits
from xuezheng.workbooks.sheet import Sheet, links

AnyRecord = TypeVar("AnyRecord", bound=Record)


class Rights:
    """The rights of one user to import.

    Without a user (None), as on the command line, everything is permitted.
    """

    def __init__(self, user: User | None) -> None:
        self.user = user

    def may_send(self, sheet: Sheet) -> bool:
        """Return whether the user may import at least some rows of a sheet (a template)."""
        user = self.user
        if user is None:
            return True
        scope = permits(user, "import", sheet.model)
        if Scope.SECTION in scope and user.section:
            return sheet.area == user.section or _section_path(sheet.model) is not None
        if Scope.SCHOOL in scope:
            return bool(sheet.model.school_paths) and user.school_id is not None
        return Scope.ALL in scope

    def visible(self, model: type[AnyRecord]) -> QuerySet[AnyRecord]:
        """Return the records of a register that the user may see."""
        rows = model.objects.all() if self.user is None else model.objects.visible_to(self.user)
        return cast("QuerySet[AnyRecord]", rows)

    def are_limited(self, sheet: Sheet) -> bool:
        """Return whether the user may import only some rows of a sheet, such as those of the user's school.

        False for a user who may import all rows, and without a user.
        """
        return self._own(sheet, sheet.model) is not None

    def foreign(self, sheet: Sheet, model: type[Record], keys: list[int]) -> set[int]:
        """Return those of ``keys`` whose records the user may not add or change with the template ``sheet``.

        ``keys`` are primary keys of saved records of ``model``, the sheet's register or one linked to it.
        """
        own = self._own(sheet, model)
        if own is None:
            return set()
        touchable: set[int] = set()
        for part in parts(keys):
            touchable |= set(own.filter(pk__in=part).values_list("pk", flat=True))
        return set(keys) - touchable

    def _own(self, sheet: Sheet, model: type[Record]) -> QuerySet[Record] | None:
        """The rows of a register that the user may add or change; None for all."""
        user = self.user
        scope = Scope.ALL if user is None else permits(user, "import", sheet.model)
        if user is None or Scope.ALL in scope:
            return None
        if Scope.SCHOOL in scope:
            return model.objects.of_school(user.school_id)
        path = _section_path(model)
        if sheet.area == user.section or path is None:
            return None
        return model.objects.filter(**{path: user.section})

    def whose(self) -> str:
        """Return a Chinese phrase for whose rows the user may import, for messages.

        It is the user's school in quotes (“云岭小学”), or 本科室 for a user without a school.
        """
        if self.user is not None and self.user.school is not None:
            return f"“{self.user.school}”"
        return "本科室"


def _section_path(model: type[Record]) -> str | None:
    """The look-up path from a row to its section, in a register of the engine that all sections fill; None in any other."""
    if model._meta.app_label != "records":
        return None
    if "section" in {field.name for field in model._meta.fields}:
        return "section"
    linked = (
        f"{name}__section" for name, link in links(model).items() if _has_section(linked_register(link))
    )
    return next(linked, None)


def _has_section(model: type[Record]) -> bool:
    return "section" in {field.name for field in model._meta.fields}
