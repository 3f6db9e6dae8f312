"""Snapshots (快照): all registers with rule columns as Parquet files and a manifest.

They are immutable and hashed, and contain no personal data.
"""

from xuezheng.snapshots.freeze import FreezeRefused, freeze, live
from xuezheng.snapshots.snapshot import Snapshot, SnapshotError

__all__ = ["FreezeRefused", "Snapshot", "SnapshotError", "freeze", "live"]
