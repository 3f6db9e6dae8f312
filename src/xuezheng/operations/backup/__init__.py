"""Backups, and what else handles the rows of all tables: restoring, and moving to another database."""
