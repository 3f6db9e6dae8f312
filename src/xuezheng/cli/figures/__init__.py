"""The commands that ask for numbers."""
