"""The pages on which outside lists are reconciled."""
