"""The colour of a tag: stable, so that «спикер» looks the same in every store."""

from __future__ import annotations

import hashlib
from typing import Final

COLOURS: Final = ("blue", "teal", "green", "amber", "red", "plum", "grey")


def colour_of(folded: str) -> str:
    """One of `COLOURS`, by the folded name of the tag."""
    return COLOURS[hashlib.sha256(folded.encode()).digest()[0] % len(COLOURS)]
