"""A pasted text: a range of a spreadsheet, cards, or lines of a list. It is read whole, in process: it is small."""

from __future__ import annotations

import hashlib

from crm import i18n
from crm.clock import Clock
from crm.importing import reading
from crm.importing.errors import NotContactsFile
from crm.importing.free_lines import FreeLine, is_table, read_lines
from crm.importing.rows import Entry, PastedList


def read_pasted(words: str, clock: Clock) -> PastedList:
    """Every row of it; raises FileUnreadable, as `TooLarge` over `reading.PASTED` bytes."""
    name = i18n.text("Pasted list")
    sha256 = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()
    table = is_table(words)
    if table or len(words) * 4 > reading.PASTED:
        # What is too large is refused there, lines as well as tables.
        try:
            stream = reading.open_pasted(words, name, None, clock)
            if table:
                return PastedList(name, sha256, tuple(stream.entries), table=True)
        except NotContactsFile:
            pass
    entries: list[Entry] = []
    guests: dict[str, int] = {}
    lines: dict[str, str] = {}
    for one in read_lines(words):
        if isinstance(one, FreeLine):
            where = one.person.place.key()
            lines[where] = one.line
            if one.guests:
                guests[where] = one.guests
            entries.append(one.person)
        else:
            entries.append(one)
    return PastedList(name, sha256, tuple(entries), guests, lines)
