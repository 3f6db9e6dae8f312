"""The procedures of the aid office: each step is a transaction that records who took it and when."""
