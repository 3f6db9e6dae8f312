"""What the section computes: the verdict, the gap, the least-cost plan, the coming years, and the files of the national form."""
