"""Backups, and other operations on all records: restoring, and moving to another database."""
