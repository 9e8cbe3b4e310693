"""Tools of the project itself: preparing a machine, catalogues, pictures."""
