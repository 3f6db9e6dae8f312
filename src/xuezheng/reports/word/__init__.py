"""The Word file of a report: layout of official documents, marked numbers, charts."""
