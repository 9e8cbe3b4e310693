"""What was pasted as a source of people: a range of a spreadsheet, or free lines."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from crm import i18n
from crm.clock import Clock
from crm.importing import free_lines, reading
from crm.importing.errors import TooLarge
from crm.importing.rows import Source

KIND: Final = "clipboard"


def is_range(words: str) -> bool:
    """Cells of a spreadsheet come parted by tabs."""
    return "\t" in words


def source_of(words: str, clock: Clock) -> Source:
    """The people of a pasted text, walked once. Raises FileUnreadable where it is too long or no list."""
    name = i18n.text("clipboard")
    digest = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()
    if is_range(words):
        stream = reading.open_pasted(words, name, None, clock)
        return Source(name, KIND, stream.encoding, digest, stream.entries, stream.mapping)
    if len(words.encode("utf-8", "replace")) > reading.PASTED:
        raise TooLarge(file=name, limit=i18n.text("{count} MB", count=reading.PASTED // 1_048_576))
    return Source(name, KIND, "utf-8", digest, free_lines.entries(words))


def companions_of(words: str) -> Mapping[int, int]:
    """How many unnamed companions each line tells of, by the line's number; a range tells of none."""
    if is_range(words):
        return {}
    told = ((number, free_lines.guests_of(line)) for number, line in enumerate(words.splitlines(), 1))
    return {number: count for number, count in told if count}
