"""Rows in, one whole file out."""
