"""The search and filters above any register's list."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import django_filters as filters
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, Field, Model, QuerySet
from django.forms import HiddenInput, Select

from xuezheng.records.models import Record, School
from xuezheng.web import display


class RecordFilter(filters.FilterSet):
    """Search, the school, choices, and the records to which rows point (for links between pages)."""

    q = filters.CharFilter(label="查找", method="find")

    def find(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        """Keep the rows in which all words stand."""
        return rows.filter(display.search(rows.model, text))

    @property
    def held_to(self) -> list[tuple[str, Model]]:
        """The records that the rows are held to by a link from another page, with their parameters."""
        return [
            (name, self.form.cleaned_data[name])
            for name, kind in self.filters.items()
            if isinstance(kind, LinkFilter) and self.form.cleaned_data.get(name)
        ]


class VisibleFilter(filters.ModelChoiceFilter):
    """A choice among the records that the reader may see."""

    def __init__(self, model: type[Record], **kwargs: Any) -> None:
        def visible(request: Any) -> QuerySet:
            return model.objects.visible_to(request.user)

        super().__init__(queryset=visible, **kwargs)


class LinkFilter(VisibleFilter):
    """Rows that point to one record: set by a link, shown as a chip."""

    def __init__(self, model: type[Record], **kwargs: Any) -> None:
        super().__init__(model, widget=HiddenInput(), **kwargs)


@cache
def filter_of(model: type[Record]) -> type[RecordFilter]:
    """The search and filters of a register."""
    found: dict[str, filters.Filter] = {}
    if model.school_paths and model.school_paths != ("pk",):
        found["in_school"] = VisibleFilter(
            School,
            field_name=model.school_paths[0],
            label="学校",
            empty_label="全部学校",
            distinct=True,
            widget=Select(attrs={"class": "form-select", "data-search": ""}),
        )
    for path, field in _chosen(model):
        found[path] = filters.ChoiceFilter(
            field_name=path,
            label=field.verbose_name,
            choices=field.flatchoices or [("True", "是"), ("False", "否")],
            empty_label="全部",
            widget=Select(attrs={"class": "form-select"}),
        )
    for field in filter(display.is_link, model._meta.fields):
        other = field.related_model
        if other.open_to_all:
            select = Select(attrs={"class": "form-select"})
            found[field.name] = VisibleFilter(
                other, field_name=field.name, label=display.header(field), empty_label="全部", widget=select
            )
        else:
            found[field.name] = LinkFilter(other, field_name=field.name)
    meta = type("Meta", (), {"model": model, "fields": []})
    return type(f"{model.__name__}Filter", (RecordFilter,), {**found, "Meta": meta})


def _chosen(model: type[Record]) -> Iterator[tuple[str, Field]]:
    """Fields with a few values: the register's own, then those that a snapshot puts beside the row."""
    own = {field.name: field for field in display.shown_fields(model)}
    beside = {path: _follow(model, path) for path in model.frozen.values() if isinstance(path, str)}
    for path, field in {**own, **beside}.items():
        if field is not None and (field.choices or isinstance(field, BooleanField)):
            yield path, field


def _follow(model: type[Model], path: str) -> Field | None:
    try:
        field = None
        for name in path.split("__"):
            field = model._meta.get_field(name)
            model = field.related_model or model
    except FieldDoesNotExist:
        return None
    return field
