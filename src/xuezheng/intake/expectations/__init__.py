"""Expectations of numbers, and the explanations required before an import with deviating numbers is kept."""
