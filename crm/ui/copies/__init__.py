"""Copies of the store: the list, the second place, the way back."""
