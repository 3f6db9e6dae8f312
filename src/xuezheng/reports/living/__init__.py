"""Work on Word reports that exist already, whose numbers are linked to figures or are to be.

A *mark* is a bookmark around a number of a Word file, with a record of the figure whose value it is.
Refreshing replaces the marked numbers, verifying compares them with the registers, and adopting puts marks
around the numbers of a report written elsewhere, which are matched to figures by the words around them.
"""
