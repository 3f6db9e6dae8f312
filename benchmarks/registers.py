"""Invented registers of any size, the same on every run: in a database, or frozen into a snapshot.

Each person has five awards, in three to five terms from autumn 2016 to spring 2020, so the rows span two policies. They
stand term by term, as they would have been imported.
"""

import datetime
import importlib
from collections.abc import Iterable
from random import Random
from unittest import mock

import duckdb
import ibis
import pyarrow as pa
from django.db import connection
from tests.linkage.misleading import misleading

from benchmarks import columns
from benchmarks.demo import xuezheng
from xuezheng.areas.aid.models import Award
from xuezheng.cli.shared import prepare_database
from xuezheng.core.data_folder import home
from xuezheng.demo.people import People
from xuezheng.demo.planted import planted
from xuezheng.intake import import_workbook
from xuezheng.linkage.reconcile import KNOWN, LISTED
from xuezheng.records.fields import keyed_hash
from xuezheng.records.identifiers import id_check_digit
from xuezheng.records.models import District, Person, School, Term, User
from xuezheng.rules.columns import RuleColumn, with_rules
from xuezheng.rules.tables import schema
from xuezheng.snapshots import freeze
from xuezheng.snapshots.source import _postgresql_uri, table_of
from xuezheng.workbooks import sheet_catalogue, write_workbook

AWARDS_EACH = 5
FROZEN_ON = datetime.date(2020, 7, 5)
_DISTRICT = "990101"
_SCHOOLS = 40
_SEXES = {"男": "male", "女": "female"}
_TERMS = [
    (code, f"{start}-{'02-20' if code[-1] == '春' else '09-01'}", f"{end}-{'07-05' if code[-1] == '春' else '01-20'}")
    for code, start, end in (
        ("2016秋", 2016, 2017), ("2017春", 2017, 2017), ("2017秋", 2017, 2018), ("2018春", 2018, 2018),
        ("2018秋", 2018, 2019), ("2019春", 2019, 2019), ("2019秋", 2019, 2020), ("2020春", 2020, 2020),
    )
]  # fmt: skip

# What is supposed of columns that look at further registers: everybody is on a list, and recognised.
_SUPPOSED = {"listed": "true", "recognised": "true"}

# The five awards of a person: in a term the registered poor's aid and, beside it, that of the stage. Students of
# universities have the first kind only. ``mix`` scatters numbers without making them random.
_AWARDS = f"""
CREATE MACRO mix(n, salt) AS (hash(n * 16 + salt) >> 1)::BIGINT;
CREATE VIEW people AS
  SELECT range + 1 AS person_id, mix(range, 1) % 8 AS since,
    [1, 1, 2, 2, 2, 3, 3, 4, 4, 5][mix(range, 2) % 10 + 1] AS stage_number,
    mix(range, 3) % 10 AS place_number, mix(range, 4) % {_SCHOOLS // 4} AS school_number,
    ['day', 'boarder', 'boarder'][mix(range, 5) % 3 + 1] AS boarding
  FROM range({{people}});
CREATE VIEW placed AS
  SELECT *, ['preschool', 'primary', 'junior', 'senior', 'university'][stage_number] AS stage,
    stage_number = 4 OR (stage_number < 4 AND place_number < 6) AS here
  FROM people;
CREATE VIEW turns AS
  SELECT *, (since + CASE stage WHEN 'university' THEN turn ELSE turn // 2 END) % {len(_TERMS)} + 1 AS term_id,
    person_id * {AWARDS_EACH} + turn AS seed
  FROM placed, range({AWARDS_EACH}) AS turns(turn);
CREATE VIEW awards AS
  SELECT row_number() OVER (ORDER BY term_id, person_id, turn) AS id, person_id, term_id, stage,
    CASE WHEN stage = 'university' OR turn % 2 = 0 THEN 'registered_poor' WHEN stage = 'preschool' THEN 'preschool'
      WHEN stage != 'senior' THEN 'boarder' WHEN turn = 1 THEN 'senior_grant' ELSE 'senior_tuition' END AS programme,
    CASE WHEN here THEN school_number * 4 + stage_number END AS school_id,
    '第' || school_number || '学校' AS school_name,
    CASE WHEN here THEN '990101' WHEN place_number < 8 THEN '990205' ELSE '980102' END AS study_division,
    CASE WHEN stage IN ('primary', 'junior') AND turn % 2 = 1 THEN 'boarder' ELSE boarding END AS boarding,
    CASE WHEN stage = 'senior' AND turn = 1 THEN ['first', 'second', 'third'][mix(seed, 6) % 3 + 1] ELSE '' END AS tier,
    [25000, 31250, 50000, 62500, 70000, 100000, 150000][mix(seed, 7) % 7 + 1]::BIGINT AS amount,
    CASE WHEN mix(seed, 8) % 10 > 0 THEN starts_on::DATE + 30 END AS paid_on
  FROM turns JOIN terms ON terms.id = term_id;
"""


