"""Matches every row of a list to the pupils of the district; both are tables in memory.

ID numbers are encrypted in the registers and are found there by a keyed hash, which says nothing about
similarity. So the numbers are decrypted in this process's memory and compared there, in a DuckDB database
that has no file and may not spill to disk (an empty ``temp_directory``): no number is written to disk, and
the results are primary keys, reasons and probabilities only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from xuezheng.linkage import names
from xuezheng.linkage.exact import find_by_number, make_macros
from xuezheng.linkage.similar import LEAD, UPPER, find_similar

_PERSON: list[tuple[str, pa.DataType]] = [
    ("number", pa.string()), ("name", pa.string()), ("birth_date", pa.date32()), ("sex", pa.string()),
    ("school", pa.string()), ("guardian", pa.string()), ("village", pa.string()),
]  # fmt: skip
#: The columns of the table of list rows and of the table of pupils, by the primary keys ``row`` and ``person``. Empty texts and
#: unknown days are null; sex is ``male`` or ``female``.
LISTED = pa.schema([("row", pa.int64()), *_PERSON])
KNOWN = pa.schema([("person", pa.int64()), *_PERSON])
# Signs that people type into ID numbers for those that belong there.
_TYPED = "０１２３４５６７８９ＸｘＥｅ．＋×Ⅹ", "0123456789XXEE.+XX"
_SHOWN = 5


@dataclass(frozen=True)
class RowMatch:
    """The result of the automatic steps for one row.

    ``candidates`` has probabilities from 0 to 1 by primary key of the person. ``reason`` is a value of
    :class:`xuezheng.linkage.models.Reason`; if it identifies a person (:attr:`Reason.finds`), that person is
    the only candidate.
    """

    reason: str
    candidates: dict[int, float]


def reconcile(listed: pa.Table, known: pa.Table) -> dict[int, RowMatch]:
    """Return the result for each row of ``listed`` among the persons in ``known``, by the row's primary key.

    ``listed`` has the schema :data:`LISTED`, ``known`` the schema :data:`KNOWN`. The same tables give the
    same result every time.
    """
    with duckdb.connect(config={"threads": 2, "temp_directory": ""}) as engine:
        make_macros(engine)
        _prepare(engine, listed, known)
        find_by_number(engine)
        find_similar(engine)
        return _decide(engine)


def _prepare(engine: duckdb.DuckDBPyConnection, listed: pa.Table, known: pa.Table) -> None:
    engine.register("listed_in", listed)
    engine.register("known_in", known)
    engine.register("listed_names", names.spellings(listed["name"]))
    engine.register("known_names", names.spellings(known["name"]))
    for side, rows in (("listed", listed), ("known", known)):
        engine.register(f"{side}_guardians", names.spellings(rows["guardian"].drop_null()))
    derived = "year(birth_date) AS birth_year, strftime(birth_date, '%m%d') AS birth_day"
    carer = "g.plain AS carer, g.sound AS carer_sound"
    engine.execute(
        f"""
        CREATE TABLE known AS
        SELECT person, number, n.plain, n.sound, n.first, n.further, birth_date, {derived}, sex, school, {carer}, village
        FROM known_in JOIN known_names n USING (name) LEFT JOIN known_guardians g ON g.name = guardian
        """
    )
    engine.execute(
        f"""
        CREATE TABLE listed AS
        WITH tidied AS (
          SELECT *, coalesce(number, '') AS as_written,
            regexp_replace(translate(upper(coalesce(number, '')), '{_TYPED[0]}', '{_TYPED[1]}'), '[^0-9A-Z.+]', '', 'g') AS tidy
          FROM listed_in
        ), numbered AS (
          SELECT *, CASE WHEN regexp_full_match(tidy, '[0-9]{{16,18}}[0-9X]') THEN tidy END AS full_number,
            try_strptime(substr(full_number, 7, 8), '%Y%m%d')::DATE AS read_birth_date,
            -- A parent's number: whoever was born so is in no class here, and nothing in it is the child's.
            coalesce(read_birth_date NOT BETWEEN (SELECT min(birth_date) FROM known_in) AND (SELECT max(birth_date) FROM known_in), false)
              AS of_another
          FROM tidied
        ), dated AS (
          SELECT * EXCLUDE (birth_date, sex, full_number), CASE WHEN NOT of_another THEN full_number END AS compared,
            birth_date AS told_birth_date, sex AS told_sex,
            coalesce(birth_date, CASE WHEN NOT of_another THEN read_birth_date END) AS birth_date,
            coalesce(sex, CASE try_cast(compared[17] AS INT) % 2 WHEN 1 THEN 'male' WHEN 0 THEN 'female' END) AS sex
          FROM numbered
        ), named AS (
          SELECT dated.*, n.plain, n.sound, n.first, n.further, {carer},
            -- Guardian and name are in each other's place: nobody here bears the name, and somebody of the guardian's fits the row.
            g.plain IS NOT NULL AND NOT EXISTS (FROM known k WHERE k.plain = n.plain) AND EXISTS (
              FROM known k WHERE k.plain = g.plain AND (k.number = tidy OR k.birth_date = dated.birth_date
                OR (dated.birth_date IS NULL AND same_school(dated.school, k.school)))
            ) AS exchanged, g.first AS carer_first, g.further AS carer_further
          FROM dated JOIN listed_names n USING (name) LEFT JOIN listed_guardians g ON g.name = guardian
        )
        SELECT row, as_written, tidy, compared,
          CASE WHEN exchanged THEN carer ELSE plain END AS plain, CASE WHEN exchanged THEN carer_sound ELSE sound END AS sound,
          CASE WHEN exchanged THEN carer_first ELSE first END AS first, CASE WHEN exchanged THEN carer_further ELSE further END AS further,
          told_birth_date, told_sex, birth_date, {derived}, sex, school,
          CASE WHEN exchanged THEN plain ELSE carer END AS carer, CASE WHEN exchanged THEN sound ELSE carer_sound END AS carer_sound, village
        FROM named
        """
    )


def _decide(engine: duckdb.DuckDBPyConnection) -> dict[int, RowMatch]:
    """Combine numbers and similarity: a believed number decides; else a similar person does who leads by far."""
    engine.execute(
        """
        CREATE TABLE ranked AS
        SELECT *, row_number() OVER likest AS place, coalesce(weight - lead(weight) OVER likest, 99) AS lead
        FROM alike WINDOW likest AS (PARTITION BY row ORDER BY weight DESC, person)
        """
    )
    result = engine.execute(
        f"""
        WITH numbered AS (
          SELECT row, bool_or(believed) AS believed, max(CASE WHEN believed THEN person END) AS person,
            max(CASE WHEN believed THEN strength END) AS strength, arg_max(reason, believed::INT) AS reason,
            list(person ORDER BY agreement DESC, person) AS people, max(agreement) AS agreement, bool_or(certain) AS certain
          FROM by_number GROUP BY row
        ), likest AS (SELECT * FROM ranked WHERE place = 1),
        likes AS (
          SELECT row, list({{'person': person, 'strength': probability}} ORDER BY place) AS likes
          FROM ranked WHERE place <= {_SHOWN} GROUP BY row
        ), twins AS (
          -- The number is the one's, the name the other's.
          SELECT DISTINCT likest.row FROM likest JOIN by_number n ON n.row = likest.row AND n.certain AND n.person <> likest.person
          JOIN known a ON a.person = likest.person JOIN known b ON b.person = n.person AND b.birth_date = a.birth_date
        ), lone AS (
          SELECT row, any_value(person) AS lone FROM (
            SELECT l.row, k.person, same_school(l.school, k.school) AS here, contradictions(l, k) AS against
            FROM listed l JOIN known k ON k.plain = l.plain)
          GROUP BY row HAVING count(*) = 1 AND bool_and(here) AND max(against) = 0
        ), reasoned AS (
          SELECT row, people, likes, numbered.person AS numbered, numbered.strength AS sure, likest.person AS likest, lone, probability,
            CASE WHEN believed THEN numbered.reason
              WHEN numbered.agreement = 0 THEN 'name_conflict'
              WHEN probability >= {UPPER} AND lead >= {LEAD} AND likest.agreement > 0
                -- Somebody's right number under another name was weighed already, and did not convince.
                AND NOT likest.contradicted
                AND row NOT IN (FROM twins)
                AND NOT coalesce(numbered.certain AND list_contains(people, likest.person), false) THEN 'similar'
              WHEN lone = likest.person AND numbered.row IS NULL THEN 'lone_name'
              WHEN probability >= {UPPER} AND likest.agreement > 0 OR len(people) > 1 THEN 'several'
              WHEN likest.row IS NOT NULL OR numbered.row IS NOT NULL THEN 'doubtful'
              ELSE 'nobody' END AS reason
          FROM listed LEFT JOIN numbered USING (row) LEFT JOIN likest USING (row) LEFT JOIN likes USING (row) LEFT JOIN lone USING (row)
        )
        SELECT row, reason, coalesce(people, []) AS people, coalesce(likes, []) AS likes,
          CASE reason WHEN 'similar' THEN likest WHEN 'lone_name' THEN lone ELSE numbered END AS person,
          CASE reason WHEN 'similar' THEN probability WHEN 'lone_name' THEN {UPPER} ELSE sure END AS strength
        FROM reasoned ORDER BY row
        """
    ).to_arrow_table()
    return {row["row"]: _of_row(row) for row in result.to_pylist()}


def _of_row(row: dict[str, Any]) -> RowMatch:
    if row["person"] is not None:
        return RowMatch(row["reason"], {row["person"]: row["strength"]})
    likes = {like["person"]: like["strength"] for like in row["likes"]}
    # Whom a number names whose name is another, comes after those who are alike.
    return RowMatch(
        row["reason"], likes | {person: 0.0 for person in row["people"][:_SHOWN] if person not in likes}
    )
