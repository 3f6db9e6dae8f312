"""The commands that import records, undo imports, and freeze snapshots."""
