"""Answers of figures as pages show them: addresses, charts, rows, cards."""
