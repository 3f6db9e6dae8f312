"""Thirteen aid figures on awards for 2019, whole, by phase, and by phase and place, from one frozen table."""

import os
from decimal import Decimal

import duckdb
import ibis
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
from django.db import connection, models
from django.db.models import Aggregate, Count, F, Q, Sum

from benchmarks.child import Clock
from xuezheng.core.periods import Period
from xuezheng.figures import Figure, Ratio, catalogue
from xuezheng.figures.batches import prepare
from xuezheng.figures.computation import stored_answers
from xuezheng.snapshots import Snapshot

# The rivals' own wording of the same figures: programme, names of the number of pupils and of the amount.
_PROGRAMMES = (
    ("registered_poor", "aid.registered_poor_pupils", "aid.registered_poor_amount"),
    ("preschool", "aid.preschool_poor_pupils", "aid.preschool_poor_amount"),
    ("boarder", "aid.boarder_pupils", "aid.boarder_amount"),
    ("senior_grant", "aid.senior_grant_pupils", "aid.senior_grant_amount"),
    ("senior_tuition", "aid.senior_tuition_waived_pupils", "aid.senior_tuition_waived_amount"),
)
_APPROVED, _DIFFERING, _RATE = (
    "aid.registered_poor_approved_amount",
    "aid.differing_awards",
    "aid.registered_poor_paid_rate",
)
_WORDED = (_APPROVED, _DIFFERING, _RATE, *(key for _, *keys in _PROGRAMMES for key in keys))
_LEVELS = ([], ["phase"], ["phase", "place"])
_TERMS = ("2019春", "2019秋")
_TEXTS = ["programme", "phase", "place", "term_code"]
_COLUMNS = ["person", "amount", "due", "registered_poor_due", "paid", *_TEXTS]
_ALL, _ASKED = "from the file", "once loaded"


def ours(clock: Clock) -> dict[str, str]:
    """Xuezheng.

    Opens the snapshot (every file checked against its hash), prepares the figures with one query for each level, then
    ``figure.breakdown(…, ("phase", "place"))`` of each; each answer brings its row count, undecided rows and citations. Asked again: the same
    figures once more, as the next page of the same process does.
    """
    period = Period.parse("2019")
    ibis.duckdb.connect().disconnect()  # loads the library, as importing pandas does
    figures = [catalogue.figure(key) for key in _WORDED]
    with clock(_ALL):
        snapshot = Snapshot.latest()
        stored_answers.discard(snapshot)
        with clock(_ASKED):
            prepare(snapshot, period, [(figure, level) for level in _LEVELS for figure in figures])
            answers = _broken_down(snapshot, period, figures)
    with clock("asked again"):
        _broken_down(snapshot, period, figures)
    return answers


def _broken_down(snapshot: Snapshot, period: Period, figures: list[Figure | Ratio]) -> dict[str, str]:
    return {
        _name(figure.key, list(answer.slice.values())): str(answer.value)
        for figure in figures
        for answer in figure.breakdown(snapshot, period, ("phase", "place"))
    }


def with_polars(clock: Clock) -> dict[str, str]:
    """Polars.

    One lazy query for each level over the file, all collected at once; every figure is a filtered aggregate.
    """
    with clock(_ALL):
        award = pl.scan_parquet(Snapshot.latest().folder / "aid_award.parquet")
        award = award.filter(pl.col("term_code").is_in(_TERMS))
        with clock(_ASKED):
            poor, differing = pl.col("programme") == "registered_poor", pl.col("amount") != pl.col("due")
            measures = {
                _APPROVED: (poor, pl.col("registered_poor_due").filter(poor).cast(pl.Int64).sum()),
                _DIFFERING: (differing, differing.sum()),
            }
            for programme, pupils, amount in _PROGRAMMES:
                rows = pl.col("paid") & (pl.col("programme") == programme)
                measures[pupils] = (rows, pl.col("person").filter(rows).n_unique())
                measures[amount] = (rows, pl.col("amount").filter(rows).cast(pl.Int64).sum())
            columns = [measure.alias(key) for key, (_, measure) in measures.items()]
            columns += [rows.sum().alias(f"{key} rows") for key, (rows, _) in measures.items()]
            queries = [
                award.group_by(level).agg(columns) if level else award.select(columns) for level in _LEVELS
            ]
            answers = {}
            for level, frame in zip(_LEVELS, pl.collect_all(queries), strict=True):
                for row in frame.to_dicts():
                    place = [row[name] for name in level]
                    answers |= {_name(key, place): str(row[key]) for key in measures if row[f"{key} rows"]}
            return _with_rate(answers)


def with_duckdb(clock: Clock) -> dict[str, str]:
    """DuckDB by hand.

    One statement with grouping sets for the three levels, every figure a filtered aggregate: written for these thirteen figures.
    """
    with clock(_ALL):
        file = Snapshot.latest().folder / "aid_award.parquet"
        engine = duckdb.connect(config={"threads": 2})
        with clock(_ASKED):
            poor = "programme = 'registered_poor'"
            measures = {
                _APPROVED: (poor, "sum(registered_poor_due)"),
                _DIFFERING: ("amount <> due", "count(*)"),
            }
            for programme, pupils, amount in _PROGRAMMES:
                rows = f"paid AND programme = '{programme}'"
                measures[pupils] = (rows, "count(DISTINCT person)")
                measures[amount] = (rows, "sum(amount)")
            columns = ", ".join(
                f"{measure} FILTER (WHERE {rows}), count(*) FILTER (WHERE {rows})"
                for rows, measure in measures.values()
            )
            results = engine.execute(
                f"SELECT grouping(phase), grouping(place), phase, place, {columns} FROM read_parquet('{file}') WHERE term_code IN {_TERMS}"
                " GROUP BY GROUPING SETS ((), (phase), (phase, place))"
            ).fetchall()
            answers = {}
            for no_phase, no_place, phase, place, *values in results:
                members = [] if no_phase else [phase] if no_place else [phase, place]
                for key, value, rows in zip(measures, values[::2], values[1::2], strict=True):
                    if rows:
                        answers[_name(key, members)] = str(int(value))
            return _with_rate(answers)


