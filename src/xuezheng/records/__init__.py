"""The registers (台账): schools, classes, persons, terms, and the permissions on their rows.

Only this package writes registers.
"""
