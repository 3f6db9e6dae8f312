"""The commands that bring records in, out and to a snapshot."""
