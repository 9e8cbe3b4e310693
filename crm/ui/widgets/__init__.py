"""The kit: every control and painted part that pages are made of. Each takes the theme first; labels are plain text."""
