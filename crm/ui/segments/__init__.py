"""Segments: the list, the rule builder, who is inside."""
