from collections.abc import Iterable, Sequence

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

def bulk_update_with_history(
    objs: Iterable[models.Model],
    model: type[models.Model],
    fields: Sequence[str],
    batch_size: int | None = ...,
    default_user: AbstractBaseUser | None = ...,
    default_change_reason: str | None = ...,
) -> int: ...
