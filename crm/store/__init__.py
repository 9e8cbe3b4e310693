"""The one file: driver, migrations, deeds and undo, search index, health."""