def _invent(awards: int) -> duckdb.DuckDBPyConnection:
    """Return a connection with the view ``awards`` and the tables ``terms`` and ``schools`` beside it."""
    engine = duckdb.connect(config={"threads": 2})
    engine.register("terms", columns.table(Term, _terms()))
    engine.register("schools", columns.table(School, _schools()))
    engine.execute(_AWARDS.format(people=awards // AWARDS_EACH))
    return engine


def base(awards: int, names: Iterable[str] = ()) -> pa.RecordBatchReader:
    """Return awards as the rules see them, as freezing reads them from a database: all columns, or those named."""
    every, engine = schema(Award), _invent(awards)
    kept = pa.schema([field for field in every if not names or field.name in names])
    joined = {"term": "terms", "school": "schools"}
    expressions = columns.frozen(Award, kept.names, engine.sql("FROM awards").columns, joined, _SUPPOSED)
    rows = engine.sql(
        f"SELECT {expressions} FROM awards AS rows JOIN terms ON terms.id = term_id LEFT JOIN schools ON schools.id = school_id"
        " ORDER BY rows.id"
    )
    batches = rows.to_arrow_reader(65536)
    return pa.RecordBatchReader.from_batches(kept, (batch.cast(kept) for batch in batches))


def due_rules() -> tuple[list[RuleColumn], list[str]]:
    """Return the rules that lead to what an award is due, in their order, and the columns of the register that they read."""
    table = table_of(ibis.duckdb.connect(), "award", schema(Award))
    _, rulings = with_rules(table, Award, _DISTRICT, FROZEN_ON)
    rules, reads = [], {"due"}
    for rule, ruling in reversed(rulings):
        if rule.name in reads:
            rules.insert(0, rule)
            reads.update(ruling.reads)
    return rules, [name for name in schema(Award).names if name in reads]


def arrow(awards: int) -> None:
    """Write what the rules for money read as an Arrow file, to be mapped into memory."""
    rows = base(awards, due_rules()[1])
    with pa.ipc.new_file(home() / "base.arrow", rows.schema) as file:
        for batch in rows:
            file.write_batch(batch)


def snapshot(awards: int) -> None:
    """Freeze a district whose awards come straight from :func:`base`: all else is the real freezing."""
    _found_district()
    module = importlib.import_module("xuezheng.snapshots.freeze")
    stream = module.stream

    def invented(source, rows, wanted):
        return base(awards) if rows.model is Award else stream(source, rows, wanted)

    with mock.patch.object(module, "stream", invented):
        freeze(FROZEN_ON)


def persons(awards: int) -> None:
    """Fill the database with a district and the persons who are to have so many awards."""
    _found_district()
    _ingest(Person, _people(awards // AWARDS_EACH))


def fill(awards: int) -> None:
    """Fill the database with a district, its persons and so many awards."""
    persons(awards)
    rows = columns.completed(Award, _invent(awards).sql("FROM awards ORDER BY id"))
    _ingest(Award, rows.to_arrow_reader(65536))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def workbook(rows: int) -> None:
    """Register persons, and write the workbook of spring 2019 with so many of their awards."""
    awards = rows * len(_TERMS) * 11 // 10
    persons(awards)
    spring = _invent(awards).sql(f"FROM awards WHERE term_id = 6 ORDER BY id LIMIT {rows}")
    sheet = sheet_catalogue.sheet("资助发放名单")
    codes = {school.pk: school.code for school in _schools()}
    labels = {field.name: dict(field.flatchoices) for field in Award._meta.concrete_fields if field.choices}

    def row(award: dict) -> list[str | None]:
        values_by_path = {name: choices.get(award.get(name)) for name, choices in labels.items()}
        values_by_path |= {name: award[name] for name in ("school_name", "study_division")}
        values_by_path |= {
            "person.name": "某某",
            "person.id_number": id_number(award["person_id"]),
            "term.code": "2019春",
            "school.code": codes.get(award["school_id"]),
            "amount": f"{award['amount'] // 100}.{award['amount'] % 100:02}",
            "paid_on": award["paid_on"] and award["paid_on"].isoformat(),
        }
        return columns.cells(sheet, values_by_path)

    named = (dict(zip(spring.columns, values, strict=True)) for values in spring.fetchall())
    write_workbook(home() / "awards.xlsx", {sheet: map(row, named)})


def demonstration() -> None:
    """Build the demonstration district."""
    xuezheng("demo")


def small() -> None:
    """Take in the small district of the tests and freeze it for both half-years: what a quick run has for the demonstration."""
    from tests.conftest import small_district

    prepare_database()
    sheets = {sheet_catalogue.sheet(title): rows for title, rows in small_district().items()}
    write_workbook(home() / "all.xlsx", sheets)
    if problems := import_workbook(home() / "all.xlsx").problems:
        raise SystemExit(str(problems[0]))
    User.objects.create(username="office", role=User.Role.OFFICE)
    for day in (datetime.date(2019, 7, 5), datetime.date(2020, 1, 10)):
        freeze(day)


def id_number(person: int) -> str:
    """Return the invented ID number of a person: a fictitious division, a birth date, a running number."""
    born = datetime.date(1998, 1, 1) + datetime.timedelta(days=person % 6000)
    first17 = f"990101{born:%Y%m%d}{person // 6000:03}"
    return first17 + id_check_digit(first17)


def _terms() -> list[Term]:
    return [
        Term(pk=n, code=code, starts_on=start, ends_on=end) for n, (code, start, end) in enumerate(_TERMS, 1)
    ]


def _schools() -> list[School]:
    kinds, grades = ("111", "211", "311", "342"), ("province_model", "city_model", "ordinary")
    return [
        School(
            pk=n, code=f"3199{n:06}", name=f"第{n}学校", kind=kinds[(n - 1) % 4], urban_rural="121", runner="831",
            senior_grade=grades[n // 4 % 3] if n % 4 == 0 else "",
        )
        for n in range(1, _SCHOOLS + 1)
    ]  # fmt: skip


def _found_district() -> None:
    prepare_database()
    District.objects.create(code=_DISTRICT, name="某区", bureau_name="某区教育局")
    Term.objects.bulk_create(_terms())
    School.objects.bulk_create(_schools())


def lists(rows: int) -> None:
    """Write a list with planted errors, a tenth of it strangers, and ten times as many people as Arrow files."""
    rng = Random("名单")
    maker = People()
    divisions = [f"9901{number:02}" for number in range(1, 13)]
    people = [
        (
            maker.make(rng, datetime.date(rng.randrange(2000, 2016), 9, 1), rng.choice(divisions)),
            f"第{rng.randrange(rows // 250 + 10)}学校",
        )
        for _ in range(rows * 10)
    ]
    _write(
        "known",
        KNOWN,
        (
            (key, it.id_number, it.name, it.born, _SEXES[it.sex], school)
            for key, (it, school) in enumerate(people)
        ),
    )
    _write(
        "listed",
        LISTED.append(pa.field("truth", pa.int64())),
        (
            (key, it.number or None, it.name, it.born, _SEXES[it.sex], it.school or None, it.truth)
            for key, it in enumerate(planted(rng, people, rows // 10, rows))
        ),
    )


def misleading_list(rows: int) -> None:
    """Write a list of a brother's and a parent's numbers, exchanged names and nicknames, and the pupils of the demonstration, as Arrow files."""
    listed, known, truth = misleading(Random("误导"), rows)
    listed = listed.append_column("truth", pa.array([person for _, person in truth], pa.int64()))
    _write_table("listed", listed)
    _write_table("known", known)


def _write(name: str, schema_: pa.Schema, rows: Iterable[tuple]) -> None:
    # Guardians and villages are not told.
    told = schema_.remove(schema_.get_field_index("guardian")).remove(schema_.get_field_index("village") - 1)
    columns = dict(zip(told.names, zip(*rows, strict=True), strict=True))
    count = len(columns["name"])
    arrays = [pa.array(columns.get(it.name, [None] * count), it.type) for it in schema_]
    _write_table(name, pa.table(arrays, schema=schema_))


def _write_table(name: str, table: pa.Table) -> None:
    with pa.ipc.new_file(home() / f"{name}.arrow", table.schema) as file:
        file.write_table(table)


def _people(count: int) -> pa.RecordBatchReader:
    numbers = [id_number(n) for n in range(1, count + 1)]
    seal = Person._meta.get_field("id_number").get_prep_value
    people = pa.table(
        {
            "id": pa.array(range(1, count + 1), pa.int64()),
            "name": ["某某"] * count,
            "id_number": [seal(number) for number in numbers],
            "id_number_hash": [keyed_hash(number) for number in numbers],
            "sex": ["male" if int(number[16]) % 2 else "female" for number in numbers],
            "birth_date": [datetime.date.fromisoformat(number[6:14]) for number in numbers],
            "household_division": [_DISTRICT] * count,
        }
    )
    engine = duckdb.connect()
    return columns.completed(Person, engine.from_arrow(people)).to_arrow_reader(65536)


def _ingest(model, rows: pa.RecordBatchReader) -> None:
    if connection.vendor == "sqlite":
        import adbc_driver_sqlite.dbapi as driver

        place = str(home() / "xuezheng.sqlite3")
    else:
        import adbc_driver_postgresql.dbapi as driver

        place = _postgresql_uri()
    with driver.connect(place) as opened, opened.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SET session_replication_role = replica"
            )  # no foreign key is asked: the rows are ours
        cursor.adbc_ingest(model._meta.db_table, rows, mode="append")
        opened.commit()
