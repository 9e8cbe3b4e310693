"""The check-in desk: one full screen, by keys alone."""
