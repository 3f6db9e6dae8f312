"""The web pages for the staff of the bureau and the schools: they show the results of the other packages."""
