"""One folder for each section of the bureau; each imports the engine, never another area."""
