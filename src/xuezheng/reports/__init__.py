"""Reports: prose whose every number is a figure, composed to Word in the layout of official documents."""
