"""Bytes in, rows and named rejects out. Knows files, not the store: it sees the cellar only."""
