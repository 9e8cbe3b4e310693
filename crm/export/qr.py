"""A person as a QR code that a phone makes into a contact: a small vCard 3.0 in the densest code that holds it.

A camera in a poor light reads a code of few, large squares best, so what is seldom needed stays off the card.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC
from typing import Final

from crm.clock import Clock
from crm.export.vcard import CardChoice, vcard
from crm.services.cards import PersonCard

MOST_BYTES: Final = 500
"""Larger cards make codes that a phone reads only from paper; ISO 18004 would allow 2,953."""
_STEPS: Final = (
    frozenset(("phones", "emails", "handles", "sites", "work", "birthday")),
    frozenset(("phones", "emails", "handles", "work")),
    frozenset(("phones", "emails", "work")),
    frozenset(("phones", "emails")),
    frozenset(("phones",)),
)
_FEWEST: Final = 1
_UNREAD: Final = ("PRODID:", "REV:", "UID:", "X-KRUG-")
"""Lines that no camera shows anybody."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code as rows of squares, dark ones True, without the quiet zone of four around it; and what is left off."""

    rows: tuple[tuple[bool, ...], ...]
    whole: bool
    """Whether every contact of the person is on it."""


def code_of(person: PersonCard, clock: Clock) -> Code:
    """The code of a person's contacts, name and work; of many contacts as many as it holds, the first ones first."""
    import segno

    revised = clock().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    bare = replace(person, photo=None, note="", tags=(), addresses=(), city="", extra=(), custom=())
    content = _card(bare, _STEPS[0], revised)
    whole = len(content) <= MOST_BYTES
    for parts in _STEPS[1:]:
        if len(content) <= MOST_BYTES:
            break
        content = _card(bare, parts, revised)
    while len(content) > MOST_BYTES and len(bare.contacts) > _FEWEST:
        bare = replace(bare, contacts=bare.contacts[:-1])
        content = _card(bare, _STEPS[-1] if bare.first("phone") else _STEPS[0], revised)
    matrix = segno.make_qr(content.decode("utf-8"), error="l", encoding="utf-8").matrix
    return Code(tuple(tuple(bool(square) for square in row) for row in matrix), whole)


def _card(person: PersonCard, parts: frozenset[str], revised: str) -> bytes:
    lines = vcard(person, "3.0", revised, CardChoice(parts)).replace(b"\r\n ", b"").decode("utf-8").split("\r\n")
    return "\r\n".join(line for line in lines if not line.startswith(_UNREAD)).encode("utf-8")
