"""Workbooks of other layouts: tables that were not made with a template, such as exports of other systems.

It finds the tables on a sheet, what their columns mean, and a mapping of these to the columns of a template,
by which the rows are converted.
"""
