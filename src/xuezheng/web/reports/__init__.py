"""The pages of reports, their releases and their checks."""
