"""The procedures of the aid office: each step is a transaction that records its user and time."""
