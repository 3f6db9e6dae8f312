"""The list of any register: its columns, what it is held to, what of it is selected, and what is done with that."""
