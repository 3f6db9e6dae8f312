"""Changes one field of many records to the same value, as a batch that can be undone like an import.

:func:`propose` computes the effect on each record. :func:`change` then changes the records that are still as
they were shown to the user, and leaves the others unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CheckConstraint, Max, QuerySet

from xuezheng.intake.importing import wait_for_other_imports
from xuezheng.intake.matching import unique_sets
from xuezheng.intake.outcome import SheetCounts
from xuezheng.intake.saving import save
from xuezheng.records.bulk import parts
from xuezheng.records.fields import ModelField, field_of
from xuezheng.records.models import Batch, Record, User

#: So many records may be changed at once; more are changed by importing a workbook.
MOST = 2000
#: The state of a record when it was shown: its newest entry in the history, and the field's value.
RecordState = tuple[int, str]


@dataclass
class Proposal:
    """The effect that a change of one field in many records would have.

    ``changed`` are the records that would change, with the new value set but not saved; ``unchanged`` those
    that have the value already, and ``faults`` those that cannot have it, each with the error in Chinese.
    ``before`` has the present value of the field, and ``states`` the present state of each record, by primary
    key; a state is the primary key of the newest history entry (0 without one) and the field's value as text.
    """

    changed: list[Record] = field(default_factory=list)
    before: dict[int, Any] = field(default_factory=dict)
    states: dict[int, RecordState] = field(default_factory=dict)
    unchanged: list[Record] = field(default_factory=list)
    faults: list[tuple[Record, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Changed:
    """The result of a change of many records.

    ``batch`` is None if nothing changed; ``count`` is the number of records changed. ``stale`` has the
    primary keys of records left unchanged because somebody changed or deleted them in the meantime, or
    because they have or cannot have the value.
    """

    batch: Batch | None
    count: int
    stale: list[int]


def may_be_changed_at_once(model: type[Record], name: str) -> bool:
    """Return whether the field ``name`` may be given the same value in many records.

    False for fields of the natural key or of another unique constraint, and for derived fields.
    """
    return all(name not in names for names in (*unique_sets(model), model.natural_key, model.derived))


def propose(rows: QuerySet[Record], name: str, value: Any) -> Proposal:
    """Return the effect of setting the field ``name`` to ``value`` in each record of ``rows``.

    Nothing is saved.
    """
    proposal = Proposal()
    records = list(rows)
    versions = _versions(rows.model, [record.pk for record in records])
    changing = field_of(rows.model, name)
    for record in records:
        before = getattr(record, changing.attname)
        state = (versions.get(record.pk, 0), changing.value_to_string(record))
        setattr(record, name, value)
        if before == getattr(record, changing.attname):
            proposal.unchanged.append(record)
        elif error := _find_error(record, changing):
            proposal.faults.append((record, error))
        else:
            proposal.changed.append(record)
        proposal.before[record.pk] = before
        proposal.states[record.pk] = state
    return proposal


@transaction.atomic
def change(
    visible: QuerySet[Record],
    name: str,
    value: Any,
    states: Mapping[int, RecordState],
    reason: str,
    user: User,
) -> Changed:
    """Set the field ``name`` to ``value`` in the records whose state is still the one shown, as one batch.

    ``visible`` has the records that the user may change. ``states`` has the states shown, by primary key, as
    in :attr:`Proposal.states`; records that are not in it are not changed. ``reason`` is stored with the
    batch, which can be undone like an import.
    """
    wait_for_other_imports()
    model = visible.model
    locked_keys: set[int] = set()
    for part in parts(list(states)):
        locked = model._base_manager.select_for_update().filter(pk__in=part)
        locked_keys |= set(locked.values_list("pk", flat=True))
    proposal = Proposal()
    for part in parts(sorted(locked_keys)):
        part_proposal = propose(visible.filter(pk__in=part), name, value)
        proposal.changed += part_proposal.changed
        proposal.states |= part_proposal.states
    fresh = [record for record in proposal.changed if proposal.states[record.pk] == tuple(states[record.pk])]
    stale = sorted(states.keys() - {record.pk for record in fresh})
    if not fresh:
        return Changed(None, 0, stale)
    titles = f"{model._meta.verbose_name}“{field_of(model, name).verbose_name}”"
    counts = SheetCounts(
        str(model._meta.verbose_name), submitted=len(states), changed=len(fresh), rejected=len(stale)
    )
    batch = Batch.objects.create(
        file_name=f"批量修改{titles}", made_by=user, reason=reason, sheets=[asdict(counts)]
    )
    save(model, [], fresh, batch)
    return Changed(batch, len(fresh), stale)


def _find_error(record: Record, changing: ModelField) -> str:
    """The errors of a record, in Chinese, as its own page would show them; "" without errors."""
    others = {field.name for field in record._meta.fields} - {changing.name}
    try:
        record.clean_fields(exclude=others)
        record.clean()
        for constraint in record._meta.constraints:
            if isinstance(constraint, CheckConstraint):
                constraint.validate(type(record), record)  # type: ignore[attr-defined]  # django-stubs does not know it
    except ValidationError as problem:
        return " ".join(problem.messages)
    return ""


def _versions(model: type[Record], keys: Sequence[int]) -> dict[int, int]:
    """The id of each record's newest history entry, by the record's id."""
    newest: dict[int, int] = {}
    for part in parts(keys):
        newest_of_part: Iterable[tuple[int, int]] = (
            model.history.model.objects.filter(id__in=part)
            .order_by()
            .values("id")
            .annotate(newest=Max("history_id"))
            .values_list("id", "newest")
        )
        newest |= dict(newest_of_part)
    return newest
