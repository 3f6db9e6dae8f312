"""The selected rows of a list: single ones, or all matching; and the sums of their amounts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import render

from xuezheng.records.models import Record
from xuezheng.web.lists.access import posted, register_of
from xuezheng.web.lists.columns import Column, Kind
from xuezheng.web.lists.listing import Listing
from xuezheng.web.lists.request import read_query
from xuezheng.web.security.requests import UserRequest

MOST_ROWS = 20_000


class Totals(NamedTuple):
    """The totals of a column of numbers over the selected rows, as texts; amounts are in yuan.

    Amounts and fractions have two decimals, other numbers none. ``rows`` is the number of rows that have a
    value; ``total`` is the sum of these values, ``mean`` their average, ``least`` and ``most`` the smallest
    and the largest.
    """

    title: str
    rows: int
    total: str
    mean: str
    least: str
    most: str


class Selection:
    """The rows of a list that a form selects.

    ``form`` is a ``QueryDict``: ``all`` is "1" for all matching rows; else ``rows`` (primary keys separated
    by commas) and ``row`` (one key, repeatable) name them. A selection is in the form only, never in an
    address.
    """

    def __init__(self, listing: Listing, form: Any) -> None:
        self.listing = listing
        self.all = form.get("all") == "1"
        keys = [*form.get("rows", "").split(","), *form.getlist("row")]
        self.keys = list({int(key): None for key in keys if key.isdecimal() and len(key) < 18})[:MOST_ROWS]

    @property
    def rows(self) -> QuerySet[Record]:
        """The selected rows, in the order of the list."""
        return self.listing.rows if self.all else self.listing.rows.filter(pk__in=self.keys)

    @property
    def matching_rows(self) -> QuerySet[Record]:
        """The selected rows without the related records that their cells show, in no particular order."""
        return self.listing.matching_rows if self.all else self.listing.matching_rows.filter(pk__in=self.keys)

    def totals(self) -> tuple[int, list[Totals]]:
        """Return (number of selected rows, totals of each column with numbers).

        Columns without any value are left out.
        """
        columns = [column for column in self.listing.columns if column.counts]
        aggregates: dict[str, Any] = {"rows": Count("pk")}
        for place, column in enumerate(columns):
            for name, kind in (("count", Count), ("sum", Sum), ("min", Min), ("max", Max)):
                aggregates[f"{name}_{place}"] = kind(column.key)
        results = self.matching_rows.order_by().aggregate(**aggregates)
        return results["rows"], list(_totals(columns, results))


@posted
def sums(request: UserRequest, model: str) -> HttpResponse:
    """Show how many rows of the list are selected, and the totals of each column of numbers or amounts.

    The POST selects the rows as described for :class:`Selection`.
    """
    listing = Listing(read_query(request, register_of(request, model)), request.user, request.session)
    count, totals = Selection(listing, request.POST).totals()
    return render(request, "web/lists/sums.html", {"count": count, "totals": totals})


def _totals(columns: list[Column], results: dict[str, Any]) -> Iterator[Totals]:
    for place, column in enumerate(columns):
        count = results[f"count_{place}"]
        if count:
            total = results[f"sum_{place}"]
            mean = Decimal(str(total)) / count
            values = (total, mean, results[f"min_{place}"], results[f"max_{place}"])
            yield Totals(column.title, count, *(_write(column, value) for value in values))


def _write(column: Column, value: Any) -> str:
    exact = Decimal(str(value)) / (100 if column.kind is Kind.MONEY else 1)
    if column.kind is Kind.MONEY or exact != exact.to_integral_value():
        return f"{exact.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
    return f"{exact:,.0f}"
