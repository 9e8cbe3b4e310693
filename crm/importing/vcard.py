"""vCard 2.1, 3.0 and 4.0 from bytes: each card becomes a person or a named reject (interop §3, all eleven rules)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from crm.importing import charsets, limits
from crm.importing import content_lines as lines
from crm.importing.card import Card
from crm.importing.content_lines import Decoder, RawCard
from crm.importing.rows import CARD, Entry, Place, Reject
from crm.text import clean


@dataclass(frozen=True, slots=True)
class CardFile:
    """A file of cards made ready: line ends evened, UTF-16 undone, the charset of its odd bytes guessed once."""

    data: bytes
    encoding: str
    guessed: bool
    fallback: str


def opened(data: bytes, named: str = "") -> CardFile:
    """Look at the bytes of a whole file; `named` is the charset a person chose for bytes that name none."""
    data, proven = charsets.unwide(data)
    data = lines.even_lines(data)
    if named:
        return CardFile(data, named, guessed=False, fallback=charsets.known(named) or "utf-8")
    sample = _odd_bytes(data)
    if not sample:
        declared = _DECLARED.search(data) if not data.isascii() and not _is_utf8(data) else None
        encoding = declared[1].decode("ascii").lower() if declared else proven or "utf-8"
        return CardFile(data, encoding, guessed=False, fallback="utf-8")
    try:
        fallback = charsets.guess(sample)
    except charsets.Undecodable:
        fallback = "windows-1252"
    return CardFile(data, fallback, guessed=True, fallback=fallback)


_DECLARED: Final = re.compile(rb";CHARSET=([A-Za-z0-9_-]{1,40})[;:]", re.IGNORECASE)


def _odd_bytes(data: bytes) -> bytes:
    """Values that name no charset and are not UTF-8: what the guess has to go by."""
    quoted = b"QUOTED-PRINTABLE" in data or b"quoted-printable" in data
    if not quoted and (data.isascii() or _is_utf8(data)):
        return b""
    odd: list[bytes] = []
    size = 0
    # Folding may cut a character in two, so it is undone before the bytes are judged; soft breaks likewise.
    for line in data.replace(b"=\n", b"").replace(b"\n ", b"").replace(b"\n\t", b"").split(b"\n"):
        head, _, value = line.partition(b":")
        upper = head.upper()
        if b"CHARSET=" in upper:
            continue
        if b"QUOTED-PRINTABLE" in upper:
            value = binascii.a2b_qp(value)
        if not value.isascii() and not _is_utf8(value):
            odd.append(value)
            size += len(value)
            if size > 65_536:
                break
    return b"\n".join(odd)


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def entries(file: CardFile, today: date, reached: Callable[[int], None]) -> Iterator[Entry]:
    """Every card of the file in its order; `reached` is told the offset of the end of each."""
    for number, raw in enumerate(lines.cards(file.data), start=1):
        place = Place(CARD, number, raw.line)
        yield _entry(raw, place, file, today)
        reached(raw.end)


def _entry(raw: RawCard, place: Place, file: CardFile, today: date) -> Entry:
    if raw.stray:
        shown = clean(raw.body[:400].decode(file.fallback, errors="replace"))[:80]
        return Reject(place, "outside_card", (("value", shown),))
    logical = lines.unfolded(raw)
    card = Card(Decoder(file.fallback), today)
    longest = max(map(len, logical))
    for line in logical:
        if not line or line.isspace():
            continue
        if longest > limits.LINE and len(line) > limits.LINE and _over_limit(line):
            return Reject(place, "line_too_long", (("limit", str(limits.LINE)),))
        card.take(line)
    return card.entry(place, raw, longest)


def _over_limit(line: str) -> bool:
    photo = line[:200].upper().rpartition(".")[2].startswith("PHOTO") or line[:200].upper().startswith("PHOTO")
    return not photo or len(line) > limits.PHOTO_LINE
