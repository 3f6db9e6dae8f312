"""What the aid office does step by step: each step a transaction that says who took it and when."""
