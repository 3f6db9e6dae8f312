"""The list of any register: its columns, its conditions, and the look-up of pasted lines."""
