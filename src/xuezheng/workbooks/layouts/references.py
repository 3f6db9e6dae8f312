"""The names by which workbooks of other layouts refer to schools, classes and divisions, read from the registers."""

from __future__ import annotations

from dataclasses import dataclass, field

from xuezheng.records.models import ClassGroup, District, School
from xuezheng.workbooks.layouts.class_names import ClassKey, class_keys

_SHORTEST_PART = 4


@dataclass(frozen=True)
class References:
    """The names in the registers to which cells of a workbook may refer.

    ``schools`` and ``divisions`` map names to codes. ``classes`` has, by the code of a school, the registered
    name of each of its classes by :data:`ClassKey`: (stage, grade, number).
    """

    schools: dict[str, str] = field(default_factory=dict)
    divisions: dict[str, str] = field(default_factory=dict)
    classes: dict[str, dict[ClassKey, str]] = field(default_factory=dict)

    def school(self, text: str) -> str | None:
        """Return the code of the one school that a text means; None if there is not exactly one.

        The text is the school's name, or has at least four characters and either ends with the name or is the
        end of it.
        """
        if text in self.schools:
            return self.schools[text]
        if len(text) < _SHORTEST_PART:
            return None
        near = {code for name, code in self.schools.items() if name.endswith(text) or text.endswith(name)}
        return near.pop() if len(near) == 1 else None

    def division(self, text: str) -> str | None:
        """Return the code of the one division whose name is contained in a text, such as an address.

        Returns None if there is not exactly one.
        """
        codes = {code for name, code in self.divisions.items() if name in text}
        return codes.pop() if len(codes) == 1 else None

    def class_name(self, text: str, school: str = "") -> str | None:
        """Return the registered name of the one class that a text means; None if there is not exactly one.

        ``school`` is the code of the school whose classes are considered; "" for those of all schools.
        """
        classes = [self.classes.get(school, {})] if school else list(self.classes.values())
        names = {names[key] for names in classes for key in class_keys(text) if key in names}
        return names.pop() if len(names) == 1 else None


def references() -> References:
    """Return the names of schools, districts and classes that cells of a workbook may contain, with their codes.

    A name that several schools share is left out.
    """
    schools: dict[str, list[str]] = {}
    for code, name in School.objects.values_list("code", "name"):
        schools.setdefault(name, []).append(code)
    classes: dict[str, dict[ClassKey, str]] = {}
    for code, name in ClassGroup.objects.values_list("school__code", "name"):
        for key in class_keys(name)[:1]:
            classes.setdefault(code, {})[key] = name
    return References(
        {name: codes[0] for name, codes in schools.items() if len(codes) == 1},
        dict(District.objects.values_list("name", "code")),
        classes,
    )
