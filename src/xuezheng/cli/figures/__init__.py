"""The commands that print figures and the plan."""
