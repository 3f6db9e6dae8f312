"""Migration operations: the creation of a register with its history, and the alteration of fields of many models.

Migrations of released versions use this module, so its effect must never change: a register that needs to
differ is altered by a later migration.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState
from simple_history.models import HistoricalChanges

from xuezheng.records.fields import Link, ModelField

if TYPE_CHECKING:
    Fields = list[tuple[str, models.Field[Any, Any]]]


def create_register(name: str, verbose_name: str, fields: Fields, **options: Any) -> list[CreateModel]:
    """Return the migration operations that create a register and the table of its history.

    ``fields`` are (name, field) pairs of the register's own fields, relations last; ``options`` are those of
    its ``Meta``. The primary key, the fields that every :class:`Record` has, and those of the history are
    added.
    """
    label = {"verbose_name": verbose_name, "verbose_name_plural": verbose_name}
    source: Fields = [
        ("source_sheet", models.CharField(blank=True, editable=False, max_length=100, verbose_name="来源表")),
        (
            "source_row",
            models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name="来源行"),
        ),
    ]
    columns = source + [pair for pair in fields if not pair[1].is_relation]
    relations = [pair for pair in fields if pair[1].is_relation]
    batch: Link = models.ForeignKey(
        "records.batch", models.PROTECT, "+", blank=True, editable=False, null=True, verbose_name="导入批次"
    )
    _insert(relations, "batch", batch)
    key: ModelField = models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )
    former_key: ModelField = models.BigIntegerField(
        auto_created=True, blank=True, db_index=True, verbose_name="ID"
    )
    change: Fields = [
        ("history_id", models.AutoField(primary_key=True, serialize=False)),
        ("history_date", models.DateTimeField(db_index=True)),
        ("history_change_reason", models.CharField(max_length=100, null=True)),
        (
            "history_type",
            models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
        ),
    ]
    former_relations: Fields = [(field_name, _former_relation(field)) for field_name, field in relations]
    user: Link = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, "+", null=True)
    _insert(former_relations, "history_user", user)
    return [
        CreateModel(name, [("id", key), *columns, *relations], label | options),
        CreateModel(
            f"Historical{name}",
            [
                ("id", former_key),
                *((field_name, _former_column(field)) for field_name, field in columns),
                *change,
                *former_relations,
            ],
            {option: f"historical {text}" for option, text in label.items()}
            | {
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            (HistoricalChanges, models.Model),
        ),
    ]


def _insert(relations: Fields, name: str, field: models.Field[Any, Any]) -> None:
    """Put a relation before the first one whose name comes after ``name`` in the alphabet."""
    later = (place for place, (other_name, _) in enumerate(relations) if other_name > name)
    relations.insert(next(later, len(relations)), (name, field))


def _former_column(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    """Return a field's counterpart in the history: not unique, since a value may occur in several versions."""
    _, _, args, options = field.deconstruct()
    if options.pop("unique", False):
        options["db_index"] = True
    return type(field)(*args, **options)


def _former_relation(field: models.Field[Any, Any]) -> models.ForeignKey[Any, Any]:
    """Return a relation's counterpart in the history: without a database constraint, since its target may be gone."""
    options = field.deconstruct()[3] | {"on_delete": models.DO_NOTHING, "related_name": "+"}
    return models.ForeignKey(**(options | {"blank": True, "db_constraint": False, "null": True}))


class AlterFields(Operation):
    """Alter fields of many models in one migration operation; it cannot be reversed.

    Django's ``AlterField`` rebuilds the classes of all related models for each field: two hundred fields took
    a minute. This operation rebuilds them once, and SQLite copies each table once.

    ``fields`` maps the names of models, in lower case, to their altered fields by name; the same fields of a
    register's history are altered too. The fields must not refer to other models.
    """

    category = OperationCategory.ALTERATION
    reversible = False

    def __init__(self, fields: dict[str, dict[str, models.Field[Any, Any]]]) -> None:
        """Store the altered fields."""
        self.fields = fields

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Alter the fields, and those of the history, in ``state``, which Django's migrations pass; the database is not touched.

        Model classes built for the state before are dropped, so that they are built again only once.
        """
        state.__dict__.pop("apps", None)
        for model, altered in self._altered(app_label, state):
            for name, field in altered.items():
                state.alter_field(app_label, model, name, field, preserve_default=True)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: Any,  # two methods that it needs are not public
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Alter the columns of those fields whose columns change."""
        for name, altered in self._altered(app_label, to_state):
            old, new = from_state.apps.get_model(app_label, name), to_state.apps.get_model(app_label, name)
            pairs = [(old._meta.get_field(field), new._meta.get_field(field)) for field in altered]
            changed = [pair for pair in pairs if schema_editor._field_should_be_altered(*pair)]
            if schema_editor.connection.vendor != "sqlite":
                for pair in changed:
                    schema_editor.alter_field(old, *pair)
            elif changed:
                schema_editor._remake_table(old, alter_fields=changed)

    def _altered(
        self, app_label: str, state: ProjectState
    ) -> Iterator[tuple[str, dict[str, models.Field[Any, Any]]]]:
        """Yield each model whose fields are altered, and its history where it has one, with the fields."""
        for model, altered in self.fields.items():
            yield model, altered
            history = f"historical{model}"
            if (app_label, history) in state.models:
                yield history, altered
