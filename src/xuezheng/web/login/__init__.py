"""The pages on which users log in and manage their own accounts."""
