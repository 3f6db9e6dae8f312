"""Finds similar persons for rows that no ID number identified.

It uses Splink (Fellegi-Sunter) with comparisons for Chinese names.
"""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_level_library import CustomLevel, ElseLevel
from splink.comparison_library import CustomComparison

# Below the lower threshold a pair is not worth a look. One weight (base 2) of 4 is sixteen times as likely.
LOWER, UPPER, LEAD = 0.05, 0.95, 4.0
# Of the rows that no number identified, about half turn out to be enrolled here.
_SHARE_ENROLLED = 0.5

_CONDITIONS = {
    "name": {
        "null": "plain_l IS NULL OR plain_r IS NULL",
        "same": "plain_l = plain_r",
        "sound": "sound_l = sound_r",
        "one_sign": "agreement(plain_l, sound_l, plain_r, sound_r) = 1",
        "surname": "first_l = first_r",
    },
    "birth_date": {
        "null": "birth_date_l IS NULL OR birth_date_r IS NULL",
        "same": "birth_date_l = birth_date_r",
        "swapped": "year(birth_date_l) = year(birth_date_r) AND month(birth_date_l) = day(birth_date_r)"
        " AND day(birth_date_l) = month(birth_date_r)",
        "year": "strftime(birth_date_l, '%m%d') = strftime(birth_date_r, '%m%d')"
        " AND abs(year(birth_date_l) - year(birth_date_r)) = 1",
        "lunar": "date_diff('day', birth_date_l, birth_date_r) BETWEEN 20 AND 50",
        "same_year": "year(birth_date_l) = year(birth_date_r)",
    },
    "number": {
        "null": "compared_l IS NULL OR compared_r IS NULL",
        "near": "damerau_levenshtein(compared_l, compared_r) <= 2",
        # Whole, right, and with the row's own birth date: somebody's own number, and not this person's.
        "own": "check_sign(compared_l) = substr(compared_l, 18, 1)"
        " AND substr(compared_l, 7, 8) = strftime(birth_date_l, '%Y%m%d')",
    },
    "sex": {"null": "sex_l IS NULL OR sex_r IS NULL", "same": "sex_l = sex_r"},
    "school": {
        "null": "school_l IS NULL OR school_r IS NULL",
        "same": "same_school(school_l, school_r)",
    },
    "guardian": {
        "null": "carer_l IS NULL OR carer_r IS NULL",
        "same": "carer_l = carer_r",
        "sound": "carer_sound_l = carer_sound_r",
    },
    "village": {"null": "village_l IS NULL OR village_r IS NULL", "same": "village_l = village_r"},
}
# The birth date that the list tells is the person's, or one of its usual misspellings.
_SAME_DAY = " OR ".join(
    _CONDITIONS["birth_date"][level]
    .replace("birth_date_l", "listed.told_birth_date")
    .replace("birth_date_r", "near.birth_date")
    for level in ("same", "swapped", "year", "lunar")
)
# Pairs that share none of these are never looked at. All hold enough of a person to stay few among a million pupils.
_BLOCKS = (
    ("birth_date", "first"),
    ("birth_date", "further"),
    ("plain", "birth_year"),
    ("plain", "birth_day"),
    ("sound", "birth_year"),
    ("plain", "school"),
    ("plain", "village"),
    ("plain", "carer"),
    # Somebody whose other facts are all missing or wrong is at least shown with his namesakes.
    ("plain",),
)
# What weighs by how common it is here, and the column that gives it: 王伟 less than 覃嘉树, a large school less than a small one.
_COMMON = {"name": "plain", "birth_date": "birth_date", "school": "school", "village": "village"}
_RAREST = 1e-6
_COLUMNS = (
    "plain", "sound", "first", "further", "birth_date", "birth_year", "birth_day", "sex", "school", "compared", "carer",
    "carer_sound", "village",
)  # fmt: skip


@cache
def weights() -> dict[str, dict[str, dict[str, Any]]]:
    """Return the parameters of ``weights.yaml`` by comparison (such as ``name``) and level of agreement (such as ``sound``).

    Each is a dict with ``m`` and ``u``, the probabilities that two records of the same person, and of two
    different persons, agree at this level, and ``why``, the source.
    """
    declared: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(
        Path(__file__).with_name("weights.yaml").read_text(encoding="utf-8")
    )
    return declared


