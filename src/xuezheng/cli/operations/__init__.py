"""The commands for operating the system."""
