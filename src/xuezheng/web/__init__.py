"""The web pages for the staff of the bureau and of the schools; they show the results of the other packages."""
