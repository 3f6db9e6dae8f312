"""The checks of numbers in sentences: sums, shares, changes, averages, and headlines with the lists below them."""
