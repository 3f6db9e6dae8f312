"""Finds the person of a row by the ID number as written in the list, corrected where it was miswritten.

Each step has a name, and a least agreement of the two names for its result to be accepted. An intact number
with a different name is a conflict, not a match. Each step is one join over all rows.

One wrong digit is corrected without a comparison with everybody: the check digit detects every single wrong
digit and every swap of neighbours (MOD 11-2, GB 11643-1999). So only a number whose check digit is wrong can
have one, and at each place at most one other digit corrects it: some thirty numbers to look up.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from xuezheng.records.identifiers import ID_CHECKS, ID_WEIGHTS

# How far two names agree, by the macro ``agreement``.
SAME, SOUND, ONE_SIGN, NOT = 3, 2, 1, 0
_ALL_SIGNS = 18


@dataclass(frozen=True)
class Step:
    """One way to recover the ID number that a list means from the number as written, such as by exchanging two digits.

    ``reason`` is the value of :class:`xuezheng.linkage.models.Reason` for its matches. ``certain`` says that
    the number is intact as written: a person with that number and a different name is then a conflict, while
    a corrected number with a different name means nothing. ``least`` is how far the two names must agree for
    a match to be accepted (from ``NOT`` to ``SAME``). ``strength`` is the share (0 to 1) of its matches
    assumed to be right. ``sought`` is an SQL query on the table ``written`` (row, as_written, tidy) that
    yields the numbers to look up as (row, number); if ``signs`` is below 18, they have only that many
    characters and are compared with the beginnings of known numbers.
    """

    reason: str
    certain: bool
    least: int
    strength: float
    sought: str
    signs: int = _ALL_SIGNS


_FULL = "regexp_full_match(tidy, '[0-9]{17}[0-9X]')"
# A number that ends in 000 most likely lost its last digits, see below.
_WRONG = f"{_FULL} AND check_sign(tidy) <> tidy[18] AND NOT ends_with(tidy, '000')"
# Excel keeps 15 digits of a number: the last three become 0, or the whole is written 3.41004201003011E+17.
_KEPT = (
    "CASE WHEN regexp_full_match(tidy, '[0-9]{15}000') THEN tidy[:15]"
    " WHEN regexp_full_match(tidy, '[0-9]\\.[0-9]{11,14}E\\+?17') THEN"
    " rpad(tidy[1] || regexp_extract(tidy, '\\.([0-9]+)E', 1), 15, '0') END"
)
STEPS = (
    Step("number", True, ONE_SIGN, 0.9999, f"SELECT row, tidy FROM written WHERE {_FULL} AND tidy = as_written"),
    Step("tidied", True, ONE_SIGN, 0.9999, f"SELECT row, tidy FROM written WHERE {_FULL} AND tidy <> as_written"),
    # The old form left the century out; those born from 2000 on never had one, but some systems cut theirs likewise.
    Step(
        "old_number", True, ONE_SIGN, 0.999,
        "SELECT row, first17 || check_sign(first17) FROM (SELECT row, tidy[:6] || century || tidy[7:] AS first17"
        " FROM written, (VALUES ('19'), ('20')) AS centuries(century) WHERE regexp_full_match(tidy, '[0-9]{15}'))",
    ),
    Step(
        "one_digit", False, SOUND, 0.998,
        f"WITH wrong AS (SELECT row, tidy, weighed(tidy) AS total, instr('{ID_CHECKS}', tidy[18]) - 1 AS wanted"
        f"  FROM written WHERE {_WRONG}),"
        f" places AS (SELECT *, unnest({list(ID_WEIGHTS)}) AS weight, unnest(range(1, 18)) AS place FROM wrong),"
        " tried AS (SELECT *, tidy[place]::INT AS digit, unnest(range(10)) AS other FROM places)"
        # Signs are weighed by remainders of 11; 990 keeps them from being negative.
        " SELECT row, tidy[:place - 1] || other || tidy[place + 1:] FROM tried"
        "  WHERE (total + weight * (other - digit) + 990) % 11 = wanted"
        "  UNION ALL SELECT row, tidy[:17] || check_sign(tidy) FROM wrong",
    ),
    Step(
        "swapped", False, SOUND, 0.998,
        "WITH places AS (SELECT row, tidy, unnest(range(1, 18)) AS place FROM written WHERE " + _WRONG + "),"
        " tried AS (SELECT row, tidy[:place - 1] || tidy[place + 1] || tidy[place] || tidy[place + 2:] AS number"
        "  FROM places WHERE tidy[place] <> tidy[place + 1])"
        " SELECT row, number FROM tried",
    ),
    # 2013 written 1913, or 1998 written 2098: two digits, with the check digit of the right number.
    Step(
        "wrong_century", False, SOUND, 0.999,
        "SELECT row, number FROM (SELECT row, tidy[:6] || CASE tidy[7:8] WHEN '19' THEN '20' ELSE '19' END || tidy[9:] AS number"
        f" FROM written WHERE {_WRONG} AND tidy[7:8] IN ('19', '20')) WHERE check_sign(number) = number[18]",
    ),
    Step("lost_digits", False, SOUND, 0.99, f"SELECT row, {_KEPT} FROM written", signs=15),
)  # fmt: skip


# A number is the child's own only if nothing else that the row tells speaks against it. A brother's number comes with a brother's
# name, which often differs by one sign only: then the row's own birth date must be the person's, and nobody else may bear the
# row's name. A birth date that was read from the number is no evidence beside the number.
_SUPPORTED = f"""
  CASE
    WHEN agreement(l.plain, l.sound, k.plain, k.sound) = {SAME} THEN contradictions(l, k) < 2
      AND NOT (l.told_birth_date IS DISTINCT FROM k.birth_date AND EXISTS (
        FROM known b WHERE b.plain = l.plain AND b.person <> k.person AND b.birth_date = l.told_birth_date))
    ELSE contradictions(l, k) = 0
      AND NOT EXISTS (FROM known b WHERE b.plain = l.plain AND b.person <> k.person)
      AND (agreement(l.plain, l.sound, k.plain, k.sound) > {ONE_SIGN} OR shortened(l.plain, k.plain)
        OR coalesce(l.told_birth_date = k.birth_date, false))
  END"""
# 小伟 for 王建伟: the given name's last sign without the surname. Of twins one may not be told from the other so.
_NICKNAMED = """
  length(l.plain) = 2 AND l.plain[2] = k.plain[-1] AND l.plain[1] <> k.plain[1]
  AND contradictions(l, k) = 0 AND coalesce(l.told_birth_date = k.birth_date AND l.school IS NOT NULL, false)
  AND NOT EXISTS (FROM known b WHERE b.birth_date = k.birth_date AND b.first = k.first AND b.person <> k.person)"""


def find_by_number(engine: duckdb.DuckDBPyConnection) -> None:
    """Create and fill the table ``by_number`` from the tables ``listed`` and ``known`` of a DuckDB connection.

    It has the persons whose ID number a row gives: row, person, and reason, certain and strength of the
    :class:`Step` that found the person; ``agreement`` says how far the names agree. ``believed`` marks the
    match to accept: a row has at most one; the other entries need a user's decision.
    """
    engine.execute(
        "CREATE TABLE by_number (row BIGINT, person BIGINT, reason VARCHAR, certain BOOL, agreement INT, strength DOUBLE, believed BOOL)"
    )
    for step in STEPS:
        number = "k.number" if step.signs == _ALL_SIGNS else f"k.number[:{step.signs}]"
        engine.execute(
            f"""
            INSERT INTO by_number
            WITH written AS (
              SELECT row, as_written, tidy FROM listed
              WHERE tidy <> '' AND row NOT IN (SELECT row FROM by_number WHERE believed)
            ), sought(row, number) AS ({step.sought}),
            named AS (SELECT DISTINCT sought.row, sought.number AS sought, listed.* EXCLUDE (row) FROM sought JOIN listed USING (row)),
            found AS (
              SELECT DISTINCT l.row, person, agreement(l.plain, l.sound, k.plain, k.sound) AS agreement,
                {_SUPPORTED} AND (agreement(l.plain, l.sound, k.plain, k.sound) >= $least OR ($certain AND {_NICKNAMED})) AS fits
              FROM named l JOIN known k ON {number} = l.sought
            )
            SELECT row, person, $reason, $certain, agreement, $strength,
              fits AND count(*) FILTER (fits) OVER best = 1 AS believed
            FROM found
            WHERE agreement > 0 OR $certain
            WINDOW best AS (PARTITION BY row, agreement)
            QUALIFY agreement = max(agreement) OVER (PARTITION BY row)
            """,
            {"reason": step.reason, "strength": step.strength, "least": step.least, "certain": step.certain},
        )


def make_macros(engine: duckdb.DuckDBPyConnection) -> None:
    """Define in a DuckDB connection the SQL macros by which ID numbers, names and schools are compared.

    :func:`find_by_number` and :func:`~xuezheng.linkage.similar.find_similar` need them.
    """
    engine.execute("CREATE MACRO same_school(a, b) AS contains(a, b) OR contains(b, a)")
    # What is no digit weighs nothing: a number cut short may have its X at another place.
    weighed = " + ".join(
        f"try_cast(n[{place}] AS INT) * {weight}" for place, weight in enumerate(ID_WEIGHTS, 1)
    )
    engine.execute(f"CREATE MACRO weighed(n) AS {weighed}")
    engine.execute(f"CREATE MACRO check_sign(n) AS substr('{ID_CHECKS}', weighed(n) % 11 + 1, 1)")
    # DuckDB's own distances count bytes, of which a Chinese sign has three.
    engine.execute(
        """
        CREATE MACRO signs_wrong(a, b) AS CASE WHEN length(a) = length(b) THEN
          list_sum(list_transform(range(1, length(a) + 1), lambda place: (a[place] <> b[place])::INT)) END
        """
    )
    engine.execute(
        """
        CREATE MACRO shortened(a, b) AS least(length(a), length(b)) >= 4 AND (starts_with(a, b) OR starts_with(b, a))
        """
    )
    engine.execute(
        """
        CREATE MACRO contradictions(l, k) AS
          coalesce((l.told_birth_date <> k.birth_date)::INT, 0)
          + coalesce((l.told_sex <> k.sex)::INT, 0)
          + coalesce((NOT same_school(l.school, k.school))::INT, 0)
        """
    )
    engine.execute(
        f"""
        CREATE MACRO agreement(plain_l, sound_l, plain_r, sound_r) AS CASE
          WHEN plain_l = plain_r THEN {SAME}
          WHEN sound_l = sound_r THEN {SOUND}
          WHEN length(plain_l) >= 3 AND signs_wrong(plain_l, plain_r) = 1 THEN {ONE_SIGN}
          WHEN shortened(plain_l, plain_r) THEN {ONE_SIGN}
          ELSE {NOT} END
        """
    )
