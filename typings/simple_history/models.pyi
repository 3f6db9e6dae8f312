# The part of django-simple-history that this project uses.
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

# A version of a record. The library makes a model of each, with the fields of the record beside these.
class HistoricalChanges(models.Model):
    tracked_fields: ClassVar[Sequence[models.Field[Any, Any]]]
    id: int
    history_id: int
    history_date: datetime
    history_type: str
    history_change_reason: str | None
    history_user: AbstractBaseUser | None
    history_user_id: int | None
    objects: ClassVar[models.Manager[HistoricalChanges]]
    def __getattr__(self, field: str) -> Any: ...

class HistoryManager(models.Manager[HistoricalChanges]):
    model: type[HistoricalChanges]
    def bulk_history_create(
        self,
        objs: Iterable[models.Model],
        batch_size: int | None = ...,
        update: bool = ...,
        default_user: AbstractBaseUser | None = ...,
        default_change_reason: str = ...,
    ) -> list[HistoricalChanges]: ...

class HistoricalRecords:
    def __init__(self, *, inherit: bool = ...) -> None: ...
    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> HistoryManager: ...
