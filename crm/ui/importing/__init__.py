"""Import: files in, and a page that accounts for every row."""
