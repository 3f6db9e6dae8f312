"""Frozen registers: records and rules as Parquet files with a manifest; immutable, hashed, without personal data."""

from xuezheng.snapshots.freeze import FreezeRefused, freeze, live
from xuezheng.snapshots.snapshot import Snapshot, SnapshotError

__all__ = ["FreezeRefused", "Snapshot", "SnapshotError", "freeze", "live"]
