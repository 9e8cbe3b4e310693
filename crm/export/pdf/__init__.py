"""Pages for paper: contents as plain values in, one whole PDF out."""