def with_pandas(clock: Clock) -> dict[str, str]:
    """pandas.

    Reads the needed columns and terms only, text as categories; then group-by for each programme and level.
    """
    answers = {}
    with clock(_ALL):
        path = Snapshot.latest().folder / "aid_award.parquet"
        award = pq.read_table(
            path, columns=_COLUMNS, read_dictionary=_TEXTS, filters=[("term_code", "in", _TERMS)]
        ).to_pandas()
        with clock(_ASKED):
            poor = award[award.programme == "registered_poor"]
            differing = award[award.amount != award.due]
            paid = award[award.paid]
            for level in _LEVELS:
                answers |= _each(_APPROVED, level, poor, "registered_poor_due", "sum")
                answers |= _each(_DIFFERING, level, differing, "amount", "count")
                for programme, pupils, amount in _PROGRAMMES:
                    rows = paid[paid.programme == programme]
                    answers |= _each(pupils, level, rows, "person", "nunique")
                    answers |= _each(amount, level, rows, "amount", "sum")
            return _with_rate(answers)


def with_orm(clock: Clock) -> dict[str, str]:
    """Django ORM on PostgreSQL.

    The same frozen table, its rule columns worked out already, with indexes on (term_code, programme) and on paid rows,
    analysed; an aggregate query for each figure and level. Its memory is that of the client alone.
    """
    _load()
    told = {}
    with clock(_ASKED):
        for key, (chosen, measure) in _aggregates().items():
            rows = FrozenAward.objects.filter(chosen, term_code__in=_TERMS)
            for level in _LEVELS:
                found = (
                    rows.values(*level).annotate(told=measure) if level else [rows.aggregate(told=measure)]
                )
                told |= {_name(key, [row[name] for name in level]): str(row["told"]) for row in found}
        return _with_rate(told)


def with_orm_at_once(clock: Clock) -> dict[str, str]:
    """Django ORM on PostgreSQL, all figures at once.

    The same in three queries, one for each level, with all figures as filtered aggregates: the ORM's best, if all figures are
    known beforehand.
    """
    _load()
    whens = {}
    for key, (chosen, measure) in _aggregates().items():
        measure.filter = chosen
        whens[key.replace(".", "__")] = measure
    told = {}
    with clock(_ASKED):
        rows = FrozenAward.objects.filter(term_code__in=_TERMS)
        for level in _LEVELS:
            found = rows.values(*level).annotate(**whens) if level else [rows.aggregate(**whens)]
            for row in found:
                place = [row[name] for name in level]
                told |= {_name(key.replace("__", "."), place): str(row[key]) for key in whens if row[key]}
        return _with_rate(told)


def _aggregates() -> dict[str, tuple[Q, Aggregate]]:
    asked = {
        _APPROVED: (Q(programme="registered_poor"), Sum("registered_poor_due")),
        _DIFFERING: (~Q(amount=F("due")), Count("id")),
    }
    for programme, pupils, amount in _PROGRAMMES:
        chosen = Q(programme=programme, paid=True)
        asked |= {pupils: (chosen, Count("person", distinct=True)), amount: (chosen, Sum("amount"))}
    return asked


class FrozenAward(models.Model):
    """The frozen table as a plain Django model."""

    person = models.BigIntegerField()
    amount = models.BigIntegerField()
    due = models.BigIntegerField()
    registered_poor_due = models.IntegerField(null=True)
    paid = models.BooleanField()
    programme = models.CharField(max_length=20)
    phase = models.CharField(max_length=20)
    place = models.CharField(max_length=20)
    term_code = models.CharField(max_length=5)

    class Meta:
        app_label = "benchmarks"
        indexes = [
            models.Index(fields=["term_code", "programme"], name="by_term"),
            models.Index(fields=["programme", "phase", "place"], condition=Q(paid=True), name="paid_only"),
        ]


def _load() -> None:
    """Copy the frozen table into PostgreSQL, once."""
    if FrozenAward._meta.db_table in connection.introspection.table_names():
        return
    import adbc_driver_postgresql.dbapi as driver

    with connection.schema_editor() as editor:
        editor.create_model(FrozenAward)
    rows = pq.read_table(Snapshot.latest().folder / "aid_award.parquet", columns=["id", *_COLUMNS])
    with driver.connect(os.environ["XUEZHENG_DATABASE_URL"]) as opened, opened.cursor() as cursor:
        cursor.adbc_ingest(FrozenAward._meta.db_table, rows, mode="append")
        opened.commit()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _each(key: str, level: list[str], rows: pd.DataFrame, column: str, measure: str) -> dict[str, str]:
    if not level:
        return {_name(key, []): _whole(getattr(rows[column], measure)())}
    found = rows.groupby(level, observed=True)[column].agg(measure)
    return {
        _name(key, [place] if isinstance(place, str) else list(place)): _whole(value)
        for place, value in found.items()
    }


def _whole(value: float) -> str:
    return str(int(value))


def _with_rate(told: dict[str, str]) -> dict[str, str]:
    for key, bottom in list(told.items()):
        if key.startswith(_APPROVED):
            top = told[key.replace(_APPROVED, "aid.registered_poor_amount")]
            told[key.replace(_APPROVED, _RATE)] = str(Decimal(top) / Decimal(bottom) * 100)
    return told


def _name(key: str, place: list[str]) -> str:
    return " ".join([key, *place])
