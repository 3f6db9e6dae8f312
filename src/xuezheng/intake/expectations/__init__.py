"""Numbers that deviate from what is expected, and the explanations required before such numbers are imported."""
