"""The areas: a package for each field of the bureau's work; each imports the engine, never another area."""
