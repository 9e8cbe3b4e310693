"""The page of the history: every deed, what it changed, and its undo."""
