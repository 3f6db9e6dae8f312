"""The registers: schools, classes, people, terms, and the permissions on their rows. Only this package writes registers."""
