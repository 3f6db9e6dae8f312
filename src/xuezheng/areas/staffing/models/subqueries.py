"""Subqueries by which registers of the section get values from other registers."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce

from xuezheng.records.models import Record


def first_of(rows: QuerySet[Any], path: str) -> Subquery:
    """Return a value of the first row."""
    return Subquery(rows.values(path)[:1])


def count_of(rows: QuerySet[Record], by: str = "school") -> Coalesce:
    """Return the number of rows whose column ``by`` is that of the outer row."""
    counted = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0, output_field=models.IntegerField())
