"""Settings of the window and of the community."""
