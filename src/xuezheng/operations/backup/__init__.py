"""Backups, and whatever else moves all records at once: restoring, and moving to another database."""
