"""Modules shared by pages of every kind: forms, navigation, uploads and downloads, the display of values."""
