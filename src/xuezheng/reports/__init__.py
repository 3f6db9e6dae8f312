"""Reports: Word documents in the layout of official documents (公文) in which every number is the value of a figure."""
