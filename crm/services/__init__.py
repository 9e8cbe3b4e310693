"""Verbs: functions that take a Session and return frozen dataclasses, never live ORM objects."""
