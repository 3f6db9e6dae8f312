"""Procedures of balanced education: verdict, gaps, least-cost plans, outlook, and form files."""
