"""The answers of figures as pages show them: the addresses of their pages, charts, tables of rows, and cards."""
