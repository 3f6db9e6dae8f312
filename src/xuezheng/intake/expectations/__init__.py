"""What a number is expected to be near, and what has to be explained before an import that is not near it is kept."""
