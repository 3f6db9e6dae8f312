"""What a figure computes from a frozen table, and how many questions are answered at once and stored."""
