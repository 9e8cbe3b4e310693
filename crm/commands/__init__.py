"""The command line, a room for each area: front doors over the same services the window uses."""
