"""The registers: schools, classes, people, terms, and who may see what. The only place that is written."""
