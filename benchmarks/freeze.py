"""Freezing a district of so many awards: reading, rules, writing and hashing of every register."""

import duckdb

from benchmarks import registers
from benchmarks.child import Clock
from xuezheng.snapshots import freeze as freeze_registers


def from_sqlite(clock: Clock) -> str:
    """Xuezheng, from SQLite.

    All registers, among them one person for five awards; rows a second count awards alone.
    """
    with clock():
        snapshot = freeze_registers(registers.FROZEN_ON)
    files = (snapshot.folder / snapshot.manifest["tables"][name]["file"] for name in ("aid_award", "person"))
    return str(
        [duckdb.sql(f"SELECT count(*), bit_xor(hash(t)) FROM '{file}' AS t").fetchone() for file in files]
    )


def from_postgresql(clock: Clock) -> str:
    """Xuezheng, from PostgreSQL.

    The same; the rows of both snapshots are compared. Memory is that of Xuezheng's process, without the server.
    """
    return from_sqlite(clock)
