"""Alembic's folder: one revision per schema version."""
