"""What is shown in place of a community whose file does not open: what happened, what is safe, what to choose."""
