"""The pages of figures and of policies that are tried out."""
