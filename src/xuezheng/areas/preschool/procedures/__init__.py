"""Judges the county's preschool education, and writes the form of the self-evaluation."""
