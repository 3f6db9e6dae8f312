"""The commands that write and check reports."""
