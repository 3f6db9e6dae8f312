"""The pages by which users log in and look after their own accounts."""
