"""Pages for the staff of bureau and schools: they show what other stages worked out."""
