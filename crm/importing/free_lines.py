"""Lines as people write them in chats and notes: «1. Иван Петров @ivan +1, 8 900 …», each a person; none is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from crm.contact_points import guessed_kind
from crm.importing import limits
from crm.importing.rows import ROW, Entry, ImportedContact, ImportedPerson, Place, Reject
from crm.text import clean

_NUMBERED: Final = re.compile(r"(?:\(?\d{1,4}\s?[.)](?!\d)|[-–—•*·▪◦☐✓✔]+(?=\s))\s*")
_CONTACT: Final = re.compile(
    r"(?P<link>(?:https?://|(?:www\.)?(?:t\.me|vk\.com|wa\.me)/)[^\s,;<>]+)"
    r"|(?P<email>[^\s,;<>()@:]+@[^\s,;<>()@]+\.[^\s,;<>()@]+)"
    r"|(?P<handle>(?<!\w)@[A-Za-z]\w{3,31})"
    r"|(?P<phone>(?<![\w+])(?!\+\d\s+(?:\+?7|8)(?:[\s()\-]{0,2}\d){10}(?!\d))\+?\d(?:[\s().\-‐‑–]{0,3}\d){9,14}(?!\w))",
    re.ASCII,
)
_GUESTS: Final = re.compile(r"(?:^|(?<=\s))\+\s?(\d{1,2})(?=$|[\s,;])")
_PARTED: Final = re.compile(r"\s+([-–—])\s+|[,;|\t\n]")
_CUT: Final = "\n"
"""Stands where a contact was taken out; a cleaned line has none."""


def guests_of(line: str) -> int:
    """How many unnamed companions a line tells of: «+1»."""
    found = _GUESTS.search(_CONTACT.sub(_CUT, clean(line)))
    return int(found[1]) if found else 0


def entries(words: str) -> Iterator[Entry]:
    """A person or a reject for every line that holds anything, with the line's number."""
    for number, line in enumerate(words.splitlines(), 1):
        cleaned = clean(line)
        if cleaned:
            yield read_line(cleaned, Place(ROW, number, number))


def read_line(line: str, place: Place) -> Entry:
    """The person of one cleaned line: a name first, its organisation after a dash, contacts anywhere.

    What is neither stays in the note as it was written.
    """
    if len(line) > limits.NOTE:
        return Reject(place, "too_long", (("field", line[:40]), ("limit", str(limits.NOTE))))
    contacts: list[ImportedContact] = []

    def take(found: re.Match[str]) -> str:
        raw = found[0]
        kind = "email" if found["email"] else guessed_kind(raw)
        if kind == "other":
            return raw
        contacts.append(ImportedContact(kind, raw))
        return _CUT

    rest = _CONTACT.sub(take, _NUMBERED.sub("", line, count=1) if _NUMBERED.match(line) else line)
    guests = [found[0].strip() for found in _GUESTS.finditer(rest)]
    name, organisation, notes = _parts(_GUESTS.sub(_CUT, rest))
    if not name and not contacts:
        return Reject(place, "no_name_or_contact", cells=(line,))
    return ImportedPerson(
        place=place,
        full_name=name,
        organisation=organisation,
        note="\n".join((*notes, *guests)),
        contacts=tuple(dict.fromkeys(contacts)),
    )


def _parts(rest: str) -> tuple[str, str, list[str]]:
    """The name, the organisation and what else there is, of a line without its contacts."""
    name = organisation = ""
    notes: list[str] = []
    sign = ""
    start = 0
    for found in (*_PARTED.finditer(rest), None):
        piece = rest[start : found.start() if found else len(rest)].strip()
        if piece:
            if not name and any(map(str.isalpha, piece)):
                name = piece
            elif sign and name and not organisation and not notes and any(map(str.isalnum, piece)):
                organisation = piece
            elif any(map(str.isalnum, piece)):
                notes.append(piece)
        if found:
            sign, start = found[1] or "", found.end()
    return name, organisation, notes
