"""The list of any register: its columns, its filters, and the look-up of pasted lines."""
