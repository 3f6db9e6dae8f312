"""The Word file of a report: the layout of official documents, marked numbers, and charts."""
