"""Counting many query sets in one query."""

from collections.abc import Mapping

from django.db.models import IntegerField, Model, QuerySet, Subquery

from xuezheng.records.models import User


class _Count(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def counted(user: User, sets: Mapping[str, QuerySet[Model]]) -> dict[str, int]:
    """Return the number of rows of each query set, by its name in ``sets``, with one database query for all.

    ``user`` may be any user in the database: the query reads this one row, with the counts as further
    columns.
    """
    names = {f"count_of_{name}": name for name in sets}
    annotations = {alias: _Count(sets[name].order_by().values("pk")) for alias, name in names.items()}
    row = User.objects.filter(pk=user.pk).annotate(**annotations).values(*annotations).get()
    return {name: row[alias] or 0 for alias, name in names.items()}
