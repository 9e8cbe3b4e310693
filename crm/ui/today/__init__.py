"""Today: what needs the manager this morning."""
