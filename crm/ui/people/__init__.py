"""People: the list, the profile beside it, and the dialogs that change it."""
