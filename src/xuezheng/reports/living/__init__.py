"""Work on written reports: refreshing, verifying and adopting them, and matching their numbers to figures."""
