"""Access control and the access log."""
