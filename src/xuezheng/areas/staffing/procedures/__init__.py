"""The procedures of the section: the rotation of heads and teachers, from who is due to the letters."""