def find_similar(engine: duckdb.DuckDBPyConnection) -> None:
    """Create and fill the table ``alike`` of a DuckDB connection, for the rows that no ID number identified.

    Its columns are row, person, probability (0 to 1), weight (log2 of the match's odds), agreement of the
    names (0 to 3, see :mod:`xuezheng.linkage.exact`), and contradicted (whether the birth date or sex that
    the list states contradicts the person's). It reads the tables ``listed``, ``known`` and ``by_number``.
    """
    engine.execute(
        "CREATE TABLE alike (row BIGINT, person BIGINT, probability DOUBLE, weight DOUBLE, agreement INT, contradicted BOOL)"
    )
    # What was read from a number that is somebody else's tells nothing of the row's own person.
    engine.execute(
        f"""
        CREATE TABLE rest AS
        WITH misled AS (SELECT row FROM by_number GROUP BY row HAVING bool_or(certain)),
        own AS (
          SELECT listed.* REPLACE (
            CASE WHEN misled.row IS NULL THEN birth_date ELSE told_birth_date END AS birth_date,
            CASE WHEN misled.row IS NULL THEN sex ELSE told_sex END AS sex,
            CASE WHEN misled.row IS NULL THEN compared END AS compared)
          FROM listed LEFT JOIN misled USING (row)
          WHERE row NOT IN (SELECT row FROM by_number WHERE believed) AND plain <> ''
        )
        SELECT row AS unique_id, {", ".join(_COLUMNS)}
        FROM (SELECT * REPLACE (year(birth_date) AS birth_year, strftime(birth_date, '%m%d') AS birth_day) FROM own)
        """
    )
    blocked = " UNION ".join(
        f"SELECT person FROM known k JOIN rest ON {' AND '.join(f'k.{name} = rest.{name}' for name in block)}"
        for block in _BLOCKS
    )
    engine.execute(
        f"CREATE TABLE near AS SELECT person AS unique_id, {', '.join(_COLUMNS)} FROM (SELECT *, number AS compared FROM known)"
        f" JOIN ({blocked}) USING (person)"
    )
    people, near, rest = (_count(engine, table) for table in ("known", "near", "rest"))
    if not near or not rest:
        return
    for name in ("splink", "duckdb"):
        logging.getLogger(name).setLevel(logging.ERROR)
    api = DuckDBAPI(connection=engine)
    # Splink takes the table whose name comes first as the left one.
    tables = [
        api.register("rest", dataset_display_name="a_list"),
        api.register("near", dataset_display_name="b_people"),
    ]
    linker = Linker(tables, _settings(people), log_level=logging.ERROR, validate_settings=False)
    for name, column in _COMMON.items():
        # How common something is, is computed from everybody, not only by those who were looked at. What only one has, may be as
        # rare as it likes: in a small register that one must not pass for many.
        usual = weights()[name]["same"]["u"]
        engine.execute(
            f"CREATE TABLE common_{column} AS SELECT {column},"
            f" CASE count(*) WHEN 1 THEN least(1 / {people}::DOUBLE, {usual}) ELSE count(*) / {people}::DOUBLE END AS tf_{column}"
            f" FROM known WHERE {column} IN (SELECT {column} FROM near) GROUP BY {column}"
        )
        linker.table_management.register_term_frequency_lookup(api.register(f"common_{column}"), column)
    pairs = linker.inference.predict(threshold_match_probability=LOWER)
    engine.execute(
        "INSERT INTO alike SELECT unique_id_l, unique_id_r, match_probability, match_weight,"
        " agreement(rest.plain, rest.sound, near.plain, near.sound),"
        f" coalesce(NOT ({_SAME_DAY}), false) OR coalesce(listed.told_sex <> near.sex, false)"
        f" FROM {pairs.physical_name} JOIN rest ON rest.unique_id = unique_id_l JOIN near ON near.unique_id = unique_id_r JOIN listed ON listed.row = unique_id_l"
    )


def _settings(people: int) -> SettingsCreator:
    return SettingsCreator(
        link_type="link_only",
        comparisons=[_comparison(name, levels) for name, levels in weights().items()],
        blocking_rules_to_generate_predictions=[block_on(*block) for block in _BLOCKS],
        probability_two_random_records_match=_SHARE_ENROLLED / people,
        retain_matching_columns=False,
        linker_uid="xuezheng",
    )


def _comparison(name: str, levels: dict[str, dict[str, Any]]) -> CustomComparison:
    conditions = _CONDITIONS[name]
    made: list[Any] = [CustomLevel(conditions["null"]).configure(is_null_level=True)]
    for level, probabilities in levels.items():
        comparison_level = CustomLevel(conditions[level]) if level in conditions else ElseLevel()
        further: dict[str, Any] = (
            {
                "tf_adjustment_column": _COMMON[name],
                "disable_tf_exact_match_detection": True,
                "tf_minimum_u_value": _RAREST,
            }
            if level == "same" and name in _COMMON
            else {}
        )
        made.append(
            comparison_level.configure(
                m_probability=probabilities["m"], u_probability=probabilities["u"], **further
            )
        )
    return CustomComparison(made, output_column_name=name)


def _count(engine: duckdb.DuckDBPyConnection, table: str) -> int:
    row = engine.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0
