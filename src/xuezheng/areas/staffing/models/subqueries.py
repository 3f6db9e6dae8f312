"""Subqueries with which the staffing models compute values from other registers."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce

from xuezheng.records.models import Record


def first_of(rows: QuerySet[Any], path: str) -> Subquery:
    """Return a subquery for the value of the field ``path`` in the first row of ``rows``; NULL without rows.

    ``rows`` must be ordered, and may refer to the outer query with ``OuterRef``.
    """
    return Subquery(rows.values(path)[:1])


def count_of(rows: QuerySet[Record], by: str = "school") -> Coalesce:
    """Return a subquery for the number of ``rows``; 0 without any.

    ``rows`` must already be limited to the outer row with ``OuterRef`` and have one value of ``by`` in it,
    for example one school; ``by`` only names the column to group by.
    """
    counted = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0, output_field=models.IntegerField())
