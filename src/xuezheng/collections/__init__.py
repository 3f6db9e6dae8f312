"""Collections: requests of a section to schools, as workbooks that come back as imports."""
